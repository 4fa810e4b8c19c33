// SPDX-License-Identifier: Apache-2.0
// A live database as values: all that the baseline is written from. Texts are as the server prints
// them with the target schema alone on the search_path, so the target's own names stand bare.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/definition.h"

namespace ballast::catalog {

// How COMMENT ON, ALTER … OWNER TO and GRANT … ON speak of an object.
struct Address {
  std::string kind;  // "TABLE", "MATERIALIZED VIEW", "CONSTRAINT"
  std::string text;  // "\"User\"", "\"User_pkey\" ON \"User\""
  std::string owner;
  bool owner_follows = false;  // has no owner of its own, or has its table's
  // An expression that names the object when the script runs: `text` is "%I" then.
  std::string named_by;         // "current_schema()", "current_database()"
  bool owner_changed = false;   // said even where the owner is the one who reads
  std::string column;           // of a COLUMN: its quoted name, with which `text` ends
  std::string grant_text = {};  // how GRANT writes it; empty: as `text`
};

struct TableConstraint {
  ObjectId id;
  ObjectId index;  // of a key; object 0: none
  std::string name;
  char type = 'c';            // pg_constraint.contype: c, u, p, x
  std::string definition;     // "CHECK ((a > 0))"
  bool apart = false;         // cannot stand in CREATE TABLE: NOT VALID, ONLY …
  bool repeats = false;       // a key that asks for the same index as one before it
  bool only = false;          // of the partitioned table alone: partitions' keys are attached to it
  bool inherited = false;     // not declared here; INHERITS brings it
  bool from_above = false;    // the same, or the partitioned table brings it
  ObjectId parent_index;      // of a partition's key: the index above
  bool by_attaching = false;  // of a partition: no index that is there would be taken for it
};

// What SERIAL, OWNED BY and IDENTITY need to know.
struct Sequence {
  ObjectId id;
  Name name;
  std::string type;  // "bigint"
  int64_t start = 1, minimum = 1, maximum = 0, increment = 1, cache = 1;
  bool cycle = false;
  bool unlogged = false;
  ObjectId column;        // owner: table and column number; object 0: none
  bool identity = false;  // belongs to an identity column
  int64_t last_value = 1;
  bool is_called = false;
};

struct TableObject {
  ObjectId id;
  Table table;                          // with default values, without its constraints
  std::vector<ObjectId> defaults;       // per column, as the default's own identity
  std::vector<std::string> bare_types;  // per column: the type without its modifier
  std::vector<int32_t> numbers;         // per column: pg_attribute.attnum
  std::vector<TableConstraint> constraints;
  std::vector<ObjectId> parents;
  std::string bound;                 // of a partition: "FOR VALUES …", "DEFAULT"
  std::vector<bool> inherited;       // per column: not declared here (attislocal is false)
  std::vector<bool> merged;          // per column: a parent has it, too
  std::vector<bool> not_null_local;  // per column: its NOT NULL is declared here
  std::vector<ObjectId> not_nulls;   // per column: PostgreSQL 18 has them as constraints
  bool foreign = false;              // its tail has SERVER and OPTIONS
  std::string of_type;               // OF type, as written
  std::vector<Definition> changes;   // ALTER TABLE steps of its own
};

struct IndexObject {
  ObjectId id;
  Index index;
  ObjectId table;
  ObjectId parent;         // the partitioned index that it belongs to; object 0: none
  bool on_view = false;    // of a materialized view
  std::string statistics;  // ALTER INDEX … statements
};

struct ForeignKeyObject {
  ObjectId id;
  ForeignKey key;
  ObjectId table;
  std::vector<ObjectId> needs;  // also: partitions' keys of other names, which it takes in
};

struct Comment {
  ObjectId id;
  std::string text;
};

// In place of the edge `from` → `to`: functions of a base type need only its shell.
struct Redirect {
  ObjectId from;
  ObjectId to;
  ObjectId instead;
};

// One right as aclexplode gives it.
struct Grant {
  ObjectId id;
  std::string grantor;
  std::string grantee;  // empty: PUBLIC
  std::string privilege;
  bool grantable = false;

  bool operator==(const Grant&) const = default;
};

struct UnsupportedObject {
  std::string kind;
  std::string name;
};

struct Database {
  std::string owner;  // who made most of it: the role that read it
  std::vector<Definition> definitions;
  std::vector<TableObject> tables;
  std::vector<Sequence> sequences;
  std::vector<IndexObject> indexes;
  std::vector<ForeignKeyObject> foreign_keys;
  std::vector<Dependency> dependencies;
  std::map<ObjectId, Address> addresses;
  std::vector<Comment> comments;
  std::vector<Grant> grants;        // of objects whose rights were touched
  std::vector<Grant> usual_grants;  // what those would have had untouched
  std::vector<UnsupportedObject> uncarried;
  std::vector<Redirect> redirects;
  std::vector<std::string> notices;  // what a reader should know
  bool has_functions = false;
  // Where objects of the target schema have names that pg_catalog has too: that schema, which the
  // texts then name. Empty: the script fits any schema.
  std::string only_schema;
};

}  // namespace ballast::catalog
