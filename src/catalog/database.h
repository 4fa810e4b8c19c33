// SPDX-License-Identifier: Apache-2.0
// The model of a live database: everything that the baseline is rendered from. Texts are as the
// server prints them with only the target schema on the search_path, so its objects are
// unqualified.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/address.h"
#include "catalog/catalog.h"
#include "catalog/definition.h"

namespace ballast::catalog {

struct TableConstraint {
  ObjectId id;
  ObjectId index;  // of a key; object 0 if there is none
  std::string name;
  char type = 'c';            // pg_constraint.contype: c, u, p, x
  std::string definition;     // "CHECK ((a > 0))"
  bool apart = false;         // is added separately, not in CREATE TABLE: NOT VALID, ONLY …
  bool repeats = false;       // is a key that requires the same index as an earlier one
  bool only = false;          // is added with ONLY; the keys of the partitions are attached to it
  bool inherited = false;     // is not declared here: it comes from INHERITS
  bool from_above = false;    // is inherited, or comes from the partitioned table
  ObjectId parent_index;      // for a key of a partition: the index of the partitioned table
  bool by_attaching = false;  // for a partition: no existing index would be attached for it
};

// A sequence, with what SERIAL, OWNED BY and IDENTITY need.
struct Sequence {
  ObjectId id;
  Name name;
  std::string type;  // "bigint"
  int64_t start = 1, minimum = 1, maximum = 0, increment = 1, cache = 1;
  bool cycle = false;
  bool unlogged = false;
  ObjectId column;        // the owner: table and column number; object 0 if there is none
  bool identity = false;  // belongs to an identity column
  int64_t last_value = 1;
  bool is_called = false;
};

struct TableObject {
  ObjectId id;
  Table table;                             // with default values, without constraints
  std::vector<ObjectId> defaults;          // per column: the identity of the default
  std::vector<std::string> bare_types;     // per column: the type without modifier
  std::vector<std::string> type_storages;  // per column: the type's own, "EXTENDED"
  std::vector<int32_t> numbers;            // per column: pg_attribute.attnum
  std::vector<TableConstraint> constraints;
  std::vector<ObjectId> parents;
  bool partitioned = false;          // its tail has PARTITION BY
  std::string bound;                 // for a partition: "FOR VALUES …", "DEFAULT"
  std::vector<bool> inherited;       // per column: not declared here (attislocal is false)
  std::vector<bool> merged;          // per column: a parent also has it
  std::vector<bool> not_null_local;  // per column: its NOT NULL is declared here
  // Per column: its NOT NULL remains when that of the parent is dropped, as it can since 18.
  std::vector<bool> not_null_outlives;
  // Per column: the constraint, which PostgreSQL 18 has for NOT NULL.
  std::vector<ObjectId> not_nulls;
  bool foreign = false;             // its tail has SERVER and OPTIONS
  std::string of_type;              // OF type, as written
  std::vector<Definition> changes;  // separate ALTER TABLE steps
};

struct IndexObject {
  ObjectId id;
  Index index;
  ObjectId table;
  ObjectId parent;       // the partitioned index that it belongs to; object 0 if there is none
  bool on_view = false;  // of a materialized view
  std::vector<Setting> statistics;  // targets of columns
};

struct ForeignKeyObject {
  ObjectId id;
  ForeignKey key;
  ObjectId table;
  // Including the keys of partitions that have other names, which it adopts.
  std::vector<ObjectId> needs;
};

struct Comment {
  ObjectId id;
  std::string text;
};

// One privilege, as aclexplode returns it.
struct Grant {
  ObjectId id;
  std::string grantor;
  std::string grantee;  // empty: PUBLIC
  std::string privilege;
  bool grantable = false;

  bool operator==(const Grant&) const = default;
};

// A privilege that no access list shows (kRevokedFrom, kOptionalGrantTo in property_name.h).
struct PrivilegeCondition {
  ObjectId id;
  std::string role;  // empty: PUBLIC
  std::vector<std::string> privileges;
  bool grantable = false;
  bool revoked = false;   // is revoked; otherwise granted
  bool optional = false;  // only if the role exists where the script runs
};

struct UnsupportedObject {
  std::string kind;
  std::string name;
};

struct Database {
  std::string owner;  // the role that read the database, which owns most of it
  std::vector<Definition> definitions;
  std::vector<TableObject> tables;
  std::vector<Sequence> sequences;
  std::vector<IndexObject> indexes;
  std::map<ObjectId, TriggerCopy> trigger_copies;
  std::vector<ForeignKeyObject> foreign_keys;
  std::vector<Dependency> dependencies;
  std::map<ObjectId, Address> addresses;
  std::vector<Comment> comments;
  std::vector<Grant> grants;        // of objects whose privileges differ from the defaults
  std::vector<Grant> usual_grants;  // the default privileges of those objects
  std::vector<PrivilegeCondition> conditions;
  std::vector<UnsupportedObject> unsupported;
  // Constraints some of whose triggers are disabled. They are `unsupported`, because a new
  // constraint has enabled ones.
  std::set<ObjectId> switched_constraints;
  std::vector<Redirect> redirects;
  std::vector<std::string> notices;  // sentences for the reader of the script
  bool has_functions = false;
  // If objects of the target schema have names that pg_catalog also has: the name of the target
  // schema, which texts then contain. Empty: the script can run in any schema.
  std::string only_schema;
};

}  // namespace ballast::catalog
