// SPDX-License-Identifier: Apache-2.0
// Edits a ballast.toml and keeps the rest of its text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

// Makes these the entries of `accepted`, at the top level or, if a name is given, in
// [project.NAME]; creates list and table if necessary, behind the other keys. Comments and the
// order of the entries stay. A project does not repeat entries of the top level. Without entries no
// list is created. B101 if the text is not a valid ballast.toml.
Result<std::string> WithAccepted(const std::string& text, const std::string& file,
                                 const std::string& project,
                                 const std::vector<std::string>& accepted);

}  // namespace ballast::workspace
