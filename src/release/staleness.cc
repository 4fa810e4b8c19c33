// SPDX-License-Identifier: Apache-2.0
#include "release/staleness.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>

#include "base/text.h"

namespace ballast::release {
namespace {

void AddClause(std::vector<std::string>& clauses, const std::vector<std::string>& names,
               std::string_view what) {
  if (names.empty()) return;
  clauses.push_back(fmt::format("{} {} {} ({})", Counted(names.size(), "migration"),
                                names.size() == 1 ? "is" : "are", what, JoinSome(names)));
}

}  // namespace

Staleness CompareWithMigrations(const Coverage& coverage,
                                const std::vector<Migration>& migrations) {
  std::map<std::string_view, std::string_view> covered;
  for (const CoveredMigration& each : coverage) covered[each.name] = each.checksum;
  Staleness staleness;
  std::set<std::string_view> on_disk;
  for (const Migration& migration : migrations) {
    on_disk.insert(migration.name);
    const auto known = covered.find(migration.name);
    if (known == covered.end()) {
      staleness.added.push_back(migration.name);
    } else if (known->second != migration.checksum &&
               (!migration.script || !ChecksumMatches(known->second, *migration.script))) {
      staleness.edited.push_back(migration.name);
    }
  }
  for (const CoveredMigration& each : coverage) {
    if (!on_disk.contains(each.name)) staleness.deleted.push_back(each.name);
  }
  return staleness;
}

Error StaleError(ErrorCode code, const std::string& what, const Staleness& staleness) {
  std::vector<std::string> clauses;
  AddClause(clauses, staleness.added, "not covered");
  AddClause(clauses, staleness.edited, "edited");
  AddClause(clauses, staleness.deleted, "deleted");
  if (staleness.schema) clauses.emplace_back("the schema was changed");
  if (staleness.config) {
    clauses.emplace_back(
        "the configuration or the schema now takes the database URL from elsewhere");
  }
  Error error =
      MakeError(code, fmt::format("{} is stale: {}", what, Join(clauses, "; ")),
                code == ErrorCode::kBaselineStale
                    ? "refresh it: ballast baseline create"
                    : "make the package of a new version: ballast release create VERSION");
  for (const auto* names : {&staleness.added, &staleness.edited, &staleness.deleted}) {
    for (const std::string& name : *names) error.details.emplace_back("migration", name);
  }
  return error;
}

}  // namespace ballast::release
