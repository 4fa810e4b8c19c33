// SPDX-License-Identifier: Apache-2.0
// The SQL of snapshots is written once for all server versions, with these macros:
//   @q(x)                   the name x quoted as the newest server would (object identities)
//   @since(17, new, old)    `new` from that major on, else `old`
//   @global(kind, object)   whether the scope has this object of the database; kind unquoted
//   @role(oid)              a role's name; PUBLIC for 0, <owner> for the base owner
//   @own_schemas()          ballast's own schemas, as a list for IN
//   @catalog()              whether the scope includes objects created by initdb
//   @platform(its, none)    `its` if the scope leaves default privileges to the database, else
//                           `none`
//   @expected(kind, object, property, right)   whether the scope expects that right
//   @stated(kind, object, property, right)     the same, or the scope has everything
//   @optional(text)         `text` if the scope has privileges that only existing roles have
//   @conditions(), @roles() rows for VALUES: (kind, object, note, property, role, revoked,
//                           privileges) and (role), of what only the scope asks for
//   @published()            rows for VALUES: (kind, object, property, publication), likewise
//   @vocabulary(2, new, old)  `new` in that vocabulary and later, else `old`
//   @list(text, order)      all texts as one, in that order; different lists give different texts
//   @secret(option)         an option "name=value", with the SHA-256 of the value if it may be a
//                           password
//   @properties((name, value, wording), …)   the rows of an object's properties; if there is one
//                           row per object, that row (first name, all values as one text, the place
//                           of a column). In it, @from(2, (name, value, wording)) is a property
//                           since that vocabulary
// Arguments are separated by commas outside of parentheses and quotes, and can contain macros.
#pragma once

#include <string>
#include <string_view>

#include "catalog/snapshot.h"

namespace ballast::introspect {

// One row per property, for comparison; or one row per object, for hashing.
enum class QueryForm { kProperties, kRows };

struct QueryDialect {
  int major = 0;
  const catalog::Scope* scope = nullptr;
  QueryForm form = QueryForm::kProperties;
};

// Whether the scope includes all objects of that kind (Scope::others), not only those that it
// names.
bool IsUnmanagedKind(std::string_view kind, const catalog::Scope& scope);

std::string ExpandSnapshotTemplate(std::string_view text, const QueryDialect& dialect);

}  // namespace ballast::introspect
