// SPDX-License-Identifier: Apache-2.0
#include "catalog/dependency_order.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

namespace ballast::catalog {
namespace {

class OwnerFinder {
 public:
  OwnerFinder(const Makers& makers, const std::vector<Dependency>& dependencies) : makers_(makers) {
    for (const Dependency& edge : dependencies) {
      const bool owns = edge.kind == 'i' || edge.kind == 'e' || edge.kind == 'P';
      if (owns) owners_.emplace(edge.from, edge.to);
    }
  }

  // The definition that makes `id`, itself or through its owner.
  const size_t* Maker(ObjectId id, int depth = 0) const {
    if (const auto it = makers_.find(id); it != makers_.end()) return &it->second;
    if (id.part != 0) return Maker({id.catalog, id.object, 0}, depth);
    const auto owner = owners_.find(id);
    constexpr int kDeepest = 8;
    if (owner == owners_.end() || depth == kDeepest) return nullptr;
    return Maker(owner->second, depth + 1);
  }

 private:
  const Makers& makers_;
  std::map<ObjectId, ObjectId> owners_;
};

// Tarjan's strongly connected components.
class CycleFinder {
 public:
  explicit CycleFinder(const std::vector<std::vector<size_t>>& needs)
      : needs_(needs), number_(needs.size(), 0), low_(needs.size(), 0), on_stack_(needs.size()) {}

  std::vector<std::vector<size_t>> Find() {
    for (size_t at = 0; at < needs_.size(); ++at) {
      if (number_[at] == 0) Visit(at);
    }
    std::sort(circles_.begin(), circles_.end());
    return circles_;
  }

 private:
  void Visit(size_t at) {
    number_[at] = low_[at] = ++count_;
    stack_.push_back(at);
    on_stack_[at] = true;
    for (const size_t next : needs_[at]) {
      if (number_[next] == 0) {
        Visit(next);
        low_[at] = std::min(low_[at], low_[next]);
      } else if (on_stack_[next]) {
        low_[at] = std::min(low_[at], number_[next]);
      }
    }
    if (low_[at] == number_[at]) Close(at);
  }

  void Close(size_t root) {
    std::vector<size_t> cycle;
    size_t at = 0;
    do {
      at = stack_.back();
      stack_.pop_back();
      on_stack_[at] = false;
      cycle.push_back(at);
    } while (at != root);
    if (cycle.size() < 2) return;
    std::sort(cycle.begin(), cycle.end());
    circles_.push_back(std::move(cycle));
  }

  const std::vector<std::vector<size_t>>& needs_;
  std::vector<size_t> number_;
  std::vector<size_t> low_;
  std::vector<bool> on_stack_;
  std::vector<size_t> stack_;
  std::vector<std::vector<size_t>> circles_;
  size_t count_ = 0;
};

// Depth first: definitions are visited in the preferred order, and each is written after everything
// it needs.
class Orderer {
 public:
  Orderer(const std::vector<Definition>& definitions, const std::vector<std::vector<size_t>>& needs)
      : definitions_(definitions), needs_(needs), state_(definitions.size(), kWaiting) {
    for (size_t at = 0; at < definitions.size(); ++at) by_preference_.push_back(at);
    SortByPreference(by_preference_);
    for (const size_t at : by_preference_) {
      if (IsRoutine(definitions[at].step)) routines_.push_back(at);
    }
  }

  std::vector<size_t> Order() {
    for (const size_t at : by_preference_) Visit(at);
    return std::move(order_);
  }

 private:
  enum State { kWaiting, kStarted, kWritten };

  void SortByPreference(std::vector<size_t>& list) const {
    std::stable_sort(list.begin(), list.end(), [this](size_t a, size_t b) {
      const Definition& x = definitions_[a];
      const Definition& y = definitions_[b];
      return std::tie(x.step, x.name, x.detail, x.statements) <
             std::tie(y.step, y.name, y.detail, y.statements);
    });
  }

  void Visit(size_t at) {
    if (state_[at] != kWaiting) return;
    state_[at] = kStarted;
    std::vector<size_t> before = needs_[at];
    SortByPreference(before);
    for (const size_t needed : before) Visit(needed);
    if (definitions_[at].runs_functions) VisitRoutines();
    state_[at] = kWritten;
    order_.push_back(at);
  }

  void VisitRoutines() {
    for (const size_t routine : routines_) {
      std::set<size_t> seen;
      if (state_[routine] == kWaiting && !LeadsToStarted(routine, seen)) Visit(routine);
    }
  }

  bool LeadsToStarted(size_t at, std::set<size_t>& seen) const {
    if (state_[at] == kStarted) return true;
    if (state_[at] == kWritten || !seen.insert(at).second) return false;
    return std::any_of(needs_[at].begin(), needs_[at].end(),
                       [&](size_t next) { return LeadsToStarted(next, seen); });
  }

  const std::vector<Definition>& definitions_;
  const std::vector<std::vector<size_t>>& needs_;
  std::vector<State> state_;
  std::vector<size_t> by_preference_;
  std::vector<size_t> routines_;
  std::vector<size_t> order_;
};

}  // namespace

std::vector<std::vector<size_t>> NeedsOf(const std::vector<Definition>& definitions,
                                         const Makers& makers,
                                         const std::vector<Dependency>& dependencies) {
  const OwnerFinder finder(makers, dependencies);
  std::vector<std::set<size_t>> needs(definitions.size());
  for (const Dependency& edge : dependencies) {
    const size_t* from = finder.Maker(edge.from);
    const size_t* to = finder.Maker(edge.to);
    if (from != nullptr && to != nullptr && *from != *to) needs[*from].insert(*to);
  }
  for (size_t at = 0; at < definitions.size(); ++at) {
    for (const ObjectId& id : definitions[at].needs) {
      const size_t* to = finder.Maker(id);
      if (to != nullptr && *to != at) needs[at].insert(*to);
    }
  }
  std::vector<std::vector<size_t>> lists;
  lists.reserve(needs.size());
  for (const std::set<size_t>& set : needs) lists.emplace_back(set.begin(), set.end());
  return lists;
}

std::vector<std::vector<size_t>> FindCycles(const std::vector<std::vector<size_t>>& needs) {
  return CycleFinder(needs).Find();
}

std::set<size_t> ClosureOf(size_t at, const std::vector<std::vector<size_t>>& needs) {
  std::set<size_t> reached;
  std::vector<size_t> open = {at};
  while (!open.empty()) {
    const size_t next = open.back();
    open.pop_back();
    if (reached.insert(next).second)
      open.insert(open.end(), needs[next].begin(), needs[next].end());
  }
  return reached;
}

std::vector<size_t> OrderDefinitions(const std::vector<Definition>& definitions,
                                     const std::vector<std::vector<size_t>>& needs) {
  return Orderer(definitions, needs).Order();
}

}  // namespace ballast::catalog
