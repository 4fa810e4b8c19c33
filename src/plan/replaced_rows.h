// SPDX-License-Identifier: Apache-2.0
// What the rows of the migrations table are that a plan deletes.
#pragma once

#include <string_view>

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

}  // namespace ballast::plan
