// SPDX-License-Identifier: Apache-2.0
// The options and the report that repair and rollback share.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "change/catalog_change.h"
#include "run/recorded_run.h"

namespace ballast::change {

struct LiveChangeOptions {
  std::string strategy;  // "", "auto", "release", "development", "history"
  std::string branch;
  std::vector<std::string> trusted_keys;
  bool dry_run = false;
  bool sql = false;  // print the script; change nothing
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;

  bool OnlyShows() const { return dry_run || sql; }
};

struct ChangeReport : run::ChangingReport {
  std::string goal;  // "release v1.0.0"; run.release: its version, empty for other goals
  CatalogChange change;
  bool is_sql = false;  // whether the script was asked for
};

}  // namespace ballast::change
