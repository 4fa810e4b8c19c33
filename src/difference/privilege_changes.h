// SPDX-License-Identifier: Apache-2.0
// The changes to the privileges on objects that both databases have and that remain. Only for this
// folder.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "difference/access_list.h"
#include "difference/database_definitions.h"
#include "difference/difference.h"

namespace ballast::difference {

// Of an object, or of a table and its columns.
struct PrivilegeChange {
  std::string object;  // "privileges on table \"User\""
  catalog::ObjectRef target;
  std::string revokes;    // run first, while everything else is still unchanged
  std::string grants;     // run once the object has its new owner and columns
  bool has_step = false;  // the new database has a GRANT step for it
};

struct PrivilegeLists {
  std::vector<HeldPrivilege> have;
  std::vector<HeldPrivilege> usual;  // the default privileges
  bool listed = false;               // the server keeps a list of the object itself
};

// What the planner decided.
struct PrivilegeQuestions {
  // Whether an object of `from`, or a column of it, remains.
  std::function<bool(catalog::ObjectId)> remains;
  std::function<bool(catalog::ObjectId)> keeps_owner;  // although `to` has another one
};

class PrivilegeChanges {
 public:
  // `managed`: as in Options, as definitions; or null.
  PrivilegeChanges(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                   const DatabaseDefinitions* managed, const Options& options,
                   PrivilegeQuestions questions);

  const std::vector<PrivilegeChange>& changes() const { return changes_; }
  // The index of the change that covers a GRANT step.
  std::optional<size_t> OfStepOfFrom(size_t definition) const {
    return Find(from_ids_, from_, definition);
  }
  std::optional<size_t> OfStepOfTo(size_t definition) const {
    return Find(to_ids_, to_, definition);
  }

 private:
  struct GrantLists {
    std::vector<catalog::Grant> have;
    std::vector<catalog::Grant> usual;
  };
  // By object, then by column number; 0: the object itself.
  using ByObject = std::map<catalog::ObjectId, std::map<int32_t, GrantLists>>;
  using Changes = std::map<catalog::ObjectId, size_t>;

  static ByObject ReadLists(const catalog::Database& database);
  static std::optional<size_t> Find(const Changes& changes, const DatabaseDefinitions& side,
                                    size_t definition);
  void AddChange(catalog::ObjectId before, catalog::ObjectId after);
  std::vector<HeldPrivilege> Held(const catalog::Database& database, const ByObject& lists,
                                  catalog::ObjectId id, bool usual,
                                  const catalog::ObjectRef& object) const;
  PrivilegeLists ListsOf(const catalog::Database& database, const ByObject& lists,
                         catalog::ObjectId id, const catalog::ObjectRef& object) const;
  bool RevokesIn(catalog::ObjectId after, const HeldPrivilege& held) const;
  void AddKept(catalog::ObjectId before, catalog::ObjectId after, const PrivilegeLists& from,
               const std::string& new_owner, std::vector<HeldPrivilege>& want) const;
  std::string Render(const catalog::Database& database, catalog::ObjectId id,
                     const std::string& owner, const std::vector<PrivilegeStep>& steps,
                     bool revoke) const;

  const DatabaseDefinitions& from_;
  const DatabaseDefinitions& to_;
  const Options& options_;
  PrivilegeQuestions questions_;
  ByObject before_, after_, known_;
  // What operators have not changed: the managed state, else `to`. Only if additions are kept.
  const catalog::Database* known_database_ = nullptr;
  std::map<std::pair<std::string, std::string>, catalog::ObjectId> known_names_;
  Changes from_ids_, to_ids_;
  std::set<catalog::ObjectId> steps_;  // objects of `to` that have a GRANT step
  std::vector<PrivilegeChange> changes_;
};

}  // namespace ballast::difference
