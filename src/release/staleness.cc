// SPDX-License-Identifier: Apache-2.0
#include "release/staleness.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>

#include "base/shell_word.h"
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

std::string RestoreFromGit(const std::vector<std::string>& names, const std::string& folder) {
  constexpr size_t kMostNamed = 3;
  std::string paths;
  for (const std::string& name : names) paths += " " + ShellWord(folder + "/" + name);
  if (names.size() > kMostNamed) paths = " " + ShellWord(folder);
  return fmt::format("restore {} from git: git restore{}", names.size() == 1 ? "it" : "them",
                     paths);
}

namespace {

std::string RemedyOf(ErrorCode code, const Staleness& staleness, const std::string& folder) {
  const bool is_baseline = code == ErrorCode::kBaselineStale;
  std::vector<std::string> changed = staleness.edited;
  changed.insert(changed.end(), staleness.deleted.begin(), staleness.deleted.end());
  if (!changed.empty()) {
    return RestoreFromGit(changed, folder) + "; if the change is intended: " +
           (is_baseline ? "ballast baseline create" : "ballast release create VERSION (a new one)");
  }
  return is_baseline ? "refresh it: ballast baseline create"
                     : "create the package of a new version: ballast release create VERSION";
}

}  // namespace

Error StaleError(ErrorCode code, const std::string& what, const Staleness& staleness,
                 const std::string& folder) {
  std::vector<std::string> clauses;
  AddClause(clauses, staleness.added, "not covered");
  AddClause(clauses, staleness.edited, "edited");
  AddClause(clauses, staleness.deleted, "deleted");
  if (staleness.schema) clauses.emplace_back("the schema was changed");
  if (staleness.config) {
    clauses.emplace_back(
        "the configuration or the schema now takes the database URL from elsewhere");
  }
  Error error = MakeError(code, fmt::format("{} is stale: {}", what, Join(clauses, "; ")),
                          RemedyOf(code, staleness, folder));
  for (const auto* names : {&staleness.added, &staleness.edited, &staleness.deleted}) {
    for (const std::string& name : *names) error.details.emplace_back("migration", name);
  }
  return error;
}

}  // namespace ballast::release
