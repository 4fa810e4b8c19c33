// SPDX-License-Identifier: Apache-2.0
#include "plan/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/shell_word.h"
#include "base/text.h"
#include "plan/follow_squash.h"
#include "release/coverage.h"
#include "release/package.h"

namespace ballast::plan {
std::vector<release::Migration> PendingOf(std::span<const release::Migration> migrations,
                                          const Observation& observation) {
  const std::set<std::string_view> applied = AppliedNames(observation);
  std::vector<release::Migration> pending;
  for (const release::Migration& migration : migrations) {
    if (!applied.contains(migration.name)) pending.push_back(migration);
  }
  return pending;
}

std::vector<std::string> UnknownNames(const Observation& observation,
                                      const std::vector<release::Migration>& known,
                                      const release::Coverage& covered) {
  std::set<std::string_view> listed = release::CoveredNames(covered);
  for (const release::Migration& migration : known) listed.insert(migration.name);
  std::vector<std::string> unknown;
  for (const MigrationRow& row : observation.rows) {
    if (row.CountsAsApplied() && listed.insert(row.name).second) unknown.push_back(row.name);
  }
  return unknown;
}

std::vector<release::Migration> EditedAmong(const std::vector<release::Migration>& migrations,
                                            const Observation& observation) {
  std::map<std::string_view, std::string_view> checksums;
  for (const MigrationRow& row : observation.rows) {
    if (row.CountsAsApplied()) checksums[row.name] = row.checksum;
  }
  std::vector<release::Migration> edited;
  for (const release::Migration& migration : migrations) {
    const auto row = checksums.find(migration.name);
    if (row == checksums.end() || row->second == migration.checksum || !migration.script) continue;
    if (!release::ChecksumMatches(row->second, *migration.script)) edited.push_back(migration);
  }
  return edited;
}

std::vector<std::string> DescribeEdits(const std::vector<release::Migration>& migrations,
                                       const Observation& observation) {
  std::vector<std::string> edited = NamesOf(EditedAmong(migrations, observation));
  if (edited.empty()) return edited;
  return {fmt::format(
      "{} edited after {} applied; this database has the changes of the original script: {}",
      Counted(edited.size(), "migration") + (edited.size() == 1 ? " was" : " were"),
      edited.size() == 1 ? "it was" : "they were", JoinSome(edited))};
}

std::vector<std::string> ForeignRows(const Intent& intent, const Observation& observation) {
  if (!FailedRows(observation).empty()) return {};
  const std::set<std::string_view> applied = AppliedNames(observation);
  const bool of_release = applied.contains(release::kBaselineName);
  if (const auto* history = std::get_if<FollowHistory>(&intent)) {
    if (history->migrations.empty() || HasRowsOfSquashed(*history, observation)) return {};
    const std::string& first = history->migrations.front().name;
    const bool known = of_release ? history->release.has_value() : applied.contains(first);
    if (known || first == release::kBaselineName) return {};
    return UnknownNames(observation, history->migrations, {});
  }
  const auto& release = std::get<ApplyRelease>(intent);
  if (of_release || release.coverage.empty() || applied.contains(release.coverage.front().name)) {
    return {};
  }
  return UnknownNames(observation, release.hotfixes, release.coverage);
}

const MigrationRow* RowOfRelease(const ApplyRelease& release, const Observation& observation) {
  return AppliedRow(observation, release.baseline.name);
}

const MigrationRow* RowOfRelease(const FollowHistory& history, const Observation& observation) {
  const bool is_own = std::ranges::any_of(history.migrations, [](const auto& migration) {
    return migration.name == release::kBaselineName;
  });
  return is_own ? nullptr : AppliedRow(observation, release::kBaselineName);
}

const MigrationRow* RowOfRelease(const Intent& intent, const Observation& observation) {
  return std::visit([&](const auto& of) { return RowOfRelease(of, observation); }, intent);
}

std::vector<std::string> NamesOf(const std::vector<release::Migration>& migrations) {
  std::vector<std::string> names;
  names.reserve(migrations.size());
  for (const release::Migration& migration : migrations) names.push_back(migration.name);
  return names;
}

std::vector<std::string> NamesOf(const release::Coverage& covered) {
  std::vector<std::string> names;
  names.reserve(covered.size());
  for (const release::CoveredMigration& migration : covered) names.push_back(migration.name);
  return names;
}

Decision Refuse(Found found, Refusal refusal) {
  Decision decision;
  decision.found = found;
  decision.answer = std::move(refusal);
  return decision;
}

Refusal NotEmpty(const Observation& observation) {
  Refusal refusal{ErrorCode::kNotEmpty,
                  fmt::format("the database schema is not empty ({}) and has no rows in "
                              "_prisma_migrations",
                              Counted(static_cast<size_t>(observation.object_count), "object")),
                  observation.objects,
                  {"if this project created it: ballast deploy --adopt",
                   "if it is not needed: use an empty database, or drop the objects"}};
  return refusal;
}

std::vector<RenamedMigration> RenamedAmong(const std::vector<release::Migration>& pending,
                                           const std::vector<std::string>& unknown,
                                           const Observation& observation) {
  std::vector<RenamedMigration> renamed;
  for (const std::string& name : unknown) {
    const MigrationRow* row = AppliedRow(observation, name);
    for (const release::Migration& migration : pending) {
      if (row == nullptr || row->checksum != migration.checksum) continue;
      renamed.push_back({migration.name, name});
    }
  }
  return renamed;
}

std::vector<std::string> DescribeRenames(const std::vector<RenamedMigration>& renamed) {
  std::vector<std::string> words;
  words.reserve(renamed.size());
  for (const RenamedMigration& one : renamed) {
    words.push_back(
        fmt::format("{} has the script of {}, which is recorded as applied; if its folder was "
                    "renamed: ballast resolve --applied {}",
                    one.name, one.recorded_as, ShellWord(one.name)));
  }
  return words;
}

Refusal Ahead(const std::vector<std::string>& unknown) {
  return {ErrorCode::kAhead,
          fmt::format("the database has {} that this project does not know",
                      Counted(unknown.size(), "migration")),
          unknown,
          {"deploy the newer version, or omit --strict"}};
}

}  // namespace ballast::plan
