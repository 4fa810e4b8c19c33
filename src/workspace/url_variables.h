// SPDX-License-Identifier: Apache-2.0
// The variables from which Prisma, ballast and the application read the URLs of a project.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "workspace/environment.h"
#include "workspace/project.h"

namespace ballast::workspace {

// Variables whose value is the URL as a whole; without duplicates.
struct UrlVariableNames {
  std::vector<std::string> database = {"DATABASE_URL", "DIRECT_URL"};  // and those of the project
  std::vector<std::string> shadow;                                     // of shadowDatabaseUrl alone
};
UrlVariableNames UrlVariablesOf(const Project& project, const Environment& environment);

// Where the project names a URL other than `url`, although the variables have that value: it is
// written there, or computed from other variables. `environment` is what Prisma would see.
std::optional<Place> OtherUrlThan(const std::string& url, const Project& project,
                                  const Environment& environment);

}  // namespace ballast::workspace
