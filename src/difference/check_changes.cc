// SPDX-License-Identifier: Apache-2.0
#include "difference/check_changes.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "difference/hazards.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Name;
using catalog::ObjectId;
using catalog::TableConstraint;
using catalog::TableObject;

// Table names by the name of the check that they have.
using TablesByCheck = std::map<std::string, std::set<Name>>;
using Neighbours = std::map<Name, std::set<Name>>;

void AddChecks(const catalog::Database& database, TablesByCheck& tables) {
  for (const TableObject& table : database.tables) {
    for (const TableConstraint& constraint : table.constraints)
      if (constraint.type == 'c') tables[constraint.name].insert(table.table.name);
  }
}

void AddNeighbours(const catalog::Database& database, Neighbours& neighbours) {
  std::map<ObjectId, Name> names;
  for (const TableObject& table : database.tables) names[table.id] = table.table.name;
  for (const TableObject& table : database.tables) {
    for (const ObjectId& id : table.parents) {
      const auto parent = names.find(id);
      if (parent == names.end()) continue;
      neighbours[table.table.name].insert(parent->second);
      neighbours[parent->second].insert(table.table.name);
    }
  }
}

// Sets of two or more of the tables that are connected.
std::vector<std::set<Name>> TreesOf(const std::set<Name>& tables, const Neighbours& neighbours) {
  std::vector<std::set<Name>> trees;
  std::set<Name> seen;
  for (const Name& start : tables) {
    std::set<Name> tree;
    std::deque<Name> open = {start};
    for (; !open.empty(); open.pop_front()) {
      const Name& table = open.front();
      if (!tables.contains(table) || !seen.insert(table).second) continue;
      tree.insert(table);
      const auto found = neighbours.find(table);
      if (found == neighbours.end()) continue;
      for (const Name& next : found->second) open.push_back(next);
    }
    if (tree.size() > 1) trees.push_back(std::move(tree));
  }
  return trees;
}

const TableConstraint* CheckOf(const TableObject* table, const std::string& name) {
  if (table == nullptr) return nullptr;
  const auto found =
      std::find_if(table->constraints.begin(), table->constraints.end(),
                   [&](const TableConstraint& one) { return one.type == 'c' && one.name == name; });
  return found == table->constraints.end() ? nullptr : &*found;
}

std::optional<CheckState> StateOf(const TableConstraint* check) {
  if (check == nullptr) return std::nullopt;
  constexpr std::string_view kNotValid = " NOT VALID";
  CheckState state{check->definition, true, !check->from_above};
  if (state.definition.ends_with(kNotValid)) {
    state.definition.resize(state.definition.size() - kNotValid.size());
    state.valid = false;
  }
  return state;
}

std::set<Name> ParentsIn(const DatabaseDefinitions& side, const TableObject* table,
                         const std::set<Name>& members) {
  std::set<Name> parents;
  if (table == nullptr) return parents;
  for (const ObjectId& id : table->parents) {
    const TableObject* parent = side.TableOf(id);
    if (parent != nullptr && members.contains(parent->table.name))
      parents.insert(parent->table.name);
  }
  return parents;
}

std::set<Name> NamesOfTables(const catalog::Database& database) {
  std::set<Name> names;
  for (const TableObject& table : database.tables) names.insert(table.table.name);
  return names;
}

}  // namespace

CheckChanges::CheckChanges(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                           CheckQuestions questions)
    : from_(from), to_(to), questions_(std::move(questions)) {
  TablesByCheck by_check;
  Neighbours neighbours;
  for (const DatabaseDefinitions* side : {&from, &to}) {
    AddChecks(side->database(), by_check);
    AddNeighbours(side->database(), neighbours);
  }
  if (neighbours.empty()) return;
  for (const auto& [check, tables] : by_check) {
    for (const std::set<Name>& members : TreesOf(tables, neighbours)) {
      const bool shared = std::any_of(members.begin(), members.end(), [&](const Name& name) {
        return from.TableNamed(name) != nullptr && to.TableNamed(name) != nullptr;
      });
      if (!shared) continue;
      Tree tree;
      for (const Name& name : members) tree[name] = Describe(check, name, members);
      PlanTree(check, tree);
    }
  }
}

TreeTable CheckChanges::Describe(const std::string& check, const Name& name,
                                 const std::set<Name>& members) const {
  const TableObject* before = from_.TableNamed(name);
  const TableObject* after = to_.TableNamed(name);
  TreeTable table;
  table.name = name;
  table.before = StateOf(CheckOf(before, check));
  table.after = StateOf(CheckOf(after, check));
  table.existed = before != nullptr;
  table.remains = before != nullptr && questions_.remains(name);
  table.unmanaged = table.remains && after == nullptr;
  table.is_partition = after != nullptr ? !after->bound.empty() : !before->bound.empty();
  table.must_drop = table.before && questions_.is_dropped(CheckOf(before, check)->id);
  table.parents_before = ParentsIn(from_, before, members);
  table.parents_after = ParentsIn(to_, after, members);
  return table;
}

void CheckChanges::PlanTree(const std::string& check, const Tree& tree) {
  const bool ignored = std::any_of(tree.begin(), tree.end(), [&](const auto& entry) {
    for (const DatabaseDefinitions* side : {&from_, &to_}) {
      const TableConstraint* constraint = CheckOf(side->TableNamed(entry.first), check);
      if (constraint != nullptr && questions_.is_ignored(constraint->id)) return true;
    }
    return false;
  });
  if (ignored) return;
  const std::optional<CheckPlan> plan = PlanChecks(tree);
  if (!plan) {
    refused_.push_back("constraint " + sql::QuoteIdentifier(check) + " on " +
                       QuotedName(tree.begin()->first) + " and its parents and children");
    return;
  }
  for (const auto& [name, table] : tree) {
    if (table.unmanaged) continue;
    const bool again = plan->recreated.contains(name) || !table.remains;
    if (const TableConstraint* before = CheckOf(from_.TableNamed(name), check)) {
      from_ids_.insert(before->id);
      if (again || !table.after) dropped_.insert(before->id);
    }
    if (const TableConstraint* after = CheckOf(to_.TableNamed(name), check)) {
      to_ids_.insert(after->id);
      if (again || !table.before) made_.insert(after->id);
    }
  }
  for (const CheckStep& step : plan->drops) drops_.push_back(Make(check, step));
  for (const CheckStep& step : plan->adds) adds_.push_back(Make(check, step));
  for (const CheckStep& step : plan->finishes) finishes_.push_back(Make(check, step));
}

Statement CheckChanges::Make(const std::string& check, const CheckStep& step) const {
  const std::string name = sql::QuoteIdentifier(check);
  const std::string alter = "ALTER TABLE " + QuotedName(step.table) + " ";
  Statement statement;
  statement.object = "constraint " + name + " on " + QuotedName(step.table);
  statement.target = catalog::PartOf(step.table, "constraint", check);
  statement.lock = LockMode::kAccessExclusive;
  if (step.action == CheckAction::kDrop) {
    statement.kind = ActionKind::kDrop;
    statement.text = alter + "DROP CONSTRAINT " + name + ";\n";
    return statement;
  }
  const TableObject& table = *to_.TableNamed(step.table);
  const TableConstraint* constraint = CheckOf(&table, check);
  const bool existed = from_.TableNamed(step.table) != nullptr;
  if (!existed) statement.lock = LockMode::kNone;
  if (existed) AddCheckEffects(table, *constraint, statement);
  if (questions_.uses_changed(constraint->id)) statement.offending_rows.clear();
  if (step.action == CheckAction::kValidate) {
    if (existed) statement.lock = LockMode::kShareUpdateExclusive;
    statement.text = alter + "VALIDATE CONSTRAINT " + name + ";\n";
  } else {
    statement.kind = ActionKind::kCreate;
    statement.text = alter + "ADD CONSTRAINT " + name + " " + constraint->definition + ";\n";
    if (existed) AddOnlineCheck(table, *constraint, statement);
  }
  return statement;
}

std::set<ObjectId> ChecksOfSharedTrees(const catalog::Database& database,
                                       const catalog::Database& other) {
  std::set<ObjectId> ids;
  Neighbours neighbours;
  AddNeighbours(database, neighbours);
  if (neighbours.empty()) return ids;
  TablesByCheck by_check;
  AddChecks(database, by_check);
  const std::set<Name> others = NamesOfTables(other);
  std::set<std::pair<Name, std::string>> separate;
  for (const auto& [check, tables] : by_check) {
    for (const std::set<Name>& tree : TreesOf(tables, neighbours)) {
      const bool shared = std::any_of(tree.begin(), tree.end(),
                                      [&](const Name& name) { return others.contains(name); });
      if (!shared) continue;
      for (const Name& name : tree) separate.emplace(name, check);
    }
  }
  for (const TableObject& table : database.tables) {
    for (const TableConstraint& constraint : table.constraints)
      if (separate.contains({table.table.name, constraint.name})) ids.insert(constraint.id);
  }
  return ids;
}

}  // namespace ballast::difference
