// SPDX-License-Identifier: Apache-2.0
// The environment of a command that `ballast scratch` runs.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "project/invocation.h"
#include "scratch/scratch_server.h"
#include "workspace/url_variables.h"

namespace ballast::commands {

// Notices report if the command may still reach another database.
class ScratchVariables {
 public:
  // The variables of the project, if there is one.
  explicit ScratchVariables(const project::Invocation& invocation);

  // Where the project names a shadow database by a variable, the command gets an empty one, too.
  bool NeedShadow() const { return !names_.shadow.empty(); }
  // The URL in every variable from which it may be read, BALLAST_SCRATCH_VARIABLES with these as a
  // JSON object, and PGHOST etc. for libpq and psql. `schema` can be empty, and `shadow` null.
  std::map<std::string, std::string> For(const scratch::ScratchDatabase& database,
                                         const std::string& schema,
                                         const scratch::ScratchDatabase* shadow) const;

 private:
  void ReportOtherUrl(const std::string& url,
                      const std::map<std::string, std::string>& variables) const;

  const project::Invocation& invocation_;
  std::optional<workspace::Project> project_;
  workspace::UrlVariableNames names_;
};

}  // namespace ballast::commands
