// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/project.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace ballast::sample {

Column* Table::Find(const std::string& column) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& c) { return c.name == column; });
  return found == columns.end() ? nullptr : &*found;
}

bool Table::IsIndexed(const std::string& column) const {
  return std::any_of(indexes.begin(), indexes.end(), [&](const Index& index) {
    return std::find(index.columns.begin(), index.columns.end(), column) != index.columns.end();
  });
}

bool Table::IsReference(const std::string& column) const {
  return std::any_of(references.begin(), references.end(),
                     [&](const Reference& reference) { return reference.column == column; });
}

Table* Project::Find(const std::string& name) {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const Table& t) { return t.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

bool Project::IsReferenced(const std::string& table) const {
  const bool joined = std::any_of(joins.begin(), joins.end(), [&](const Join& join) {
    return join.a == table || join.b == table;
  });
  return joined || std::any_of(tables.begin(), tables.end(), [&](const Table& other) {
           return std::any_of(other.references.begin(), other.references.end(),
                              [&](const Reference& r) { return r.table == table; });
         });
}

std::string IndexName(const std::string& table, const Index& index) {
  return table + "_" + ::ballast::Join(index.columns, "_") + (index.unique ? "_key" : "_idx");
}

std::string ReferenceName(const std::string& table, const std::string& column) {
  return table + "_" + column + "_fkey";
}

namespace {

std::string FieldLine(const Column& column, bool is_id) {
  std::string line = fmt::format("  {} {}{}", column.name, column.type,
                                 column.list       ? "[]"
                                 : column.required ? ""
                                                   : "?");
  if (is_id) line += " @id";
  if (!column.default_value.empty()) line += fmt::format(" @default({})", column.default_value);
  if (!column.attributes.empty()) line += " " + column.attributes;
  if (!column.native.empty()) line += " " + column.native;
  return line + "\n";
}

// Every relation has a name, so that two between the same models do not collide.
std::string RelationLine(const Table& table, const Reference& reference, bool required) {
  return fmt::format(
      "  {}_rel {}{} @relation(\"{}_{}\", fields: [{}], references: [id], onDelete: {}, onUpdate: "
      "Cascade)\n",
      reference.column, reference.table, required ? "" : "?", table.name, reference.column,
      reference.column, reference.on_delete);
}

std::string BackRelations(const Project& project, const Table& table) {
  std::string lines;
  for (const Table& other : project.tables) {
    for (const Reference& reference : other.references) {
      if (reference.table != table.name) continue;
      lines +=
          fmt::format("  of_{0}_{1} {0}[] @relation(\"{0}_{1}\")\n", other.name, reference.column);
    }
  }
  for (const Join& join : project.joins) {
    if (join.a == table.name) {
      lines += fmt::format("  with_{0} {0}[] @relation(\"{1}\")\n", join.b, join.Name());
    } else if (join.b == table.name) {
      lines += fmt::format("  with_{0} {0}[] @relation(\"{1}\")\n", join.a, join.Name());
    }
  }
  return lines;
}

std::string RenderModel(const Project& project, const Table& table) {
  std::string text = fmt::format("model {} {{\n", table.name);
  for (const Column& column : table.columns) {
    text += FieldLine(column, &column == &table.columns.front());
  }
  for (const Reference& reference : table.references) {
    Table copy = table;
    text += RelationLine(table, reference, copy.Find(reference.column)->required);
  }
  text += BackRelations(project, table);
  for (const std::string& line : table.further_lines) text += "  " + line + "\n";
  for (const Index& index : table.indexes) {
    text += fmt::format("\n  @@{}([{}])", index.unique ? "unique" : "index",
                        ::ballast::Join(index.columns, ", "));
  }
  return text + (table.indexes.empty() ? "}\n" : "\n}\n");
}

}  // namespace

std::string RenderSchema(const Project& project) {
  std::string text = R"(generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_URL")
}
)";
  for (const Table& table : project.tables) text += "\n" + RenderModel(project, table);
  for (const std::string& model : project.further_models) text += "\n" + model;
  for (const Enum& value : project.enums) {
    text +=
        fmt::format("\nenum {} {{\n  {}\n}}\n", value.name, ::ballast::Join(value.values, "\n  "));
  }
  return text;
}

std::string ColumnSql(const Column& column) {
  std::string text = fmt::format("\"{}\" {}", column.name, column.sql_type);
  if (column.required && !column.list) text += " NOT NULL";
  if (!column.sql_default.empty()) text += " DEFAULT " + column.sql_default;
  return text;
}

std::string CreateTableSql(const Table& table) {
  std::string text = fmt::format("-- CreateTable\nCREATE TABLE \"{}\" (\n", table.name);
  for (const Column& column : table.columns) text += "    " + ColumnSql(column) + ",\n";
  return text + fmt::format("\n    CONSTRAINT \"{}_pkey\" PRIMARY KEY (\"{}\")\n);\n", table.name,
                            table.columns.front().name);
}

std::string CreateEnumSql(const Enum& value) {
  return fmt::format("-- CreateEnum\nCREATE TYPE \"{}\" AS ENUM ('{}');\n", value.name,
                     ::ballast::Join(value.values, "', '"));
}

std::string CreateIndexSql(const std::string& table, const Index& index) {
  return fmt::format("-- CreateIndex\nCREATE {}INDEX \"{}\" ON \"{}\"(\"{}\");\n",
                     index.unique ? "UNIQUE " : "", IndexName(table, index), table,
                     ::ballast::Join(index.columns, "\", \""));
}

std::string AddReferenceSql(const std::string& table, const Reference& reference) {
  const std::string action = reference.on_delete == "SetNull"   ? "SET NULL"
                             : reference.on_delete == "Cascade" ? "CASCADE"
                                                                : "RESTRICT";
  return fmt::format(
      "-- AddForeignKey\nALTER TABLE \"{0}\" ADD CONSTRAINT \"{1}\" FOREIGN KEY (\"{2}\") "
      "REFERENCES "
      "\"{3}\"(\"id\") ON DELETE {4} ON UPDATE CASCADE;\n",
      table, ReferenceName(table, reference.column), reference.column, reference.table, action);
}

std::string CreateJoinSql(const Project& project, const Join& join) {
  Project copy = project;
  const auto type_of = [&](const std::string& table) {
    const std::string& type = copy.Find(table)->columns.front().sql_type;
    return type == "SERIAL" ? "INTEGER" : type == "BIGSERIAL" ? "BIGINT" : type;
  };
  return fmt::format(
      R"(-- CreateTable
CREATE TABLE "_{0}" (
    "A" {1} NOT NULL,
    "B" {2} NOT NULL,

    CONSTRAINT "_{0}_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_{0}_B_index" ON "_{0}"("B");

-- AddForeignKey
ALTER TABLE "_{0}" ADD CONSTRAINT "_{0}_A_fkey" FOREIGN KEY ("A") REFERENCES "{3}"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_{0}" ADD CONSTRAINT "_{0}_B_fkey" FOREIGN KEY ("B") REFERENCES "{4}"("id") ON DELETE CASCADE ON UPDATE CASCADE;
)",
      join.Name(), type_of(join.a), type_of(join.b), join.a, join.b);
}

}  // namespace ballast::sample
