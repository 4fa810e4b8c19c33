// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/moves.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "tools/sample/columns.h"
#include "tools/sample/words.h"

namespace ballast::sample {
namespace {

std::string IdTypeOf(const Table& table) {
  const std::string& type = table.columns.front().sql_type;
  return type == "SERIAL" ? "INTEGER" : type == "BIGSERIAL" ? "BIGINT" : type;
}

std::string Snake(const std::string& name) {
  std::string snake;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !snake.empty()) snake += '_';
    snake += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return snake;
}

std::string FreeColumnName(Table& table, Random& random) {
  for (int i = 1;; ++i) {
    std::string name = ColumnWord(random.Next());
    if (i > 3) name += std::to_string(i);
    if (table.Find(name) == nullptr) return name;
  }
}

Table* AnyTable(Project& project, Random& random, bool core_too) {
  std::vector<Table*> candidates;
  for (Table& table : project.tables) {
    if (core_too || !table.is_core) candidates.push_back(&table);
  }
  return candidates.empty() ? nullptr : random.Pick(candidates);
}

// A column that is nothing but a column.
Column* AnyPlainColumn(Table& table, Random& random) {
  std::vector<Column*> candidates;
  for (size_t i = 1; i < table.columns.size(); ++i) {
    const std::string& name = table.columns[i].name;
    if (!table.IsIndexed(name) && !table.IsReference(name) && !name.ends_with("At")) {
      candidates.push_back(&table.columns[i]);
    }
  }
  return candidates.empty() || table.is_core ? nullptr : random.Pick(candidates);
}

// Adds the column, its index and its constraint to a table and gives their DDL.
std::string AddReference(Project& project, Random& random, Table& table, bool with_column) {
  std::vector<const Table*> others;
  for (const Table& other : project.tables) {
    if (other.columns.front().name == "id") others.push_back(&other);
  }
  const Table& other = *random.Pick(others);
  std::string name = Snake(other.name) + "Id";
  while (table.Find(name) != nullptr) name += "2";
  const bool required = !with_column && random.OneIn(2);
  const Column& id = other.columns.front();
  const Column column{name, id.type, id.native, IdTypeOf(other), required, false, "", "", ""};
  table.columns.push_back(column);
  const Reference reference{name, other.name,
                            required ? (random.OneIn(2) ? "Cascade" : "Restrict") : "SetNull"};
  table.references.push_back(reference);
  std::string script;
  if (with_column) {
    script = fmt::format("-- AlterTable\nALTER TABLE \"{}\" ADD COLUMN     {};\n\n", table.name,
                         ColumnSql(column));
  }
  if (random.OneIn(2)) {
    table.indexes.push_back({{name}, false});
    if (with_column) script += CreateIndexSql(table.name, table.indexes.back()) + "\n";
  }
  return script + (with_column ? AddReferenceSql(table.name, reference) : "");
}

Move AddColumn(Project& project, Random& random) {
  Table& table = *AnyTable(project, random, true);
  std::string lines;
  std::string last;
  for (size_t left = 1 + random.Below(3); left > 0; --left) {
    last = FreeColumnName(table, random);
    table.columns.push_back(AnyColumn(project, random, last));
    lines += fmt::format("{}ADD COLUMN     {}", lines.empty() ? "" : ",\n",
                         ColumnSql(table.columns.back()));
  }
  return {fmt::format("add_{}_to_{}", Snake(last), Snake(table.name)),
          fmt::format("-- AlterTable\nALTER TABLE \"{}\" {};\n", table.name, lines)};
}

Move RenameColumn(Project& project, Random& random) {
  Table* table = AnyTable(project, random, false);
  Column* column = table == nullptr ? nullptr : AnyPlainColumn(*table, random);
  if (column == nullptr) return {};
  const std::string old = column->name;
  const std::string name = FreeColumnName(*table, random);
  table->Find(old)->name = name;
  return {
      fmt::format("rename_{}_to_{}", Snake(old), Snake(name)),
      fmt::format("-- Written by hand: keep the rows\nALTER TABLE \"{}\" RENAME COLUMN \"{}\" TO "
                  "\"{}\";\n",
                  table->name, old, name)};
}

Move DropColumn(Project& project, Random& random) {
  Table* table = AnyTable(project, random, false);
  const Column* column = table == nullptr ? nullptr : AnyPlainColumn(*table, random);
  if (column == nullptr) return {};
  const std::string name = column->name;
  std::erase_if(table->columns, [&](const Column& c) { return c.name == name; });
  return {fmt::format("drop_{}", Snake(name)),
          fmt::format("/*\n  Warnings:\n\n  - You are about to drop the column `{1}` on the `{0}` "
                      "table. All the data in the column will be lost.\n\n*/\n-- AlterTable\nALTER "
                      "TABLE \"{0}\" DROP COLUMN \"{1}\";\n",
                      table->name, name)};
}

Move AddIndex(Project& project, Random& random) {
  Table& table = *AnyTable(project, random, true);
  Index index;
  for (size_t i = 1; i < table.columns.size() && index.columns.size() < 2; ++i) {
    const Column& column = table.columns[i];
    const bool usable = !column.list && column.type != "Json" && column.type != "Bytes";
    if (usable && random.OneIn(2)) index.columns.push_back(column.name);
  }
  const bool exists = std::any_of(table.indexes.begin(), table.indexes.end(),
                                  [&](const Index& i) { return i.columns == index.columns; });
  if (index.columns.empty() || exists || IndexName(table.name, index).size() > 60) return {};
  index.unique = index.columns.size() == 2 && random.OneIn(4);
  table.indexes.push_back(index);
  return {fmt::format("index_{}", Snake(table.name)), CreateIndexSql(table.name, index)};
}

Move DropIndex(Project& project, Random& random) {
  Table* table = AnyTable(project, random, false);
  if (table == nullptr || table->indexes.empty()) return {};
  const Index index = table->indexes.back();
  table->indexes.pop_back();
  return {fmt::format("drop_index_of_{}", Snake(table->name)),
          fmt::format("-- DropIndex\nDROP INDEX \"{}\";\n", IndexName(table->name, index))};
}

Move AddReferenceMove(Project& project, Random& random) {
  Table& table = *AnyTable(project, random, true);
  const std::string script = AddReference(project, random, table, true);
  return {fmt::format("link_{}", Snake(table.name)), script};
}

Move AddEnum(Project& project, Random& random) {
  const std::string name = EnumWord(random.Next()) + std::to_string(project.enums.size() + 1);
  Enum value{name, {"ACTIVE", "PAUSED", "GONE"}};
  Table& table = *AnyTable(project, random, true);
  const std::string column = FreeColumnName(table, random);
  table.columns.push_back(
      {column, name, "", "\"" + name + "\"", true, false, "ACTIVE", "'ACTIVE'", ""});
  project.enums.push_back(value);
  return {
      fmt::format("add_{}", Snake(name)),
      CreateEnumSql(value) + fmt::format("\n-- AlterTable\nALTER TABLE \"{}\" ADD COLUMN     {};\n",
                                         table.name, ColumnSql(table.columns.back()))};
}

Move AddEnumValue(Project& project, Random& random) {
  if (project.enums.empty()) return {};
  Enum& value = random.Pick(project.enums);
  const std::string added = fmt::format("STATE_{}", value.values.size());
  if (std::find(value.values.begin(), value.values.end(), added) != value.values.end()) return {};
  if (random.OneIn(3)) {
    const std::string before = value.values.back();
    value.values.insert(value.values.end() - 1, added);
    return {
        fmt::format("more_{}", Snake(value.name)),
        fmt::format("ALTER TYPE \"{}\" ADD VALUE '{}' BEFORE '{}';\n", value.name, added, before)};
  }
  value.values.push_back(added);
  return {fmt::format("more_{}", Snake(value.name)),
          fmt::format("-- AlterEnum\nALTER TYPE \"{}\" ADD VALUE '{}';\n", value.name, added)};
}

Move Require(Project& project, Random& random) {
  Table* table = AnyTable(project, random, false);
  if (table == nullptr) return {};
  for (Column& column : table->columns) {
    if (column.required || column.sql_type != "TEXT" || table->IsReference(column.name)) continue;
    column.required = true;
    return {fmt::format("require_{}", Snake(column.name)),
            fmt::format("-- Fill what is missing\nUPDATE \"{0}\" SET \"{1}\" = '' WHERE \"{1}\" IS "
                        "NULL;\n\n-- AlterTable\nALTER TABLE \"{0}\" ALTER COLUMN \"{1}\" SET NOT "
                        "NULL;\n",
                        table->name, column.name)};
  }
  return {};
}

Move Widen(Project& project, Random& random) {
  Table* table = AnyTable(project, random, false);
  if (table == nullptr) return {};
  for (Column& column : table->columns) {
    if (column.sql_type != "VARCHAR(80)" && column.sql_type != "SMALLINT") continue;
    column.sql_type = column.type == "Int" ? "INTEGER" : "TEXT";
    column.native.clear();
    return {fmt::format("widen_{}", Snake(column.name)),
            fmt::format("-- AlterTable\nALTER TABLE \"{}\" ALTER COLUMN \"{}\" SET DATA TYPE {};\n",
                        table->name, column.name, column.sql_type)};
  }
  return {};
}

Move AddJoin(Project& project, Random& random) {
  Table* one = AnyTable(project, random, false);
  Table* two = AnyTable(project, random, false);
  if (one == nullptr || one == two) return {};
  const Join join{std::min(one->name, two->name), std::max(one->name, two->name)};
  for (const Join& other : project.joins) {
    if (other.Name() == join.Name()) return {};
  }
  project.joins.push_back(join);
  return {fmt::format("join_{}_and_{}", Snake(join.a), Snake(join.b)),
          CreateJoinSql(project, join)};
}

Move DropTable(Project& project, Random& random) {
  Table* table = AnyTable(project, random, false);
  if (table == nullptr || project.IsReferenced(table->name)) return {};
  std::string script;
  for (const Reference& reference : table->references) {
    script += fmt::format("-- DropForeignKey\nALTER TABLE \"{}\" DROP CONSTRAINT \"{}\";\n\n",
                          table->name, ReferenceName(table->name, reference.column));
  }
  const std::string name = table->name;
  std::erase_if(project.tables, [&](const Table& t) { return t.name == name; });
  const Move again = CreateTable(project, random);  // the number of tables is what was asked for
  return {fmt::format("replace_{}", Snake(name)),
          script + fmt::format("-- DropTable\nDROP TABLE \"{}\";\n\n", name) + again.script};
}

// By hand, as people do to keep the rows: the sequence of a serial keeps its old name.
Move RenameTable(Project& project, Random& random) {
  Table* table = AnyTable(project, random, false);
  if (table == nullptr || project.IsReferenced(table->name)) return {};
  const std::string old = table->name;
  const std::string name =
      fmt::format("{}V{}", old.substr(0, old.find('V')), ++project.renamed + 1);
  std::string script = fmt::format(
      "ALTER TABLE \"{0}\" RENAME TO \"{1}\";\nALTER TABLE \"{1}\" RENAME CONSTRAINT \"{0}_pkey\" "
      "TO "
      "\"{1}_pkey\";\n",
      old, name);
  for (const Index& index : table->indexes) {
    script += fmt::format("ALTER INDEX \"{}\" RENAME TO \"{}\";\n", IndexName(old, index),
                          IndexName(name, index));
  }
  for (const Reference& reference : table->references) {
    script +=
        fmt::format("ALTER TABLE \"{}\" RENAME CONSTRAINT \"{}\" TO \"{}\";\n", name,
                    ReferenceName(old, reference.column), ReferenceName(name, reference.column));
  }
  table->name = name;
  return {fmt::format("rename_{}", Snake(old)), script};
}

Move AddSetting(Project&, Random& random) {
  const size_t number = random.Below(1000000);
  return {"add_setting",
          fmt::format("INSERT INTO \"Setting\" (\"key\", \"value\") VALUES ('limit.{0}', '{0}') ON "
                      "CONFLICT (\"key\") DO UPDATE SET \"value\" = EXCLUDED.\"value\";\n",
                      number)};
}

}  // namespace

Move CreateCore(Project& project) {
  const Column id{"id", "String", "", "TEXT", true, false, "cuid()", "", ""};
  const Column name{"name", "String", "", "TEXT", true, false, "", "", ""};
  project.enums.push_back({"Role", {"USER", "ADMIN"}});
  project.tables = {
      {"Organization", {id, name, CreatedAt()}, {}, {}, {}, true},
      {"User",
       {id,
        {"email", "String", "", "TEXT", true, false, "", "", ""},
        {"name", "String", "", "TEXT", false, false, "", "", ""},
        {"role", "Role", "", "\"Role\"", true, false, "USER", "'USER'", ""},
        {"organizationId", "String", "", "TEXT", false, false, "", "", ""},
        CreatedAt(),
        UpdatedAt()},
       {{{"email"}, true}},
       {{"organizationId", "Organization", "SetNull"}},
       {},
       true},
      {"Setting",
       {{"key", "String", "", "TEXT", true, false, "", "", ""},
        {"value", "String", "", "TEXT", true, false, "", "", ""}},
       {},
       {},
       {},
       true},
      {"AuditEntry",
       {{"id", "Int", "", "SERIAL", true, false, "autoincrement()", "", ""},
        {"what", "Json", "", "JSONB", true, false, "", "", ""},
        {"at", "DateTime", "", "TIMESTAMP(3)", true, false, "now()", "CURRENT_TIMESTAMP", ""}},
       {},
       {},
       {},
       true}};
  std::string script = CreateEnumSql(project.enums[0]);
  for (const Table& table : project.tables) script += "\n" + CreateTableSql(table);
  for (const Table& table : project.tables) {
    for (const Index& index : table.indexes) script += "\n" + CreateIndexSql(table.name, index);
    for (const Reference& one : table.references) script += "\n" + AddReferenceSql(table.name, one);
  }
  return {"init", script};
}

Move CreateTable(Project& project, Random& random) {
  Table table;
  for (int i = 1; table.name.empty() || project.Find(table.name) != nullptr; ++i) {
    table.name = TableWord(random.Next()) + (i > 4 ? std::to_string(i) : "");
  }
  table.columns = {IdColumn(random)};
  for (size_t left = 2 + random.Below(5); left > 0; --left) {
    table.columns.push_back(AnyColumn(project, random, FreeColumnName(table, random)));
  }
  while (random.OneIn(2) && table.references.size() < 3)
    AddReference(project, random, table, false);
  table.columns.push_back(CreatedAt());
  table.columns.push_back(UpdatedAt());
  std::string script = CreateTableSql(table);
  for (const Index& index : table.indexes) script += "\n" + CreateIndexSql(table.name, index);
  for (const Reference& one : table.references) script += "\n" + AddReferenceSql(table.name, one);
  project.tables.push_back(table);
  return {fmt::format("create_{}", Snake(table.name)), script};
}

Move ChangeSomething(Project& project, Random& random) {
  constexpr auto kMoves = std::to_array<Move (*)(Project&, Random&)>(
      {AddColumn, AddColumn, AddColumn, RenameColumn, DropColumn, DropColumn, AddIndex, AddIndex,
       DropIndex, AddReferenceMove, AddEnum, AddEnumValue, Require, Widen, AddJoin, DropTable,
       RenameTable, AddSetting});
  const Move move = kMoves.at(random.Below(kMoves.size()))(project, random);
  return move.script.empty() ? AddColumn(project, random) : move;
}

}  // namespace ballast::sample
