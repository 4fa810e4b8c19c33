// SPDX-License-Identifier: Apache-2.0
// The parts of the snapshot query, one for each object kind. A part is a common table expression
// that lists the objects, and SELECTs that return their properties.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::introspect {

struct SnapshotQueryPart {
  std::string_view name;  // name of the common table expression
  // Its SELECT. If `listed`, it has the columns class, oid, kind, object, note, owner (NULL: not
  // reported), grantor (the actual owner), acl, acltype (as for acldefault()); owner, grants,
  // comments and security labels are then reported automatically. `note` is prepended to these
  // properties, for parts of an object.
  std::string_view query;
  // SELECTs of (kind, object, property, value, wording), joined with UNION ALL; may be empty. A row
  // with a NULL value is ignored inside @properties and must not occur elsewhere. Wording: 0, equal
  // on all versions; 1, versions differ; 2, an expression with differences between versions.
  std::string_view snapshot;
  // Kinds of database-level objects: the part is omitted if the scope names none of them. Empty:
  // never omitted.
  std::vector<std::string_view> global_kinds = {};
  bool listed = true;
  std::string_view optional_kind = {};  // one of OptionalObjectKinds(), or none
  int vocabulary = 1;                   // the first vocabulary that includes the part
};

// Kinds that most databases do not use. Checking for their existence is much cheaper than reading a
// part. The SELECT returns rows if objects can exist, in or out of scope.
struct OptionalObjectKind {
  std::string_view name;
  std::string guard;
  int vocabulary = 1;  // the first vocabulary that includes the kind
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

// The privileges on every object of `o`, the list of all listed parts: actual and default ones
// (kind, object, note, owner, acl, base, open; and defaults, which default privileges would grant).
std::string_view PrivilegesQuery();
// The same for the system columns of tables; since vocabulary 2.
std::string_view SystemColumnPrivilegesQuery();
// The same for objects of initdb and of extensions, for scopes that include them.
std::string_view SystemPrivilegesQuery();
// What only the scope asks for: privileges that do not follow from access lists, and roles.
std::vector<SnapshotQueryPart> ConditionParts(const catalog::Scope& scope);
// Tables of the release in publications that are not in scope, likewise.
std::vector<SnapshotQueryPart> PublishedTableParts(const catalog::Scope& scope);
// Grants, owners, comments and security labels of `rights`, `o` and `columns`.
std::vector<SnapshotQueryPart> PrivilegeParts();

}  // namespace ballast::introspect
