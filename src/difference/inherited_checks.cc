// SPDX-License-Identifier: Apache-2.0
#include "difference/inherited_checks.h"

#include <algorithm>
#include <utility>

namespace ballast::difference {
namespace {

using catalog::Name;
using Tables = std::map<Name, TreeTable>;

// The constraint on each table while the script runs.
class CheckTree {
 public:
  explicit CheckTree(const Tables& tables) : tables_(tables) {
    for (const auto& [name, table] : tables) {
      if (!table.existed) continue;
      parents_[name] = table.parents_before;
      if (table.before) checks_[name] = *table.before;
    }
  }

  bool failed() const { return failed_; }
  const CheckState* Of(const Name& table) const {
    const auto found = checks_.find(table);
    return found == checks_.end() ? nullptr : &found->second;
  }

  // How many parents the table has the constraint from.
  size_t ParentsWithCheck(const Name& table) const {
    const auto parents = parents_.find(table);
    if (parents == parents_.end()) return 0;
    return static_cast<size_t>(
        std::count_if(parents->second.begin(), parents->second.end(), [&](const Name& parent) {
          const CheckState* check = Of(parent);
          return check != nullptr && check->IsInheritable();
        }));
  }

  // Removes tables that are dropped, and the connections that the new database does not have.
  void Detach() {
    for (const auto& [name, table] : tables_) {
      if (!table.existed) continue;
      std::set<Name> kept;
      for (const Name& parent : parents_[name]) {
        const auto above = tables_.find(parent);
        const bool both_remain = table.remains && above->second.remains;
        const bool connected = table.unmanaged || table.parents_after.contains(parent);
        if (both_remain && connected) kept.insert(parent);
      }
      parents_[name] = std::move(kept);
      if (!table.remains) checks_.erase(name);
    }
    for (auto& [name, check] : checks_)
      if (ParentsWithCheck(name) == 0) check.local = true;
  }

  // CREATE TABLE with INHERITS, and new partitions of new tables.
  void Create() {
    for (const Name& name : TopDown(false)) {
      const TreeTable& table = tables_.at(name);
      if (table.remains) continue;
      for (const Name& parent : table.parents_after) {
        if (IsAttachedLater(table, parent)) continue;
        parents_[name].insert(parent);
        const CheckState* above = Of(parent);
        if (above == nullptr || !above->IsInheritable()) continue;
        checks_[name] = {above->definition, true, false};
      }
    }
  }

  void Attach() {
    for (const Name& name : TopDown(false)) {
      const TreeTable& table = tables_.at(name);
      for (const Name& parent : table.parents_after) {
        if (!parents_[name].insert(parent).second) continue;
        const CheckState* above = Of(parent);
        if (above == nullptr || !above->IsInheritable()) continue;
        const auto check = checks_.find(name);
        if (check == checks_.end() || check->second.definition != above->definition ||
            (above->valid && !check->second.valid)) {
          failed_ = true;
          continue;
        }
        if (table.is_partition) check->second.local = false;
      }
    }
  }

  void Drop(const Name& name) {
    if (Of(name) == nullptr || ParentsWithCheck(name) > 0) {
      failed_ = true;
      return;
    }
    Remove(name);
  }

  void Add(const Name& name, const CheckState& check) {
    const auto old = checks_.find(name);
    const bool merges = old != checks_.end() && old->second.definition == check.definition &&
                        !old->second.local && !tables_.at(name).is_partition &&
                        (old->second.valid || !check.valid);
    if (old != checks_.end() && !merges) {
      failed_ = true;
    } else if (merges) {
      old->second.local = true;
    } else {
      checks_[name] = {check.definition, check.valid, true};
      if (check.IsInheritable()) AddToChildren(name, check);
    }
  }

  void Validate(const Name& name) {
    checks_[name].valid = true;
    for (const Name& child : Children(name))
      if (Of(child) != nullptr && checks_[name].IsInheritable()) Validate(child);
  }

  bool HasResult() const {
    return !failed_ && std::all_of(tables_.begin(), tables_.end(), [&](const auto& entry) {
      const auto& [name, table] = entry;
      if (table.unmanaged || (table.existed && !table.remains && !table.after)) return true;
      const CheckState* check = Of(name);
      if (check == nullptr || !table.after) return (check != nullptr) == table.after.has_value();
      return *check == *table.after;
    });
  }

  // Parents before their children; or by the connections of the new database.
  std::vector<Name> TopDown(bool now) const {
    std::vector<Name> order;
    std::set<Name> seen;
    for (const auto& [name, table] : tables_) Visit(name, now, seen, order);
    return order;
  }

 private:
  bool IsAttachedLater(const TreeTable& table, const Name& parent) const {
    return table.is_partition && (table.existed || tables_.at(parent).existed);
  }

  void Visit(const Name& name, bool now, std::set<Name>& seen, std::vector<Name>& order) const {
    if (!seen.insert(name).second) return;
    const auto here = parents_.find(name);
    static const std::set<Name> none;
    const std::set<Name>& parents =
        !now ? tables_.at(name).parents_after : (here == parents_.end() ? none : here->second);
    for (const Name& parent : parents) Visit(parent, now, seen, order);
    order.push_back(name);
  }

  std::vector<Name> Children(const Name& name) const {
    std::vector<Name> children;
    for (const auto& [child, parents] : parents_)
      if (parents.contains(name)) children.push_back(child);
    return children;
  }

  void Remove(const Name& name) {
    const bool inheritable = checks_[name].IsInheritable();
    checks_.erase(name);
    if (!inheritable) return;
    for (const Name& child : Children(name)) {
      const CheckState* check = Of(child);
      if (check != nullptr && !check->local && ParentsWithCheck(child) == 0) Remove(child);
    }
  }

  void AddToChildren(const Name& name, const CheckState& check) {
    for (const Name& child : Children(name)) {
      const auto old = checks_.find(child);
      if (old == checks_.end()) {
        checks_[child] = {check.definition, check.valid, false};
        AddToChildren(child, check);
      } else if (old->second.definition != check.definition ||
                 (check.valid && !old->second.valid)) {
        failed_ = true;
      } else if (tables_.at(child).is_partition) {
        old->second.local = false;
      }
    }
  }

  const Tables& tables_;
  std::map<Name, CheckState> checks_;
  std::map<Name, std::set<Name>> parents_;
  bool failed_ = false;
};

class ChecksPlanner {
 public:
  // `again`: drops everything and adds it again, instead of only what differs.
  ChecksPlanner(const Tables& tables, bool again) : tables_(tables), again_(again), tree_(tables) {}

  std::optional<CheckPlan> Plan() {
    tree_.Detach();
    Drop();
    tree_.Create();
    if (!again_) AddBeforeAttaching();
    tree_.Attach();
    if (again_) AddAgain();
    Validate();
    if (!tree_.HasResult()) return std::nullopt;
    return std::move(plan_);
  }

 private:
  bool MustDrop(const TreeTable& table, const CheckState& check) const {
    if (table.unmanaged) return false;
    if (again_ || table.must_drop || !table.after) return true;
    return check.definition != table.after->definition || (check.valid && !table.after->valid);
  }

  void Drop() {
    std::set<Name> had;
    for (const auto& [name, table] : tables_)
      if (table.remains && tree_.Of(name) != nullptr) had.insert(name);
    for (const Name& name : tree_.TopDown(true)) {
      const CheckState* check = tree_.Of(name);
      if (check == nullptr || tree_.ParentsWithCheck(name) > 0) continue;
      if (!MustDrop(tables_.at(name), *check)) continue;
      tree_.Drop(name);
      plan_.drops.push_back({CheckAction::kDrop, name});
    }
    for (const Name& name : had)
      if (tree_.Of(name) == nullptr) plan_.recreated.insert(name);
  }

  void Add(const Name& name, std::vector<CheckStep>& steps) {
    tree_.Add(name, *tables_.at(name).after);
    steps.push_back({CheckAction::kAdd, name});
  }

  void AddBeforeAttaching() {
    for (const Name& name : tree_.TopDown(true)) {
      const TreeTable& table = tables_.at(name);
      if (table.unmanaged || !table.after) continue;
      const CheckState* check = tree_.Of(name);
      const bool declares = table.after->local && check != nullptr && !check->local;
      if (check == nullptr || declares) Add(name, plan_.adds);
    }
  }

  // What a child declares is added before it inherits the same from its parent.
  void AddAgain() {
    std::vector<Name> order = tree_.TopDown(true);
    std::reverse(order.begin(), order.end());
    for (const Name& name : order) {
      const TreeTable& table = tables_.at(name);
      if (table.unmanaged || !table.after || !table.after->local) continue;
      Add(name, plan_.finishes);
    }
  }

  void Validate() {
    for (const Name& name : tree_.TopDown(true)) {
      const TreeTable& table = tables_.at(name);
      const CheckState* check = tree_.Of(name);
      if (table.unmanaged || !table.after || check == nullptr) continue;
      if (check->valid || !table.after->valid) continue;
      tree_.Validate(name);
      plan_.finishes.push_back({CheckAction::kValidate, name});
    }
  }

  const Tables& tables_;
  bool again_;
  CheckTree tree_;
  CheckPlan plan_;
};

}  // namespace

std::optional<CheckPlan> PlanChecks(const Tables& tables) {
  if (auto plan = ChecksPlanner(tables, false).Plan()) return plan;
  return ChecksPlanner(tables, true).Plan();
}

}  // namespace ballast::difference
