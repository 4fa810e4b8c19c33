// SPDX-License-Identifier: Apache-2.0
// The privileges on one object, a table together with its columns, and the steps of REVOKE and
// GRANT from one state to another. Only for this folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "catalog/privileges.h"

namespace ballast::difference {

struct HeldPrivilege {
  std::string column;  // quoted; empty: the object itself
  catalog::Grant grant;
};

// Whether they differ in the grant option at most.
bool IsSamePrivilege(const HeldPrivilege& a, const HeldPrivilege& b);

// Privileges of one statement: same column, grantor, grantee and grant option.
struct PrivilegeStep {
  std::string column;
  catalog::GrantGroup group;
  bool option_only = false;  // for REVOKE: GRANT OPTION FOR
};

class AccessList {
 public:
  AccessList(std::string owner, std::vector<HeldPrivilege> privileges)
      : owner_(std::move(owner)), held_(std::move(privileges)) {}

  // Revokes what `target` does not have, with what the server then revokes in addition: privileges
  // that were granted by those who lose the grant option, and privileges on columns. If the object
  // gets the owner `new_owner` later, `target` already has its name.
  std::vector<PrivilegeStep> RevokeExcept(const std::vector<HeldPrivilege>& target,
                                          const std::string& new_owner);

  // ALTER … OWNER TO (aclnewowner in PostgreSQL's acl.c).
  void ChangeOwner(const std::string& owner);

  // Grants what `target` has in addition; a privilege follows the grant option of its grantor.
  std::vector<PrivilegeStep> GrantMissing(const std::vector<HeldPrivilege>& target);

 private:
  enum class Excess { kNone, kOption, kAll };
  Excess ExcessOf(const HeldPrivilege& held, const std::vector<HeldPrivilege>& target,
                  const std::string& new_owner) const;
  bool HasOption(const std::string& role, const std::string& privilege,
                 const std::string& column) const;
  bool MayGrant(const HeldPrivilege& privilege) const;
  int DepthOf(const HeldPrivilege& privilege) const;
  void Revoke(const HeldPrivilege& revoked, bool option_only);
  void RevokeDependents(const std::string& role, const std::string& privilege,
                        const std::string& column);

  std::string owner_;
  std::vector<HeldPrivilege> held_;
};

}  // namespace ballast::difference
