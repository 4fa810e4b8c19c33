// SPDX-License-Identifier: Apache-2.0
// GRANT and REVOKE statements for privileges as access lists have them (PostgreSQL manual,
// "Privileges").
#pragma once

#include <string>
#include <vector>

#include "catalog/database.h"

namespace ballast::catalog {

// Privileges of one object with the same grantor, grantee and grant option; not empty.
using GrantGroup = std::vector<Grant>;

// Grants in groups, in the order of the first of each.
std::vector<GrantGroup> GroupGrants(const std::vector<Grant>& grants);

// "GRANT SELECT, INSERT ON TABLE t TO r;\n". `all`: the group is every privilege of the object's
// kind. If the owner of the object is not the grantor, the statements become the grantor first.
std::string GrantStatements(const Address& address, const GrantGroup& group, bool all);

// REVOKE, as GrantStatements. With CASCADE: privileges that the grantee has granted are revoked,
// too. `option_only`: the grantee keeps the privileges, without the grant option.
std::string RevokeStatements(const Address& address, const GrantGroup& group, bool option_only);

// "REVOKE …;\n" by the owner, without CASCADE.
std::string RevokeByOwner(const Address& address, const GrantGroup& group, bool all);

}  // namespace ballast::catalog
