// SPDX-License-Identifier: Apache-2.0
// The step of a plan that deletes rows of the migrations table.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::plan {

enum class ReplacedRows {
  kOtherStrategy,
  kOtherStates,   // of states that the database has left
  kOtherScripts,  // of hotfixes whose scripts are not those that ran
  kOlderRelease,  // the row of the release replaces them
  kSquashed,      // the row of the squash replaces them
  kUnknownBaseline,
  kDeletedMigrations,  // that the project no longer has
};

// "of the other strategy": for the description of the step, after "remove 2 rows".
std::string_view DescriptionOf(ReplacedRows rows);

// Deletes the rows of these names.
struct DeleteHistoryRows {
  std::vector<std::string> names;  // of rows that exist before the plan
  ReplacedRows which;
  std::vector<std::string> of_scripts = {};  // of scripts of the plan
  bool scripts_have_rows = false;            // which get rows (RecordIfSeveral)
  // The rows of all these names before the step, also those that were rolled back
  // (CountReplacedRows); empty: one for each of `names`, and of the scripts that have rows.
  std::optional<size_t> found = {};

  std::vector<std::string> All() const;
  size_t Count() const {
    return found.value_or(names.size() + (scripts_have_rows ? of_scripts.size() : 0));
  }
};

}  // namespace ballast::plan
