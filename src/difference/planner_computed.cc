// SPDX-License-Identifier: Apache-2.0
// What the server has stored with a function or view that gets another definition under the same
// name. The server does not compute it again.
#include <algorithm>
#include <deque>

#include "difference/planner.h"
#include "difference/type_uses.h"

namespace ballast::difference {
namespace {

using catalog::Step;

bool IsRoutineOrView(Step step) {
  return step == Step::kCreateFunction || step == Step::kCreateView;
}

// Whether what uses the object uses its functions, too.
bool PassesOn(Step step) {
  switch (step) {
    case Step::kCreateFunction:
    case Step::kCreateProcedure:
    case Step::kCreateAggregate:
    case Step::kCreateOperator:
    case Step::kCreateOperatorClass:
    case Step::kCreateCast:
    case Step::kCreateView:
    case Step::kCreateMaterializedView:
      return true;
    default:
      return false;
  }
}

// Everything that uses the definitions, directly or by others.
std::vector<const PartDependency*> AllUsesOf(const DatabaseDefinitions& side,
                                             std::set<size_t> definitions) {
  std::vector<const PartDependency*> uses;
  std::deque<size_t> open(definitions.begin(), definitions.end());
  std::map<size_t, std::vector<const PartDependency*>> users;
  if (!open.empty()) {
    for (const PartDependency& use : side.uses()) users[use.used.definition].push_back(&use);
  }
  for (; !open.empty(); open.pop_front()) {
    for (const PartDependency* use : users[open.front()]) {
      const size_t user = use->user.definition;
      uses.push_back(use);
      if (PassesOn(side.At(user).step) && definitions.insert(user).second) open.push_back(user);
    }
  }
  return uses;
}

// Whether a column is an array of the domain or contains it in another way: then the server refuses
// to add a check.
bool IsContained(const catalog::Database& database, catalog::ObjectId domain) {
  return !TypeUses(database).ColumnsContaining(domain).empty();
}

}  // namespace

void Planner::ComputeAgain() {
  std::set<size_t> before, after;
  for (const ObjectPair& item : pairs_) {
    if (!item.from || !item.to || !IsRoutineOrView(from_.At(*item.from).step)) continue;
    if (item.action != ObjectAction::kAlter && item.action != ObjectAction::kRecreate) continue;
    if (item.action == ObjectAction::kAlter) before.insert(*item.from);
    after.insert(*item.to);
  }
  for (const PartDependency* use : AllUsesOf(from_, std::move(before))) ComputeAgain(*use);
  for (const PartDependency* use : AllUsesOf(to_, std::move(after)))
    computed_.insert(use->user.definition);
}

// Indexes, checks, exclusion constraints and stored columns are made again. A materialized view
// that has rows is refreshed.
void Planner::ComputeAgain(const PartDependency& use) {
  const size_t user = use.user.definition;
  const catalog::Definition& definition = from_.At(user);
  const catalog::Address* address = from_.AddressOf(definition.id);
  if (definition.step == Step::kAlterDomain &&
      IsContained(from_.database(), definition.needs.front()))
    return;
  const bool constraint =
      definition.step == Step::kAlterDomain ||
      (definition.step == Step::kAlterTable && address != nullptr && address->kind == "CONSTRAINT");
  if (constraint || definition.step == Step::kCreateIndex ||
      definition.step == Step::kCreateViewIndex) {
    Recreate(of_from_[user]);
  } else if (const TableChanges* table = ChangesOf(user)) {
    const auto column = ColumnNumbered(table->before(), use.user.column);
    if (column && !table->before().table.columns[*column].generated.empty())
      AffectDependentTable(use, of_from_[user]);
  } else if (definition.step == Step::kCreateMaterializedView && PairOfFrom(user).to) {
    for (const PartDependency* about : users_[{user, 0}]) Refresh(about->user.definition);
  }
}

void Planner::Refresh(size_t at) {
  ObjectPair& item = pairs_[of_from_[at]];
  const catalog::Definition& definition = from_.At(at);
  if (definition.step != Step::kRefreshMaterializedView || Drops(item.action)) return;
  item.action = ObjectAction::kAlter;
  item.alter = definition.statements;
}

}  // namespace ballast::difference
