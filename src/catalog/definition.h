// SPDX-License-Identifier: Apache-2.0
// One step of the baseline script as a value, and its dependencies.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/created_object.h"
#include "catalog/script_section.h"

namespace ballast::catalog {

// An object's identity within one database: catalog, OID and column number, as in pg_depend
// (PostgreSQL manual, "pg_depend"). Used for dependencies only; nothing is ordered by it.
struct ObjectId {
  uint32_t catalog = 0;
  uint32_t object = 0;
  int32_t part = 0;

  bool operator==(const ObjectId&) const = default;
  auto operator<=>(const ObjectId&) const = default;
};

// `from` depends on `to`. `kind` is pg_depend.deptype.
struct Dependency {
  ObjectId from;
  ObjectId to;
  char kind = 'n';
};

// ObjectId::part of steps that change an object that another step creates; the part of a column is
// its number, above zero. Each value has a number subtracted that distinguishes the steps on one
// object.
constexpr int32_t kSectionParts = -1000;      // SectionObject, when definitions are made
constexpr int32_t kTableChangeParts = -2000;  // TableObject::changes
constexpr int32_t kIndexChangePart = -3000;   // clustering, replica identity, statistics targets

// In TableObject::changes:
constexpr int32_t kRowSecurityPart = kTableChangeParts - 1;
constexpr int32_t kReplicaIdentityPart = kTableChangeParts - 2;
constexpr int32_t kAttachPartitionPart = kTableChangeParts - 3;
constexpr int32_t kColumnSettingsPart = kTableChangeParts - 4;

// In the definitions of a table. The part of a column that differs from its parent's is this number
// minus the index of the column.
constexpr int32_t kInheritedColumnParts = kSectionParts - 10;

// The step ALTER SEQUENCE … OWNED BY of a sequence.
constexpr ObjectId OwnedByStep(ObjectId sequence) {
  return {sequence.catalog, sequence.object, kSectionParts - 2};
}

// A part of a statement that can be written separately to break a cycle: a domain's check.
struct Clause {
  ObjectId id;
  std::string name;    // of the constraint, raw
  std::string inside;  // " CONSTRAINT c CHECK (…)"
  std::string apart;   // "ALTER DOMAIN d ADD CONSTRAINT c CHECK (…);\n"
};

// Replaces the dependency `from` → `to`: functions of a base type need only its shell type.
struct Redirect {
  ObjectId from;
  ObjectId to;
  ObjectId instead;
};

// A trigger that a partition has from the partitioned table.
struct TriggerCopy {
  ObjectId copied_from;
  ObjectId table_id;
  Name table;
  std::string name;  // raw
};

// One step of the script that creates one object, and what must precede it.
struct Definition {
  ObjectId id;
  Step step = Step::kCreateTable;
  Name name;           // orders steps of the same section
  std::string detail;  // orders steps of the same name: arguments, the table …
  std::string statements;
  CreatedObject created;          // what they create, for some kinds
  std::vector<Setting> settings;  // what they set on existing objects, if they create nothing
  std::vector<ObjectId> needs;    // in addition to the dependencies
  // Its statements call functions whose bodies are only text, so that pg_depend does not show what
  // they use. All functions should precede it where possible.
  bool runs_functions = false;
  // For views in a dependency cycle: written instead of `statements`, which follow later as CREATE
  // OR REPLACE.
  std::string placeholder;
  ObjectId body;               // of a view: its rule, which has the dependencies of `statements`
  std::vector<ObjectId> also;  // other objects that it creates
  // Further clauses of the statement, each of which can be written later. If there are any,
  // `statements` has no semicolon.
  std::vector<Clause> clauses;
};

}  // namespace ballast::catalog
