// SPDX-License-Identifier: Apache-2.0
// Changes a ballast.toml by program, and leaves the rest of its text as people wrote it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

// The text with these entries of `accepted`, in the whole file, or in [project.NAME] if a name is
// given; the table is added where it is missing. B101 when the text is not a ballast.toml.
Result<std::string> WithAccepted(const std::string& text, const std::string& file,
                                 const std::string& project,
                                 const std::vector<std::string>& accepted);

// Puts the text in the place of the file that is there, or creates it. B105.
Status StoreConfig(const std::filesystem::path& file, const std::string& text);

}  // namespace ballast::workspace
