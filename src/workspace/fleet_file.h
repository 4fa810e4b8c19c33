// SPDX-License-Identifier: Apache-2.0
// The file that lists the targets of a fleet (`ballast fleet --targets FILE`; docs/fleets.md).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

// One [[target]]. At most one of `url` and `url_command` is set.
struct FleetEntry {
  std::string name;  // never empty once the file is read
  std::string url;   // a URL, or "env:VARIABLE"
  std::string url_command;
  std::string database;
  std::string schema;
  std::vector<std::string> groups;
  std::map<std::string, std::string> labels;
  int line = 0;
};

struct FleetFile {
  std::string url_template;  // for targets without a URL; empty: the project's URL
  std::vector<FleetEntry> targets;
};

// `file` is the name for errors. B101 with the line: not TOML, an unknown key, a value of the wrong
// type, a target without a name, a duplicate name.
Result<FleetFile> ParseFleetFile(std::string_view text, const std::string& file);

}  // namespace ballast::workspace
