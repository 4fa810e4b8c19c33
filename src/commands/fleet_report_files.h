// SPDX-License-Identifier: Apache-2.0
// Writes the report of each target's deploy to a file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "commands/deploy.h"

namespace ballast::commands {

class FleetReportFiles {
 public:
  // Creates the folder; with an empty name, nothing will be written. B105.
  Status Open(const std::string& folder);

  // Atomically writes FOLDER/NAME.json. Bytes of the name other than letters, digits, '.', '_' and
  // '-' are written as %XX. Thread-safe. B105.
  Status Write(const std::string& name, const DeployReport& report,
               const std::function<std::string(const DeployReport&)>& render) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace ballast::commands
