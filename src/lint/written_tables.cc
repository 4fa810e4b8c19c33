// SPDX-License-Identifier: Apache-2.0
#include "lint/written_tables.h"

#include <algorithm>
#include <utility>

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

}  // namespace ballast::lint
