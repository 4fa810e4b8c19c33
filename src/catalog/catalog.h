// SPDX-License-Identifier: Apache-2.0
// The model of tables, indexes and enums: `schema sql` makes it from a data model, and the baseline
// is rendered from it. Names are raw (unquoted); an empty schema is the target schema, whose
// objects are always written unqualified. Types, expressions and definitions are SQL as the server
// prints it with only the target schema on the search_path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ballast::catalog {

struct Name {
  std::string schema;  // empty: the target schema
  std::string name;

  bool operator==(const Name&) const = default;
  auto operator<=>(const Name&) const = default;
};

// For SQL: "billing"."Invoice", or "Invoice" in the target schema.
std::string QuotedName(const Name& name);

struct Schema {
  std::string name;
};

struct Extension {
  std::string name;
  std::string schema;   // WITH SCHEMA; empty: omitted
  std::string version;  // VERSION; empty: the server's default
};

struct Enum {
  Name name;
  std::vector<std::string> values;  // in enum order
};

struct Column {
  std::string name;
  std::string type;             // "TEXT", "integer", "\"Role\"[]", "VARCHAR(20)"
  std::string foreign_options;  // of a foreign table: "OPTIONS (…)", right after the type
  std::string collation;        // as written after COLLATE; empty: the type's own
  bool not_null = false;
  std::string not_null_name;       // CONSTRAINT name of NOT NULL; empty: omitted
  std::string not_null_tail;       // "NO INHERIT" after it
  std::string default_value;       // expression; empty: none
  std::string generated;           // expression of GENERATED ALWAYS AS (…); empty: none
  bool generated_virtual = false;  // PostgreSQL 18: VIRTUAL instead of STORED
  std::string identity;            // "ALWAYS", "BY DEFAULT" or empty
  std::string identity_options;    // inside the parentheses; empty: defaults
};

struct PrimaryKey {
  std::string name;
  std::vector<std::string> columns;
};

// One key of an index: a column by name, or an expression.
struct IndexKey {
  std::string column;          // raw name; empty for an expression
  std::string expression;      // as the server prints it, with its parentheses if it needs them
  std::string collation;       // as written after COLLATE; empty: omitted
  std::string operator_class;  // as written, options included
  std::string order;           // "", "ASC", "DESC", "DESC NULLS LAST" …
};

struct Index {
  std::string name;
  Name table;
  bool unique = false;
  std::string method;  // "GIN"; empty: BTREE
  std::vector<IndexKey> keys;
  std::string include;  // inside INCLUDE ( ), as SQL; empty: none
  bool nulls_not_distinct = false;
  bool only = false;       // ON ONLY: for a partitioned table, attached later
  std::string parameters;  // inside WITH ( ); empty: none
  std::string tablespace;
  std::string predicate;  // after WHERE; empty: none
};

struct ForeignKey {
  std::string name;
  Name table;
  std::vector<std::string> columns;
  Name referenced_table;
  std::vector<std::string> referenced_columns;
  std::string on_delete;  // "RESTRICT", "CASCADE", "SET NULL", "NO ACTION", "SET DEFAULT"
  std::string on_update;
  std::string tail;  // everything after ON UPDATE: "DEFERRABLE INITIALLY DEFERRED", "NOT VALID" …
  // If not empty: everything after the name, instead of the fields above (MATCH FULL, PERIOD).
  std::string definition;
};

struct Table {
  Name name;
  std::vector<Column> columns;  // in physical order
  std::optional<PrimaryKey> primary_key;
  // Complete further lines inside the parentheses: "CONSTRAINT \"c\" CHECK (…)".
  std::vector<std::string> constraints;
  std::string
      tail;  // after the closing parenthesis: "PARTITION BY RANGE (…)", "WITH (…)", "INHERITS (…)"
  bool unlogged = false;
};

}  // namespace ballast::catalog
