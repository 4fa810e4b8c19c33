// SPDX-License-Identifier: Apache-2.0
#include "difference/access_list.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace ballast::difference {
namespace {

using catalog::Grant;

void Rename(Grant& grant, const std::string& from, const std::string& to) {
  if (grant.grantor == from) grant.grantor = to;
  if (grant.grantee == from) grant.grantee = to;
}

const HeldPrivilege* FindIn(const std::vector<HeldPrivilege>& list, const HeldPrivilege& one) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const auto& held) { return IsSamePrivilege(held, one); });
  return found == list.end() ? nullptr : &*found;
}

void AddStep(std::vector<PrivilegeStep>& steps, size_t first, const HeldPrivilege& one,
             bool option_only) {
  for (size_t at = first; at < steps.size(); ++at) {
    PrivilegeStep& step = steps[at];
    const Grant& grant = step.group.front();
    if (step.column == one.column && step.option_only == option_only &&
        grant.grantor == one.grant.grantor && grant.grantee == one.grant.grantee &&
        grant.grantable == one.grant.grantable) {
      step.group.push_back(one.grant);
      return;
    }
  }
  steps.push_back({one.column, {one.grant}, option_only});
}

}  // namespace

bool IsSamePrivilege(const HeldPrivilege& a, const HeldPrivilege& b) {
  return a.column == b.column && a.grant.privilege == b.grant.privilege &&
         a.grant.grantor == b.grant.grantor && a.grant.grantee == b.grant.grantee;
}

AccessList::Excess AccessList::ExcessOf(const HeldPrivilege& held,
                                        const std::vector<HeldPrivilege>& target,
                                        const std::string& new_owner) const {
  HeldPrivilege later = held;
  Rename(later.grant, owner_, new_owner);
  const HeldPrivilege* same = FindIn(target, later);
  if (same == nullptr) return Excess::kAll;
  return held.grant.grantable && !same->grant.grantable ? Excess::kOption : Excess::kNone;
}

bool AccessList::HasOption(const std::string& role, const std::string& privilege,
                           const std::string& column) const {
  return role == owner_ || std::any_of(held_.begin(), held_.end(), [&](const auto& held) {
           return held.column == column && held.grant.grantee == role &&
                  held.grant.privilege == privilege && held.grant.grantable;
         });
}

bool AccessList::MayGrant(const HeldPrivilege& one) const {
  return HasOption(one.grant.grantor, one.grant.privilege, one.column) ||
         HasOption(one.grant.grantor, one.grant.privilege, {});
}

// How many grants there are between the owner and the grantor of a privilege.
int AccessList::DepthOf(const HeldPrivilege& one) const {
  std::set<std::string> known = {owner_};
  for (int depth = 0;; ++depth) {
    if (known.contains(one.grant.grantor)) return depth;
    const size_t before = known.size();
    std::set<std::string> next = known;
    for (const HeldPrivilege& held : held_) {
      const bool applies = held.column.empty() || held.column == one.column;
      if (!applies || !held.grant.grantable || held.grant.privilege != one.grant.privilege)
        continue;
      if (known.contains(held.grant.grantor)) next.insert(held.grant.grantee);
    }
    known = std::move(next);
    if (known.size() == before) return std::numeric_limits<int>::max();
  }
}

// recursive_revoke in PostgreSQL's acl.c.
void AccessList::RevokeDependents(const std::string& role, const std::string& privilege,
                                  const std::string& column) {
  if (HasOption(role, privilege, column)) return;
  while (true) {
    const auto found = std::find_if(held_.begin(), held_.end(), [&](const auto& held) {
      return held.column == column && held.grant.grantor == role &&
             held.grant.privilege == privilege;
    });
    if (found == held_.end()) return;
    const std::string grantee = found->grant.grantee;
    held_.erase(found);
    RevokeDependents(grantee, privilege, column);
  }
}

void AccessList::Revoke(const HeldPrivilege& revoked, bool option_only) {
  std::set<std::string> columns = {revoked.column};
  for (auto held = held_.begin(); held != held_.end();) {
    HeldPrivilege same = revoked;
    if (revoked.column.empty()) same.column = held->column;  // of the columns, too
    if (!IsSamePrivilege(*held, same)) {
      ++held;
      continue;
    }
    columns.insert(held->column);
    if (option_only) {
      held->grant.grantable = false;
      ++held;
    } else {
      held = held_.erase(held);
    }
  }
  for (const std::string& column : columns)
    RevokeDependents(revoked.grant.grantee, revoked.grant.privilege, column);
}

std::vector<PrivilegeStep> AccessList::RevokeExcept(const std::vector<HeldPrivilege>& target,
                                                    const std::string& new_owner) {
  std::vector<PrivilegeStep> steps;
  while (true) {
    // Grants by those who have the option from others come before the grants to them, and those on
    // columns before those on their table.
    std::pair<int, bool> deepest = {-1, false};
    for (const HeldPrivilege& held : held_) {
      if (ExcessOf(held, target, new_owner) == Excess::kNone) continue;
      deepest = std::max(deepest, std::pair(DepthOf(held), !held.column.empty()));
    }
    if (deepest.first < 0) return steps;
    const size_t first = steps.size();
    const std::vector<HeldPrivilege> before = held_;
    for (const HeldPrivilege& held : before) {
      const Excess excess = ExcessOf(held, target, new_owner);
      if (excess == Excess::kNone || FindIn(held_, held) == nullptr) continue;
      if (deepest != std::pair(DepthOf(held), !held.column.empty())) continue;
      AddStep(steps, first, held, excess == Excess::kOption);
      Revoke(held, excess == Excess::kOption);
    }
  }
}

void AccessList::ChangeOwner(const std::string& owner) {
  std::vector<HeldPrivilege> merged;
  for (HeldPrivilege& held : held_) {
    Rename(held.grant, owner_, owner);
    const auto same = std::find_if(merged.begin(), merged.end(),
                                   [&](const auto& other) { return IsSamePrivilege(other, held); });
    if (same == merged.end()) {
      merged.push_back(std::move(held));
    } else {
      same->grant.grantable |= held.grant.grantable;
    }
  }
  held_ = std::move(merged);
  owner_ = owner;
}

std::vector<PrivilegeStep> AccessList::GrantMissing(const std::vector<HeldPrivilege>& target) {
  std::vector<PrivilegeStep> steps;
  for (bool all = false;;) {
    const size_t first = steps.size();
    std::vector<HeldPrivilege> granted;
    bool missing = false;
    for (const HeldPrivilege& one : target) {
      const HeldPrivilege* held = FindIn(held_, one);
      if (held != nullptr && (held->grant.grantable || !one.grant.grantable)) continue;
      missing = true;
      if (!all && !MayGrant(one)) continue;
      AddStep(steps, first, one, false);
      granted.push_back(one);
    }
    if (!missing) return steps;
    all = granted.empty();  // by roles that cannot grant: the server reports this
    for (const HeldPrivilege& one : granted) {
      std::erase_if(held_, [&](const auto& held) { return IsSamePrivilege(held, one); });
      held_.push_back(one);
    }
  }
}

}  // namespace ballast::difference
