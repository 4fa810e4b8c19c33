// SPDX-License-Identifier: Apache-2.0
// A file for each target of a fleet: the report of its deploy.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "commands/deploy.h"

namespace ballast::commands {

class FleetReportFiles {
 public:
  // Makes the folder; an empty name: nothing will be written. B105.
  Status Open(const std::string& folder);

  // FOLDER/NAME.json, in place of an earlier one, by a rename. Bytes of the name that are not
  // letters, digits, '.', '_' or '-' are written as %XX. Several threads may call it. B105.
  Status Write(const std::string& name, const DeployReport& report,
               const std::function<std::string(const DeployReport&)>& render) const;

 private:
  std::filesystem::path folder_;
};

// The file name of a target's report, without its ending.
std::string FileNameOf(const std::string& name);

}  // namespace ballast::commands
