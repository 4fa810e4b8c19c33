// SPDX-License-Identifier: Apache-2.0
// What a script leaves behind by name: the objects that it creates and drops, as PostgreSQL's
// grammar reads them. For whoever has to tell how far a script came that did not finish.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

enum class ObjectKind {
  kRelation,  // a table, view, index or sequence: they share their names
  kColumn,
  kConstraint,
  kTrigger,
  kType,
  kEnumValue,
  kFunction,
  kSchema,
  kExtension
};

// Names are raw, as the catalog has them; an empty schema is the session's own.
struct Effect {
  ObjectKind kind = ObjectKind::kRelation;
  std::string word;  // "table", "index", "column" … for people
  std::string schema;
  std::string parent;  // the table of a column, constraint or trigger; the type of an enum value
  std::string name;
  bool there = true;  // afterwards it is there; else it is gone

  bool operator==(const Effect&) const = default;
};

// `table A`, `column A.late`: for people.
std::string Describe(const Effect& effect);

struct Effects {
  std::vector<Effect> objects;  // each once, as the last statement about it leaves it
  int others = 0;               // statements that leave no object to look for (rows, rights …)
};

// Nothing when the grammar cannot read the script.
std::optional<Effects> EffectsOf(std::string_view script);

}  // namespace ballast::sql
