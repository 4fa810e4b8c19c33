// SPDX-License-Identifier: Apache-2.0
#include "lint/linted_migration.h"

#include <fmt/format.h>

#include <algorithm>

#include "lint/names_and_locks.h"
#include "sql/clauses.h"

namespace ballast::lint {
namespace {

const Relation* Find(const CatalogPointer& state, Oid relation) {
  if (!state) return nullptr;
  const auto found = state->relations.find(relation);
  return found == state->relations.end() ? nullptr : &found->second;
}

}  // namespace

const Relation* LintedMigration::RelationBefore(Oid relation) const {
  return Find(context_.initial, relation);
}

bool LintedMigration::IsInUse(Oid relation) const {
  if (!ExistedBefore(relation)) return false;
  const std::optional<LiveTable> live = LiveOf(relation);
  return !live || live->heap_bytes > 0;
}

bool LintedMigration::ColumnExistedBefore(Oid table, int number) const {
  const Relation* relation = RelationBefore(table);
  return relation != nullptr && relation->columns.contains(number);
}

const Relation* LintedMigration::RelationAt(const StatementTrace& at, Oid relation) {
  const Relation* found = Find(at.before, relation);
  return found != nullptr ? found : Find(at.after, relation);
}

std::optional<LiveTable> LintedMigration::LiveOf(Oid relation) const {
  const Relation* old = RelationBefore(relation);
  if (old == nullptr || !context_.live) return std::nullopt;
  const bool moved = old->schema == "public" && !context_.live_schema.empty();
  const auto found = context_.live->find({moved ? context_.live_schema : old->schema, old->name});
  if (found == context_.live->end()) return std::nullopt;
  return found->second;
}

std::string LintedMigration::NameWithSize(const Relation& relation, Oid oid) const {
  const std::optional<LiveTable> live = LiveOf(oid);
  return live ? fmt::format("{} ({})", NameOf(relation), DescribeSize(*live)) : NameOf(relation);
}

Severity LintedMigration::SeverityFor(Rule rule, Oid relation) const {
  constexpr double kManyRows = 1e6;
  constexpr double kFewRows = 1e4;
  constexpr int64_t kManyBytes = int64_t{1} << 30;
  constexpr int64_t kFewBytes = int64_t{16} << 20;
  const std::optional<LiveTable> live = LiveOf(relation);
  if (!live) return SeverityOf(rule);
  if (live->rows >= kManyRows || live->bytes >= kManyBytes) return Severity::kError;
  if (live->rows <= kFewRows && live->bytes <= kFewBytes) return Severity::kNotice;
  return SeverityOf(rule);
}

sql::LockMode LintedMigration::LockDuring(size_t statement, Oid relation) const {
  sql::LockMode strongest = sql::LockMode::kNone;
  for (size_t at = migration_.statements[statement].transaction; at <= statement; ++at) {
    for (const HeldLock& lock : migration_.statements[at].locks) {
      if (lock.relation == relation) strongest = std::max(strongest, lock.mode);
    }
  }
  return strongest;
}

size_t LintedMigration::FindStatement(
    const std::function<bool(const StatementTrace&)>& changed) const {
  const auto& statements = migration_.statements;
  const auto found = std::find_if(statements.begin(), statements.end(), changed);
  return static_cast<size_t>((found == statements.end() ? found - 1 : found) - statements.begin());
}

Finding LintedMigration::Start(Rule rule, size_t statement, std::string object) const {
  Finding finding;
  finding.rule = rule;
  finding.severity = SeverityOf(rule);
  finding.migration = migration_.name;
  finding.file = migration_.file;
  finding.statement = static_cast<int>(statement);
  finding.line = migration_.statements[statement].statement.line;
  finding.sql = migration_.statements[statement].statement.text;
  finding.object = std::move(object);
  return finding;
}

bool HasWhere(std::string_view statement) {
  return sql::HasWhereClause(statement);
}

bool HasUsing(std::string_view statement) {
  return sql::ConvertsWithUsing(statement);
}

}  // namespace ballast::lint
