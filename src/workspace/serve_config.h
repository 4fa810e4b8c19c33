// SPDX-License-Identifier: Apache-2.0
// [serve] in ballast.toml: what `ballast serve` watches and how it listens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ballast::workspace {

// [serve.database.NAME]
struct ServedDatabase {
  std::string name;
  std::string url;       // "env:VARIABLE"; not a URL, which could contain a password
  std::string project;   // a name of [project.NAME]; empty: the project of the folder
  std::string strategy;  // empty: selected as by deploy
  std::string branch;
  std::string group;  // for grouping in the dashboard
};

struct ServeConfig {
  std::string listen;                  // "127.0.0.1:7070"
  std::string store;                   // a file, or "env:VARIABLE" with a PostgreSQL URL
  std::string token;                   // "env:VARIABLE"
  std::optional<int64_t> interval_ms;  // between two observations of a database
  std::vector<std::string> allowed_hosts;
  std::vector<ServedDatabase> databases;  // by name
};

}  // namespace ballast::workspace
