// SPDX-License-Identifier: Apache-2.0
// What a definition says, as values: the difference of two databases is computed from these, and
// never by reading the definition's SQL again.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "catalog/catalog.h"

namespace ballast::catalog {

// CREATE DOMAIN. Its checks are clauses of the definition, or definitions of their own.
struct Domain {
  std::string type;       // with its modifier: "numeric(6,2)"
  std::string collation;  // as written after COLLATE; empty: the type's own
  std::string default_value;
  bool not_null = false;
};

// CREATE TYPE … AS (…).
struct CompositeType {
  struct Attribute {
    std::string name;  // raw
    std::string type;
  };
  std::vector<Attribute> attributes;
};

// CREATE TYPE … AS RANGE (…).
struct RangeType {};

// CREATE VIEW: its columns with their types, "NULL::integer AS id".
struct ViewColumns {
  std::vector<std::string> columns;
};

// What OR REPLACE cannot change of a function or a procedure.
struct RoutineSignature {
  std::string arguments;  // with their names and defaults
  std::string result;     // empty for a procedure

  bool operator==(const RoutineSignature&) const = default;
};

// CREATE STATISTICS.
struct Statistics {
  bool has_target = false;  // ALTER STATISTICS … SET STATISTICS
};

// ALTER DEFAULT PRIVILEGES.
struct DefaultPrivileges {
  bool in_schema = false;  // IN SCHEMA, which the definition names; else in every schema
};

// What a statement creates, for the kinds that are altered in place or looked into.
using CreatedObject =
    std::variant<std::monostate, Enum, Extension, Domain, CompositeType, RangeType, ViewColumns,
                 RoutineSignature, Statistics, DefaultPrivileges>;

// One property that a definition gives to an existing object, as complete statements, each ended by
// ";\n".
struct Setting {
  std::string set;
  std::string reset;        // takes it back; empty: it ends with the object
  std::string column = {};  // the raw name of the column that has it; empty: the object has it
  bool storage = false;     // SET STORAGE; `reset` names the default of the column's type
  // The column loses it when it gets another type.
  bool reset_by_type = false;
};

// All `set` statements, in order.
inline std::string SetStatements(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) text += setting.set;
  return text;
}

}  // namespace ballast::catalog
