// SPDX-License-Identifier: Apache-2.0
#include "plan/replaced_rows.h"

namespace ballast::plan {

std::string_view DescriptionOf(ReplacedRows rows) {
  switch (rows) {
    case ReplacedRows::kOtherStrategy:
      return "of the other strategy";
    case ReplacedRows::kOtherStates:
      return "of other states";
    case ReplacedRows::kOtherScripts:
      return "of scripts that have changed since";
    case ReplacedRows::kOlderRelease:
      return "that the row of this release replaces";
    case ReplacedRows::kSquashed:
      return "of replaced migrations";
    case ReplacedRows::kUnknownBaseline:
      return "of a baseline that is not known";
    case ReplacedRows::kDeletedMigrations:
      return "of migrations that the project has deleted";
  }
  return "";
}

std::vector<std::string> DeleteHistoryRows::All() const {
  std::vector<std::string> all = names;
  all.insert(all.end(), of_scripts.begin(), of_scripts.end());
  return all;
}

}  // namespace ballast::plan
