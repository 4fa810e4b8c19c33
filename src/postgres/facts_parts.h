// The parts that the query of facts is made of, one for each family of objects. A part is a common
// table expression that lists the objects, and the selects that say their properties.
#pragma once

#include <string_view>
#include <vector>

namespace ballast::postgres {

struct FactsPart {
  std::string_view name;  // of the expression
  // Its select. When `listed` it has the columns class, oid, kind, object, note, owner (NULL: never
  // said), grantor (the true owner), acl, acltype (as for acldefault()): then owner, grants,
  // comments and security labels need no word here. `note` stands before these properties, for what
  // belongs to an object without being one.
  std::string_view query;
  // Selects of (kind, object, property, value, wording), joined with UNION ALL; empty: none. A
  // property whose value is NULL is no fact; outside of @properties there are none. Wording: 0, the
  // same on every version; 1, versions differ; 2, an expression, in which some words differ.
  std::string_view facts;
  // Kinds of objects of the database itself: the part is left out where the scope has none of
  // them. Empty: always there.
  std::vector<std::string_view> global_kinds = {};
  bool listed = true;
  std::string_view family = {};  // one of RareFamilies(), or none
};

// Parts that most databases have nothing for. Looking whether there is anything costs the server
// far less than reading a part: a select that gives rows where there may be, in or out of scope.
struct RareFamily {
  std::string_view name;
  std::string_view guard;
};
std::vector<RareFamily> RareFamilies();

std::vector<FactsPart> RelationParts();    // schemas, tables, views, sequences, columns
std::vector<FactsPart> ConstraintParts();  // indexes, constraints, statistics
std::vector<FactsPart> RoutineParts();     // functions, aggregates, triggers, rules, policies
std::vector<FactsPart> TypeParts();        // enums, domains, composite, range, base; collations
std::vector<FactsPart> OperatorParts();    // operators, classes, families, casts, conversions …
std::vector<FactsPart> TextSearchParts();
std::vector<FactsPart> ForeignParts();   // wrappers, servers, user mappings
std::vector<FactsPart> DatabaseParts();  // extensions, publications, settings …

// The rights on every object of `o`, the list of all listed parts: as they are and as they would be
// had nobody changed them (kind, object, note, owner, acl, base, open; and defaults, what default
// privileges would give).
std::string_view RightsQuery();
// The same for what initdb and extensions made; for scopes that look at it.
std::string_view SystemRightsQuery();
// Grants, owners, comments and security labels, over `rights`, `o` and `columns`.
std::vector<FactsPart> RightsParts();

}  // namespace ballast::postgres
