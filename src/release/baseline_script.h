// SPDX-License-Identifier: Apache-2.0
// The baseline script of a release, release-migrations/0_baseline/migration.sql.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "release/migration.h"

namespace ballast::release {

// `body` below a head that names the covered migrations by a checksum. The checksum of the script
// is all that the migrations table keeps of a release, so two releases with different migrations
// need different scripts, even if these lead to the same objects. The names alone count, because an
// edited migration is not run again.
std::string RenderBaselineScript(const Coverage& coverage, std::string_view body);

// The script without that head; all of it if it has none, as in packages of earlier versions.
std::string BodyOfBaselineScript(std::string_view script);

// B401 if the script has a head that names other migrations.
Status BaselineScriptFits(std::string_view script, const Coverage& coverage);

}  // namespace ballast::release
