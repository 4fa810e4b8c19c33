// SPDX-License-Identifier: Apache-2.0
#include "difference/type_uses.h"

#include <algorithm>
#include <deque>

namespace ballast::difference {
namespace {

using catalog::Database;
using catalog::Definition;
using catalog::ObjectId;

constexpr uint32_t kTypeCatalog = 1247;      // pg_type
constexpr uint32_t kRelationCatalog = 1259;  // pg_class

std::map<catalog::Name, const Definition*> DomainsOf(const Database& database) {
  std::map<catalog::Name, const Definition*> domains;
  for (const Definition& definition : database.definitions) {
    if (definition.step == catalog::Step::kCreateDomain) domains[definition.name] = &definition;
  }
  return domains;
}

// The first clause is NOT NULL, or empty; the others are checks.
bool GetsConstraint(const Definition& from, const Definition& to) {
  const auto is_new = [&](const catalog::Clause& clause) {
    return std::none_of(
        from.clauses.begin(), from.clauses.end(),
        [&](const catalog::Clause& other) { return other.inside == clause.inside; });
  };
  return std::any_of(to.clauses.begin(), to.clauses.end(), [&](const catalog::Clause& clause) {
    const bool null_before = !from.clauses.empty() && from.clauses.front().inside.empty();
    if (clause.id.object == 0) return !clause.inside.empty() && null_before;
    return is_new(clause);
  });
}

}  // namespace

TypeUses::TypeUses(const Database& database) {
  for (const auto& [name, domain] : DomainsOf(database)) domains_.insert(domain->id);
  for (const catalog::TableObject& table : database.tables) {
    for (size_t at = 0; at < table.numbers.size(); ++at) {
      columns_[{table.id.catalog, table.id.object, table.numbers[at]}] = {
          table.table.name, table.table.columns[at].name};
    }
  }
  for (const catalog::Dependency& edge : database.dependencies) {
    if (edge.to.catalog == kTypeCatalog) users_[edge.to].push_back(edge.from);
    if (edge.kind != 'i' || edge.from.part != 0) continue;
    const bool from_type = edge.from.catalog == kTypeCatalog;
    if (from_type && edge.to.catalog == kRelationCatalog) row_types_[edge.to] = edge.from;
    const bool from_relation = edge.from.catalog == kRelationCatalog;
    if (from_relation && edge.to.catalog == kTypeCatalog) composites_[edge.from] = edge.to;
  }
}

std::set<ColumnKey> TypeUses::ColumnsContaining(ObjectId domain) const {
  return Columns(domain, false);
}

std::set<ColumnKey> TypeUses::ColumnsOfRowType(ObjectId table) const {
  const auto type = row_types_.find(table);
  return type == row_types_.end() ? std::set<ColumnKey>() : Columns(type->second, true);
}

// `contains`: columns of the type itself count, too.
std::set<ColumnKey> TypeUses::Columns(ObjectId type, bool contains) const {
  std::set<ColumnKey> found;
  std::set<std::pair<ObjectId, bool>> seen;
  std::deque<std::pair<ObjectId, bool>> open = {{type, contains}};
  for (; !open.empty(); open.pop_front()) {
    const auto [used, is_container] = open.front();
    const auto users = users_.find(used);
    if (!seen.insert(open.front()).second || users == users_.end()) continue;
    for (const ObjectId& user : users->second) {
      const auto column = columns_.find(user);
      if (column != columns_.end() && is_container) found.insert(column->second);
      const auto composite = composites_.find({user.catalog, user.object, 0});
      if (user.catalog == kTypeCatalog) {
        open.emplace_back(user, is_container || !domains_.contains(user));
      } else if (composite != composites_.end() && composite->second != used) {
        open.emplace_back(composite->second, true);
      }
    }
  }
  return found;
}

std::set<catalog::Name> DomainsToRecreate(const Database& from, const Database& to) {
  std::set<catalog::Name> names;
  const std::map<catalog::Name, const Definition*> before = DomainsOf(from);
  std::map<catalog::Name, const Definition*> changed;
  for (const auto& [name, domain] : DomainsOf(to)) {
    const auto same = before.find(name);
    if (same != before.end() && GetsConstraint(*same->second, *domain)) changed[name] = domain;
  }
  if (changed.empty()) return names;
  const TypeUses uses_before(from), uses_after(to);
  for (const auto& [name, domain] : changed) {
    const std::set<ColumnKey> old = uses_before.ColumnsContaining(before.at(name)->id);
    const std::set<ColumnKey> now = uses_after.ColumnsContaining(domain->id);
    if (std::any_of(old.begin(), old.end(),
                    [&](const ColumnKey& column) { return now.contains(column); })) {
      names.insert(name);
    }
  }
  return names;
}

}  // namespace ballast::difference
