// SPDX-License-Identifier: Apache-2.0
// Roles that nobody should become a member of only to deploy.
#pragma once

#include <string>
#include <string_view>

namespace ballast::postgres {

// An SQL condition: the role with this OID (an expression) is a superuser, or a member of one or of
// a predefined role with which it can become one (PostgreSQL manual, Predefined Roles).
std::string IsPowerfulRole(std::string_view oid);

}  // namespace ballast::postgres
