// SPDX-License-Identifier: Apache-2.0
#include "lint/written_tables.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "sql/clauses.h"

namespace ballast::lint {
namespace {

bool Has(const std::vector<Oid>& tables, Oid table) {
  return std::ranges::find(tables, table) != tables.end();
}

using Tables = std::vector<std::pair<Oid, const Relation*>>;

Tables LockedForWrites(const StatementTrace& trace) {
  Tables tables;
  for (const HeldLock& lock : trace.locks) {
    const auto relation = trace.before->relations.find(lock.relation);
    if (lock.mode != sql::LockMode::kRowExclusive) continue;
    if (relation == trace.before->relations.end() || !relation->second.IsTable()) continue;
    tables.emplace_back(lock.relation, &relation->second);
  }
  return tables;
}

}  // namespace

std::vector<Oid> WrittenTables(const StatementTrace& trace) {
  const Tables tables = LockedForWrites(trace);
  std::vector<Oid> locked;
  for (const auto& [oid, relation] : tables) locked.push_back(oid);
  std::vector<Oid> written;
  for (const auto& [oid, relation] : tables) {
    const bool is_child = Has(locked, relation->partition_of) ||
                          std::ranges::any_of(relation->inherits_from,
                                              [&](Oid parent) { return Has(locked, parent); });
    const bool named = relation->name == trace.statement.object.name;
    if ((is_child && !named) || (!written.empty() && !named)) continue;
    written = {oid};
    if (named) break;
  }
  for (size_t next = 0; next < written.size(); ++next) {
    for (const auto& [oid, relation] : tables) {
      if (Has(relation->inherits_from, written[next]) && !Has(written, oid)) written.push_back(oid);
    }
  }
  return written;
}

bool HasChildren(const StatementTrace& trace, Oid table) {
  return std::ranges::any_of(trace.before->relations, [&](const auto& entry) {
    return Has(entry.second.inherits_from, table);
  });
}

bool SelectsByNewColumns(const LintedMigration& linted, size_t at) {
  const std::vector<StatementTrace>& statements = linted.migration().statements;
  const std::set<std::string> selecting = sql::ColumnsThatSelect(statements[at].statement.text);
  const std::vector<Oid> written = WrittenTables(statements[at]);
  if (selecting.empty() || written.empty()) return false;
  return std::ranges::all_of(written, [&](Oid table) {
    const Relation& relation = *LintedMigration::RelationAt(statements[at], table);
    const bool updated =
        std::any_of(statements.begin(), statements.begin() + static_cast<std::ptrdiff_t>(at),
                    [&](const StatementTrace& earlier) {
                      return earlier.statement.kind == sql::StatementKind::kUpdate &&
                             Has(WrittenTables(earlier), table);
                    });
    return !updated && std::ranges::all_of(selecting, [&](const std::string& name) {
      return std::ranges::any_of(relation.columns, [&](const auto& column) {
        return column.second.name == name && !linted.ColumnExistedBefore(table, column.first);
      });
    });
  });
}

}  // namespace ballast::lint
