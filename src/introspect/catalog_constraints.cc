// SPDX-License-Identifier: Apache-2.0
// Constraints of tables, except foreign keys.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "catalog/default_object_name.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::TableObject;

std::string ConstraintsQuery(const Reading&) {
  return std::string(R"(
SELECT k.oid::int8 AS oid, k.conname AS name, k.contype AS type, k.conrelid::int8 AS relation,
  pg_get_constraintdef(k.oid) AS definition, k.conindid::int8 AS index_id,
  k.conislocal AS local, k.convalidated AS validated, k.condeferrable AS deferrable,
  i.indnatts > i.indnkeyatts AS includes, c.relkind = 'p' AND NOT i.indisvalid AS incomplete,
  p.inhparent::int8 AS parent_index,
  )") + OptionList("ic.reloptions") +
         R"( AS options, s.spcname AS tablespace,
  )" +
         OptionList(
             "ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS x (num, at) "
             "JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = x.num "
             "ORDER BY x.at)") +
         R"( AS columns
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class AS ic ON ic.oid = i.indexrelid
LEFT JOIN pg_inherits AS p ON p.inhrelid = i.indexrelid
LEFT JOIN pg_tablespace AS s ON s.oid = ic.reltablespace
WHERE k.contype IN ('c', 'p', 'u', 'x') AND )" +
         SupportedSchema() + R"(
ORDER BY k.conrelid, CASE k.contype WHEN 'c' THEN 3 WHEN 'x' THEN 2 WHEN 'u' THEN 1 ELSE 0 END,
  k.conname)";
}

// The server omits storage parameters from a key's definition; they precede the DEFERRABLE clause.
std::string WithStorage(std::string definition, const postgres::Record& row) {
  std::string storage;
  const auto options = row.List("options");
  if (!options.empty() && row.Letter("type") != 'x') {
    storage += " WITH (" + RenderOptions(options) + ")";
  }
  if (!row.IsNull("tablespace")) {
    storage += " USING INDEX TABLESPACE " + sql::QuoteIdentifier(row.Text("tablespace"));
  }
  const size_t defer = row.Flag("deferrable") ? definition.rfind(" DEFERRABLE") : definition.npos;
  return definition.insert(std::min(defer, definition.size()), storage);
}

bool IsPlainKey(const postgres::Record& row, const std::string& definition) {
  return row.Letter("type") == 'p' && !row.Flag("includes") && !row.Flag("deferrable") &&
         row.List("options").empty() && row.IsNull("tablespace") && definition.ends_with(")") &&
         definition.find(" WITHOUT OVERLAPS") == definition.npos;
}

// CREATE TABLE creates one index for two equal keys (PostgreSQL parse_utilcmd.c,
// transformIndexConstraints), so the second is added afterwards. Keys that differ only before the
// column list may be treated as equal, which only changes their position.
bool RepeatsAKey(const TableObject& table, const std::string& definition) {
  const auto keys = [](const std::string& text) { return text.substr(text.find('(')); };
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const auto& other) {
    return other.type != 'c' && keys(other.definition) == keys(definition);
  });
}

void ReadConstraints(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const auto it = reading.tables.find(row.Oid("relation"));
    if (it == reading.tables.end()) return;
    TableObject& table = reading.database.tables[it->second];
    catalog::TableConstraint constraint;
    constraint.id = reading.Id("pg_constraint", row.Oid("oid"));
    constraint.index = reading.Id("pg_class", row.Oid("index_id"));
    constraint.name = row.Text("name");
    constraint.type = row.Letter("type");
    constraint.definition = WithStorage(row.Text("definition"), row);
    constraint.only = row.Flag("incomplete");
    constraint.apart = constraint.only || !row.Flag("validated");
    constraint.repeats = constraint.type != 'c' && RepeatsAKey(table, constraint.definition);
    constraint.parent_index = reading.Id("pg_class", row.Oid("parent_index"));
    reading.Describe(constraint.id, "CONSTRAINT",
                     sql::QuoteIdentifier(constraint.name) + " ON " + QuotedName(table.table.name));
    if (constraint.index.object != 0) {
      reading.Describe(constraint.index, "INDEX",
                       QuotedName({table.table.name.schema, constraint.name}));
    }
    constraint.from_above = !row.Flag("local");
    constraint.inherited = constraint.from_above && table.bound.empty();
    constraint.by_attaching = constraint.type == 'x' && constraint.parent_index.object != 0;
    if (!constraint.apart && !constraint.repeats && IsPlainKey(row, constraint.definition)) {
      table.table.primary_key = catalog::PrimaryKey{constraint.name, row.List("columns")};
    }
    table.constraints.push_back(std::move(constraint));
  });
}

// PostgreSQL 18 stores NOT NULL as named constraints. A default name is omitted.
std::string NotNullsQuery(const Reading& reading) {
  if (reading.major < 18) return "SELECT 1 WHERE false";
  return std::string(R"(
SELECT k.oid::int8 AS oid, k.conname AS name, k.conrelid::int8 AS relation, k.conkey[1] AS number,
  k.connoinherit AS no_inherit, k.convalidated AS validated, k.conislocal AS local
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype = 'n' AND )") +
         SupportedSchema() + " ORDER BY k.conrelid, k.conkey";
}

void ReadNotNull(const postgres::Record& row, TableObject& table, Reading& reading) {
  const auto number = std::find(table.numbers.begin(), table.numbers.end(), row.Number("number"));
  if (number == table.numbers.end()) return;
  const size_t at = static_cast<size_t>(number - table.numbers.begin());
  catalog::Column& column = table.table.columns[at];
  const ObjectId id = reading.Id("pg_constraint", row.Oid("oid"));
  const std::string name = row.Text("name");
  reading.Describe(id, "CONSTRAINT",
                   sql::QuoteIdentifier(name) + " ON " + QuotedName(table.table.name));
  table.not_nulls[at] = id;
  const bool local = row.Flag("local") || !table.bound.empty();
  table.not_null_local[at] = local;
  table.not_null_outlives[at] = row.Flag("local");
  if (!row.Flag("validated")) {
    column.not_null = false;
    if (!local) return;
    catalog::TableConstraint constraint;
    constraint.id = id;
    constraint.name = name;
    constraint.type = 'n';
    constraint.definition = "NOT NULL " + sql::QuoteIdentifier(column.name) +
                            (row.Flag("no_inherit") ? " NO INHERIT" : "") + " NOT VALID";
    constraint.apart = true;
    table.constraints.push_back(std::move(constraint));
    return;
  }
  if (row.Flag("no_inherit")) column.not_null_tail = "NO INHERIT";
  const std::string usual =
      catalog::DefaultObjectName(table.table.name.name, column.name, "not_null");
  if (local && name != usual) column.not_null_name = name;
}

bool HasUsualName(const TableObject& table, size_t at) {
  const catalog::Column& column = table.table.columns[at];
  return table.not_nulls[at].object != 0 && table.not_null_local[at] && column.not_null &&
         column.not_null_name.empty();
}

std::pair<std::string, std::string> UsualName(const TableObject& table, size_t at) {
  return {
      table.table.name.schema,
      catalog::DefaultObjectName(table.table.name.name, table.table.columns[at].name, "not_null")};
}

using NamesInSchemas = std::map<std::pair<std::string, std::string>, int>;

// An inherited constraint has the parent's name, and shortened names of long tables can be equal. A
// default name is written if another object could be created with it first, because the server
// would then choose another one.
void NameThoseWhoseNamesAreTaken(const NamesInSchemas& names, std::vector<TableObject>& tables) {
  for (TableObject& table : tables) {
    for (size_t at = 0; at < table.table.columns.size(); ++at) {
      if (!HasUsualName(table, at) || names.at(UsualName(table, at)) < 2) continue;
      table.table.columns[at].not_null_name = UsualName(table, at).second;
    }
  }
}

void ReadNotNulls(const postgres::Rows& rows, Reading& reading) {
  NamesInSchemas names;
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const auto it = reading.tables.find(row.Oid("relation"));
    if (it == reading.tables.end()) return;
    TableObject& table = reading.database.tables[it->second];
    ++names[{table.table.name.schema, row.Text("name")}];
    ReadNotNull(row, table, reading);
  });
  NameThoseWhoseNamesAreTaken(names, reading.database.tables);
}

std::string SwitchedConstraintsQuery(const Reading&) {
  // A foreign key of a partitioned table has a part on each partition.
  return "WITH RECURSIVE up(oid, parent) AS (\n"
         "  SELECT k.oid, k.conparentid FROM pg_trigger t JOIN pg_constraint k\n"
         "    ON k.oid = t.tgconstraint WHERE t.tgisinternal AND t.tgenabled <> 'O'\n"
         "  UNION SELECT k.oid, k.conparentid FROM pg_constraint k JOIN up ON k.oid = up.parent)\n"
         "SELECT DISTINCT oid::int8 AS oid FROM up";
}

void ReadSwitchedConstraints(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    reading.database.switched_constraints.insert(reading.Id("pg_constraint", row.Oid("oid")));
  });
}

}  // namespace

const std::vector<Part>& ConstraintQueries() {
  static const std::vector<Part> parts = {{ConstraintsQuery, ReadConstraints},
                                          {NotNullsQuery, ReadNotNulls},
                                          {SwitchedConstraintsQuery, ReadSwitchedConstraints}};
  return parts;
}

}  // namespace ballast::introspect
