// SPDX-License-Identifier: Apache-2.0
// One step of the script as a value, and what ties steps together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/script_section.h"

namespace ballast::catalog {

// An object's identity inside one database: catalog, OID and column number, as in pg_depend
// (PostgreSQL manual 53.18). Good for edges only; nothing is ever ordered by it.
struct ObjectId {
  uint32_t catalog = 0;
  uint32_t object = 0;
  int32_t part = 0;

  bool operator==(const ObjectId&) const = default;
  auto operator<=>(const ObjectId&) const = default;
};

// `from` cannot be without `to`. `kind` is pg_depend.deptype.
struct Dependency {
  ObjectId from;
  ObjectId to;
  char kind = 'n';
};

// A part of a statement that may stand alone to break a circle: a domain's check.
struct Clause {
  ObjectId id;
  std::string inside;  // " CONSTRAINT c CHECK (…)"
  std::string apart;   // "ALTER DOMAIN d ADD CONSTRAINT c CHECK (…);\n"
};

// One step of the script that makes one object, and what must stand before it.
struct Definition {
  ObjectId id;
  Step step = Step::kCreateTable;
  Name name;           // orders steps of one kind
  std::string detail;  // orders those of one name: arguments, the table …
  std::string statements;
  std::vector<ObjectId> needs;  // beyond what the edges say
  // Its statements run code of functions that the edges do not see (bodies are only text), so all
  // functions should stand before it where that is possible.
  bool runs_functions = false;
  // Stands in for `statements` where the object is part of a circle; `statements` follow later
  // (CREATE OR REPLACE). Views only.
  std::string placeholder;
  ObjectId body;               // of a view: its rule, whose edges are those of `statements`
  std::vector<ObjectId> also;  // made with it
  // Further clauses of the statement, each of which can be left for later; where there are any,
  // `statements` has no semicolon.
  std::vector<Clause> clauses;
};

}  // namespace ballast::catalog
