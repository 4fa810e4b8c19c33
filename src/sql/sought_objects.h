// SPDX-License-Identifier: Apache-2.0
// The objects that a script looks for by name in the system catalogs, so that what it does can
// depend on whether they exist: `IF to_regprocedure('auth.uid()') IS NOT NULL THEN …`.
#pragma once

#include <compare>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ballast::sql {

enum class SoughtKind { kRelation, kRoutine, kType, kSchema, kExtension, kPublication };
std::string_view NameOf(SoughtKind kind);  // "relation", "function", "type", …
std::optional<SoughtKind> SoughtKindNamed(std::string_view name);

struct SoughtObject {
  SoughtKind kind = SoughtKind::kRelation;
  std::string name;  // as the script has it: "auth.uid()"
  // Whether the name is SQL, as to_regclass() reads it; else it is raw, as in pg_class.relname.
  bool is_sql = false;
  // Of a raw name: the raw schema that the script compares, too ("schemaname = 'auth' AND …").
  std::string schema = {};

  auto operator<=>(const SoughtObject&) const = default;
};
// Its name for messages: "auth.uid()", "auth.users".
std::string NameOf(const SoughtObject& sought);

// Finds literals that are arguments of to_regclass() and its like, or that are compared with a name
// column of a system catalog or of the information schema. By words, also in strings that may be
// code. Roles: named_roles.h.
std::set<SoughtObject> FindSoughtObjects(std::string_view script);

}  // namespace ballast::sql
