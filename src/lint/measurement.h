// SPDX-License-Identifier: Apache-2.0
// Measurements made in a scratch server while the statements of a migration ran. Objects are
// identified by OID, so that a renamed object remains the same object.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "release/migration.h"
#include "sql/lock_mode.h"
#include "sql/statement.h"

namespace ballast::lint {

using Oid = uint32_t;

struct Column {
  std::string name;
  std::string type;   // as format_type() prints it, "character varying(20)"
  Oid enum_type = 0;  // of the column or its array elements; 0: not an enum
  bool not_null = false;
  bool has_default = false;  // also an identity or a generated column
  bool is_generated = false;
  std::string base_type = {};           // of a domain; else empty
  std::string default_expression = {};  // as SQL; empty: none, or the column computes its values
  bool may_have_nulls = false;          // in rows that were there before its NOT NULL NOT VALID
};

// A key of an index. Keys of equal operator classes and collations find the same values equal.
struct IndexKey {
  int column = 0;  // attnum; 0: an expression
  Oid operator_class = 0;
  Oid collation = 0;

  bool operator==(const IndexKey&) const = default;
};

// A table, partitioned table, view, materialized view, foreign table, index or sequence.
struct Relation {
  std::string schema;
  std::string name;
  char kind = 'r';  // pg_class.relkind
  Oid file = 0;     // pg_class.relfilenode; a new value means that a statement rewrote the table
  Oid table = 0;    // the table of an index; else 0
  Oid partition_of = 0;                 // the partitioned table of a partition; else 0
  std::vector<Oid> inherits_from = {};  // tables, if it is no partition
  std::vector<IndexKey> keys = {};      // of an index, without INCLUDE
  bool is_unique = false;               // an index
  // A unique index that holds for every row at any time: valid, not partial, not deferrable.
  bool proves_unique = false;
  bool can_be_key = false;  // an index that a constraint can take over (USING INDEX)
  bool is_default_partition = false;
  std::map<int, Column> columns = {};      // by attnum
  std::set<std::string> constraints = {};  // their names

  bool IsTable() const { return kind == 'r' || kind == 'p' || kind == 'f'; }
  bool IsIndex() const { return kind == 'i' || kind == 'I'; }
  bool IsComposite() const { return kind == 'c'; }  // a type
};

struct EnumType {
  std::string schema;
  std::string name;
  std::map<Oid, std::string> labels = {};  // by pg_enum.oid
};

struct CatalogState {
  std::map<Oid, Relation> relations;
  std::map<Oid, EnumType> enums;
};
using CatalogPointer = std::shared_ptr<const CatalogState>;

// A lock on a relation that existed before the statement.
struct HeldLock {
  sql::LockMode mode = sql::LockMode::kNone;
  Oid relation = 0;

  bool operator==(const HeldLock&) const = default;
};

struct BuiltIndex {
  Oid index = 0;
  Oid table = 0;
  std::string name;
  bool unique = false;
  // From pg_get_indexdef(), without what comes before it: "USING btree (id) WHERE …". Empty if the
  // rebuilt index existed before.
  std::string definition;
  std::string keys;       // its columns and expressions without INCLUDE, as SQL; likewise
  std::string predicate;  // of a partial index, as SQL
  bool concurrently = false;
};

struct AddedConstraint {
  Oid table = 0;
  std::string name;
  char type = 'c';         // pg_constraint.contype
  std::string definition;  // from pg_get_constraintdef()
  bool validated = false;
  bool existed = false;     // it existed and was not validated
  bool made_again = false;  // the table had a constraint of this name, which no longer exists
};

struct StatementTrace {
  sql::Statement statement;  // views into the script
  // The first statement of its transaction; locks are held until the end of that. 0-based.
  size_t transaction = 0;
  // Locks that the statement itself acquires. In a transaction that cannot be divided, those that
  // earlier statements hold are not repeated.
  std::vector<HeldLock> locks;
  std::vector<Oid> rewritten;  // existing tables
  std::vector<Oid> scanned;    // existing tables that were read completely
  std::vector<Oid> checked;    // those of them that were read not only to build their indexes
  std::vector<BuiltIndex> indexes;
  std::vector<AddedConstraint> constraints;
  CatalogPointer before;
  CatalogPointer after;
};

struct MigrationTrace {
  std::string name;
  std::string file;        // for places: "prisma/migrations/2025…/migration.sql"
  release::Script script;  // the statements are views into it
  std::vector<StatementTrace> statements;
  CatalogPointer before;
  CatalogPointer after;
};

// A table of the live database.
struct LiveTable {
  double rows = -1;        // pg_class.reltuples of all partitions; -1: never analyzed
  int64_t bytes = 0;       // pg_total_relation_size() of all partitions
  int64_t heap_bytes = 0;  // without indexes; 0: empty
};
// By schema and name.
using LiveTables = std::map<std::pair<std::string, std::string>, LiveTable>;

}  // namespace ballast::lint
