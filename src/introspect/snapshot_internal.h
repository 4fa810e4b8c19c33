// SPDX-License-Identifier: Apache-2.0
// The parts that the query of facts is made of, one for each kind of objects. A part is a common
// table expression that lists the objects, and the selects that say their properties.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::introspect {

struct SnapshotQueryPart {
  std::string_view name;  // of the expression
  // Its select. When `listed` it has the columns class, oid, kind, object, note, owner (NULL: never
  // said), grantor (the true owner), acl, acltype (as for acldefault()): then owner, grants,
  // comments and security labels need no word here. `note` stands before these properties, for what
  // belongs to an object without being one.
  std::string_view query;
  // Selects of (kind, object, property, value, wording), joined with UNION ALL; empty: none. A
  // property whose value is NULL is no fact; outside of @properties there are none. Wording: 0, the
  // same on every version; 1, versions differ; 2, an expression, in which some words differ.
  std::string_view snapshot;
  // Kinds of objects of the database itself: the part is left out where the scope has none of
  // them. Empty: always there.
  std::vector<std::string_view> global_kinds = {};
  bool listed = true;
  std::string_view optional_kind = {};  // one of OptionalObjectKinds(), or none
  int vocabulary = 1;                   // the first that has the part
};

// Parts that most databases have nothing for. Looking whether there is anything costs the server
// far less than reading a part: a select that gives rows where there may be, in or out of scope.
struct OptionalObjectKind {
  std::string_view name;
  std::string guard;
  int vocabulary = 1;  // the first that has the kind
};
std::vector<OptionalObjectKind> OptionalObjectKinds(int vocabulary);

std::vector<SnapshotQueryPart> RelationParts();    // schemas, tables, views, sequences, columns
std::vector<SnapshotQueryPart> ConstraintParts();  // indexes, constraints, statistics
std::vector<SnapshotQueryPart> RoutineParts();  // functions, aggregates, triggers, rules, policies
std::vector<SnapshotQueryPart> TypeParts();  // enums, domains, composite, range, base; collations
std::vector<SnapshotQueryPart>
OperatorParts();  // operators, classes, families, casts, conversions …
std::vector<SnapshotQueryPart> TextSearchParts();
std::vector<SnapshotQueryPart> ForeignParts();   // wrappers, servers, user mappings
std::vector<SnapshotQueryPart> DatabaseParts();  // extensions, publications, settings …

// The rights on every object of `o`, the list of all listed parts: as they are and as they would be
// had nobody changed them (kind, object, note, owner, acl, base, open; and defaults, what default
// privileges would give).
std::string_view PrivilegesQuery();
// The same for the system columns of tables; since vocabulary 2.
std::string_view SystemColumnPrivilegesQuery();
// The same for what initdb and extensions made; for scopes that look at it.
std::string_view SystemPrivilegesQuery();
// Grants, owners, comments and security labels, over `rights`, `o` and `columns`.
std::vector<SnapshotQueryPart> PrivilegeParts();

}  // namespace ballast::introspect
