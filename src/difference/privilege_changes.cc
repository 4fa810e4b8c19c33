// SPDX-License-Identifier: Apache-2.0
#include "difference/privilege_changes.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::difference {
namespace {

using catalog::Address;
using catalog::Database;
using catalog::Grant;
using catalog::ObjectId;

constexpr int32_t kFirstColumn =
    std::numeric_limits<int32_t>::min();  // system columns are negative

ObjectId ObjectOfColumn(ObjectId id) {
  return {id.catalog, id.object, 0};
}

const Address* AddressIn(const Database& database, ObjectId id) {
  const auto found = database.addresses.find(id);
  return found == database.addresses.end() ? nullptr : &found->second;
}

// Objects by the names that both databases have for them.
std::map<std::pair<std::string, std::string>, ObjectId> IdsByName(const Database& database) {
  std::map<std::pair<std::string, std::string>, ObjectId> ids;
  for (const auto& [id, address] : database.addresses) {
    if (id.part == 0) ids[{address.kind, address.text}] = id;
  }
  return ids;
}

void RenameOwner(std::vector<HeldPrivilege>& list, const std::string& from, const std::string& to) {
  if (from.empty()) return;
  for (HeldPrivilege& held : list) {
    if (held.grant.grantor == from) held.grant.grantor = to;
    if (held.grant.grantee == from) held.grant.grantee = to;
  }
}

bool Has(const std::vector<HeldPrivilege>& list, const HeldPrivilege& one) {
  return std::any_of(list.begin(), list.end(), [&](const HeldPrivilege& held) {
    Grant grant = held.grant;
    grant.id = one.grant.id;
    return held.column == one.column && grant == one.grant;
  });
}

std::vector<HeldPrivilege> Without(const std::vector<HeldPrivilege>& list,
                                   const std::vector<HeldPrivilege>& other) {
  std::vector<HeldPrivilege> rest;
  std::copy_if(list.begin(), list.end(), std::back_inserter(rest),
               [&](const HeldPrivilege& one) { return !Has(other, one); });
  return rest;
}

// The owner of an object of `side` as `from` knows it: the role that reads a database owns most of
// it, and does not have the same name everywhere.
std::string OwnerIn(const Database& side, ObjectId id, const Database& from) {
  const Address* address = AddressIn(side, id);
  if (address == nullptr) return {};
  return address->owner == side.owner ? from.owner : address->owner;
}

// Privileges on the object itself, for a list that the server does not keep.
void CopyDefaults(const std::vector<HeldPrivilege>& usual, const std::string& owner,
                  const std::string& new_owner,
                  const std::vector<std::vector<HeldPrivilege>*>& lists) {
  std::vector<HeldPrivilege> renamed;
  std::copy_if(usual.begin(), usual.end(), std::back_inserter(renamed),
               [](const HeldPrivilege& held) { return held.column.empty(); });
  RenameOwner(renamed, owner, new_owner);
  for (auto* list : lists) list->insert(list->end(), renamed.begin(), renamed.end());
}

// Default privileges differ between server versions: CREATE of PUBLIC on the schema public until
// 14, MAINTAIN since 17. What `lists` has by default is what the other server has by default.
void UseDefaultsOf(const std::vector<HeldPrivilege>& usual, PrivilegeLists& lists) {
  const std::vector<HeldPrivilege> revoked = Without(lists.usual, lists.have);
  std::vector<HeldPrivilege> granted = Without(lists.have, lists.usual);
  lists.have = Without(usual, revoked);
  for (HeldPrivilege& one : Without(granted, lists.have)) lists.have.push_back(std::move(one));
}

}  // namespace

PrivilegeChanges::ByObject PrivilegeChanges::ReadLists(const Database& database) {
  ByObject lists;
  for (const Grant& grant : database.grants) {
    if (AddressIn(database, grant.id) == nullptr) continue;
    lists[ObjectOfColumn(grant.id)][grant.id.part].have.push_back(grant);
  }
  for (const Grant& grant : database.usual_grants) {
    if (AddressIn(database, grant.id) == nullptr) continue;
    lists[ObjectOfColumn(grant.id)][grant.id.part].usual.push_back(grant);
  }
  return lists;
}

PrivilegeChanges::PrivilegeChanges(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                                   const DatabaseDefinitions* managed, const Options& options,
                                   PrivilegeQuestions questions)
    : from_(from),
      to_(to),
      options_(options),
      questions_(std::move(questions)),
      before_(ReadLists(from.database())),
      after_(ReadLists(to.database())) {
  if (options.keep_additions) {
    known_database_ = managed != nullptr ? &managed->database() : &to.database();
    known_ = ReadLists(*known_database_);
    known_names_ = IdsByName(*known_database_);
  }
  for (size_t at = 0; at < to.size(); ++at) {
    if (to.At(at).step == catalog::Step::kGrant)
      steps_.insert(ObjectOfColumn(to.At(at).needs.front()));
  }
  const auto before_names = IdsByName(from.database());
  const auto after_names = IdsByName(to.database());
  for (const auto& [name, id] : before_names) {
    const auto same = after_names.find(name);
    if (same == after_names.end() || !questions_.remains(id)) continue;
    if (!before_.contains(id) && !after_.contains(same->second)) continue;
    AddChange(id, same->second);
  }
}

std::optional<size_t> PrivilegeChanges::Find(const Changes& changes,
                                             const DatabaseDefinitions& side, size_t definition) {
  const catalog::Definition& step = side.At(definition);
  if (step.step != catalog::Step::kGrant) return std::nullopt;
  const auto found = changes.find(ObjectOfColumn(step.needs.front()));
  if (found == changes.end()) return std::nullopt;
  return found->second;
}

// What an object and its columns have, or would have by default. Privileges of an object that the
// server keeps no list for are not in the model.
std::vector<HeldPrivilege> PrivilegeChanges::Held(const Database& database, const ByObject& lists,
                                                  ObjectId id, bool usual,
                                                  const catalog::ObjectRef& object) const {
  std::vector<HeldPrivilege> held;
  const auto found = lists.find(id);
  if (found == lists.end()) return held;
  const auto is_ignored = [&](const std::string& column) {
    return options_.ignore &&
           options_.ignore(catalog::PartOf(object.name, "column", sql::NameContent(column)));
  };
  for (const auto& [part, list] : found->second) {
    const Address* address = AddressIn(database, {id.catalog, id.object, part});
    const bool from = &database == &from_.database();
    if (from && part != 0 && !questions_.remains({id.catalog, id.object, part})) continue;
    if (part != 0 && is_ignored(address->column)) continue;
    for (const Grant& grant : usual ? list.usual : list.have)
      held.push_back({address->column, grant});
  }
  const Address* address = AddressIn(database, id);
  RenameOwner(held, address->owner, OwnerIn(database, id, from_.database()));
  return held;
}

// Whether the new state revokes the privilege from whoever grants it.
bool PrivilegeChanges::RevokesIn(ObjectId after, const HeldPrivilege& held) const {
  return std::ranges::any_of(to_.database().conditions, [&](const auto& condition) {
    return condition.revoked && condition.id == after && held.column.empty() &&
           condition.role == held.grant.grantee &&
           std::ranges::find(condition.privileges, held.grant.privilege) !=
               condition.privileges.end();
  });
}

// Privileges that operators granted and revoked remain.
void PrivilegeChanges::AddKept(ObjectId before, ObjectId after, const PrivilegeLists& from,
                               const std::string& new_owner,
                               std::vector<HeldPrivilege>& want) const {
  const Address& address = *AddressIn(from_.database(), before);
  PrivilegeLists known;
  const auto same = known_names_.find({address.kind, address.text});
  if (same != known_names_.end()) {
    known = ListsOf(*known_database_, known_, same->second, from_.RefOf(before));
    const std::string owner = OwnerIn(*known_database_, same->second, from_.database());
    RenameOwner(known.have, owner, address.owner);
    RenameOwner(known.usual, owner, address.owner);
  }
  std::vector<HeldPrivilege> revoked =
      Without(Without(from.usual, from.have), Without(known.usual, known.have));
  std::vector<HeldPrivilege> granted =
      Without(Without(from.have, from.usual), Without(known.have, known.usual));
  std::erase_if(granted, [&](const HeldPrivilege& held) { return RevokesIn(after, held); });
  RenameOwner(revoked, address.owner, new_owner);
  RenameOwner(granted, address.owner, new_owner);
  want = Without(want, revoked);
  for (HeldPrivilege& one : granted) {
    const auto held = std::find_if(want.begin(), want.end(),
                                   [&](const auto& other) { return IsSamePrivilege(other, one); });
    if (held == want.end()) {
      want.push_back(std::move(one));
    } else {
      held->grant.grantable |= one.grant.grantable;
    }
  }
}

// The object's lists in both databases. One that the server keeps no list for has the default
// privileges.
PrivilegeLists PrivilegeChanges::ListsOf(const Database& database, const ByObject& lists,
                                         ObjectId id, const catalog::ObjectRef& object) const {
  return {Held(database, lists, id, false, object), Held(database, lists, id, true, object),
          lists.contains(id) && lists.at(id).contains(0)};
}

void PrivilegeChanges::AddChange(ObjectId before, ObjectId after) {
  const size_t at = changes_.size();
  from_ids_[before] = at;
  to_ids_[after] = at;
  const Address& address = *AddressIn(from_.database(), before);
  const catalog::ObjectRef& object = from_.RefOf(before);
  PrivilegeChange& change = changes_.emplace_back();
  change.object = "privileges on " + ToLowerAscii(address.kind) + " " + address.text;
  change.target = object;
  change.has_step = steps_.contains(after);
  if (options_.ignore && options_.ignore(object)) return;
  const std::string& owner = address.owner;
  const std::string owner_after = OwnerIn(to_.database(), after, from_.database());
  const std::string new_owner = questions_.keeps_owner(before) ? owner : owner_after;
  PrivilegeLists from = ListsOf(from_.database(), before_, before, object);
  PrivilegeLists to = ListsOf(to_.database(), after_, after, object);
  if (!from.listed) CopyDefaults(to.usual, owner_after, owner, {&from.have, &from.usual});
  if (!to.listed) CopyDefaults(from.usual, owner, owner_after, {&to.have});
  RenameOwner(to.have, owner_after, new_owner);
  if (to.listed) {
    RenameOwner(to.usual, owner_after, new_owner);
    std::vector<HeldPrivilege> usual = from.usual;
    RenameOwner(usual, owner, new_owner);
    UseDefaultsOf(usual, to);
  }
  if (options_.keep_additions) AddKept(before, after, from, new_owner, to.have);
  AccessList list(owner, std::move(from.have));
  change.revokes =
      Render(from_.database(), before, owner, list.RevokeExcept(to.have, new_owner), true);
  list.ChangeOwner(new_owner);
  change.grants =
      Render(to_.database(), after, new_owner, list.RevokeExcept(to.have, new_owner), true);
  change.grants += Render(to_.database(), after, new_owner, list.GrantMissing(to.have), false);
}

std::string PrivilegeChanges::Render(const Database& database, ObjectId id,
                                     const std::string& owner,
                                     const std::vector<PrivilegeStep>& steps, bool revoke) const {
  std::string text;
  for (const PrivilegeStep& step : steps) {
    const Address* address = AddressIn(database, id);
    for (auto other = database.addresses.lower_bound({id.catalog, id.object, kFirstColumn});
         !step.column.empty() && other != database.addresses.end(); ++other) {
      if (ObjectOfColumn(other->first) != id) break;
      if (other->second.column == step.column) address = &other->second;
    }
    Address named = *address;
    named.owner = owner;
    text += revoke ? catalog::RevokeStatements(named, step.group, step.option_only)
                   : catalog::GrantStatements(named, step.group, false);
  }
  return text;
}

}  // namespace ballast::difference
