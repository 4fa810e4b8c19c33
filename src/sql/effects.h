// SPDX-License-Identifier: Apache-2.0
// The objects that a script creates and drops, according to PostgreSQL's grammar. Used to determine
// how much of an unfinished script was applied.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace ballast::sql {

enum class ObjectKind {
  kRelation,  // a table, view, index or sequence, which share one namespace
  kColumn,
  kConstraint,
  kTrigger,
  kType,
  kEnumValue,
  kFunction,
  kSchema,
  kExtension
};

// Names are raw, as in the catalog; an empty schema is the session's.
struct Effect {
  ObjectKind kind = ObjectKind::kRelation;
  std::string word;  // for messages: "table", "index", "column" …
  std::string schema;
  std::string parent;  // the table of a column, constraint or trigger; the type of an enum value
  std::string name;
  bool exists = true;  // the object exists afterwards; false: it does not
  int statement = 0;   // the number of the first statement about the object
  // Whether that is the only one, which fails if the object is already as it leaves it (no IF
  // EXISTS, no OR REPLACE): then the object shows whether the statement has run.
  bool certain = true;

  bool operator==(const Effect&) const = default;
};

// Whether both are about one object, whatever becomes of it.
bool IsSameObject(const Effect& one, const Effect& other);

// Effects with equal keys are about one object.
using ObjectKey = std::tuple<ObjectKind, std::string, std::string, std::string>;
ObjectKey KeyOf(const Effect& effect);

// Adds the effect in place of an earlier one on the same object: the last one counts.
void AddEffect(Effect effect, std::vector<Effect>* effects);

// For people: `table "A"`, `column "A".late`, as in a snapshot.
std::string Describe(const Effect& effect);

struct Effects {
  std::vector<Effect> objects;  // each once, as the last statement about it leaves it
  int others = 0;               // statements that create or drop no object (rows, privileges …)
};

// Empty if the grammar cannot parse the script.
std::optional<Effects> EffectsOf(std::string_view script);

}  // namespace ballast::sql
