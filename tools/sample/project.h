// SPDX-License-Identifier: Apache-2.0
// The Prisma project that grows: what schema.prisma says at a moment.
#pragma once

#include <string>
#include <vector>

namespace ballast::sample {

struct Column {
  std::string name;
  std::string type;      // Prisma's: "String", "Int", an enum
  std::string native;    // "@db.VarChar(80)"; empty: Prisma's default
  std::string sql_type;  // "TEXT", "\"Role\"", "TEXT[]"
  bool required = true;
  bool list = false;
  std::string default_value;  // Prisma's: "0", "now()", "ACTIVE"
  std::string sql_default;    // "0", "CURRENT_TIMESTAMP"
  std::string attributes;     // further ones: "@updatedAt"
};

struct Index {
  std::vector<std::string> columns;
  bool unique = false;
};

struct Reference {
  std::string column;
  std::string table;
  std::string on_delete;  // Prisma's: "Cascade", "SetNull", "Restrict"
};

struct Table {
  std::string name;
  std::vector<Column> columns;  // the first is the id
  std::vector<Index> indexes;
  std::vector<Reference> references;
  std::vector<std::string> further_lines;  // of the model, for what special migrations add
  bool is_core = false;  // the special migrations count on it: not renamed, not dropped

  Column* Find(const std::string& column);
  bool IsIndexed(const std::string& column) const;
  bool IsReference(const std::string& column) const;
};

struct Enum {
  std::string name;
  std::vector<std::string> values;
};

// A many-to-many relation without a model of its own; a ≤ b.
struct Join {
  std::string a;
  std::string b;

  std::string Name() const { return a + "To" + b; }
};

struct Project {
  std::vector<Enum> enums;
  std::vector<Table> tables;
  std::vector<Join> joins;
  std::vector<std::string> further_models;  // Prisma text of what the special migrations make
  int renamed = 0;

  Table* Find(const std::string& name);
  bool IsReferenced(const std::string& table) const;
};

// Prisma's default names (prisma-engines psl/parser-database/src/…/constraint_namespace).
std::string IndexName(const std::string& table, const Index& index);
std::string ReferenceName(const std::string& table, const std::string& column);

std::string RenderSchema(const Project& project);

// DDL in Prisma's layout, each with its comment line and final newline.
std::string CreateTableSql(const Table& table);
std::string CreateEnumSql(const Enum& value);
std::string CreateIndexSql(const std::string& table, const Index& index);
std::string AddReferenceSql(const std::string& table, const Reference& reference);
std::string CreateJoinSql(const Project& project, const Join& join);
std::string ColumnSql(const Column& column);  // "\"name\" TEXT NOT NULL DEFAULT ''"

}  // namespace ballast::sample
