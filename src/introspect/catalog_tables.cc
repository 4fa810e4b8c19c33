// SPDX-License-Identifier: Apache-2.0
// Tables, their columns, constraints and sequences.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/prisma_type_names.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::TableObject;

std::string TablesQuery(const Reading&) {
  return std::string(R"(
SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
  c.relpersistence AS persistence, pg_get_userbyid(c.relowner) AS owner,
  )") + OptionList("c.reloptions") +
         R"( AS options,
  )" + OptionList("ARRAY(SELECT 'toast.' || o FROM unnest(t.reloptions) AS o)") +
         R"( AS toast_options,
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
  pg_get_expr(c.relpartbound, c.oid) AS bound,
  am.amname AS method, s.spcname AS tablespace, fs.srvname AS server,
  )" + FdwOptions("ft.ftoptions") +
         R"( AS foreign_options,
  CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
  c.relrowsecurity AS row_security, c.relforcerowsecurity AS force_row_security,
  c.relreplident AS replica_identity,
  (SELECT string_agg(i.inhparent::int8::text, ',' ORDER BY i.inhseqno) FROM pg_inherits AS i
   WHERE i.inhrelid = c.oid) AS parents
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
LEFT JOIN pg_am AS am ON am.oid = c.relam AND am.amname <> 'heap'
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_foreign_table AS ft ON ft.ftrelid = c.oid
LEFT JOIN pg_foreign_server AS fs ON fs.oid = ft.ftserver
WHERE c.relkind IN ('r', 'p', 'f') AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") + R"(
  AND NOT (c.relname = '_prisma_migrations' AND n.nspname = current_schema())
ORDER BY n.nspname, c.relname)";
}

std::string ParentNames(const TableObject& table, const Reading& reading) {
  std::vector<std::string> names;
  for (const ObjectId& parent : table.parents) {
    const auto it = reading.tables.find(parent.object);
    if (it != reading.tables.end()) {
      names.push_back(QuotedName(reading.database.tables[it->second].table.name));
    }
  }
  return Join(names, ", ");
}

void AddTail(std::string& tail, const std::string& part) {
  if (!tail.empty()) tail += " ";
  tail += part;
}

std::string TailOf(const postgres::Record& row) {
  std::string tail;
  if (!row.IsNull("server")) {
    AddTail(tail, "SERVER " + sql::QuoteIdentifier(row.Text("server")));
    if (!row.Text("foreign_options").empty()) AddTail(tail, row.Text("foreign_options"));
  }
  if (!row.IsNull("partition_key")) AddTail(tail, "PARTITION BY " + row.Text("partition_key"));
  if (!row.IsNull("method")) AddTail(tail, "USING " + sql::QuoteIdentifier(row.Text("method")));
  std::vector<std::string> options = row.List("options");
  for (const std::string& option : row.List("toast_options")) options.push_back(option);
  if (!options.empty()) AddTail(tail, "WITH (" + RenderOptions(options) + ")");
  if (!row.IsNull("tablespace")) {
    AddTail(tail, "TABLESPACE " + sql::QuoteIdentifier(row.Text("tablespace")));
  }
  return tail;
}

void AddChange(TableObject& table, catalog::Step step, int32_t part, std::string statements,
               std::vector<ObjectId> needs = {}, std::string detail = {}) {
  catalog::Definition change;
  change.id = {table.id.catalog, table.id.object, part};
  change.step = step;
  change.name = table.table.name;
  change.detail = std::move(detail);
  change.statements = std::move(statements);
  change.needs = std::move(needs);
  change.needs.push_back(table.id);
  table.changes.push_back(std::move(change));
}

void AddSettings(TableObject& table, catalog::Step step, int32_t part,
                 std::vector<catalog::Setting> settings) {
  AddChange(table, step, part, catalog::SetStatements(settings));
  table.changes.back().settings = std::move(settings);
}

void AddRowSecurity(const postgres::Record& row, TableObject& table) {
  const std::string alter = "ALTER TABLE " + QuotedName(table.table.name) + " ";
  std::vector<catalog::Setting> settings;
  const auto add = [&](const std::string& set, const std::string& reset) {
    settings.push_back(
        {alter + set + " ROW LEVEL SECURITY;\n", alter + reset + " ROW LEVEL SECURITY;\n"});
  };
  if (row.Flag("row_security")) add("ENABLE", "DISABLE");
  if (row.Flag("force_row_security")) add("FORCE", "NO FORCE");
  if (settings.empty()) return;
  AddSettings(table, catalog::Step::kRowSecurity, catalog::kRowSecurityPart, std::move(settings));
}

void AddReplicaIdentity(const postgres::Record& row, TableObject& table) {
  const char kind = row.Letter("replica_identity");
  if (table.foreign || (kind != 'f' && kind != 'n')) return;
  const std::string alter = "ALTER TABLE " + QuotedName(table.table.name) + " REPLICA IDENTITY ";
  AddSettings(table, catalog::Step::kAlterTable, catalog::kReplicaIdentityPart,
              {{alter + (kind == 'f' ? "FULL" : "NOTHING") + ";\n", alter + "DEFAULT;\n"}});
}

void ReadTables(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    TableObject table;
    table.id = reading.Id("pg_class", row.Oid("oid"));
    table.table.name = reading.NameOf(row);
    table.table.unlogged = row.Letter("persistence") == 'u';
    table.foreign = row.Letter("kind") == 'f';
    table.table.tail = TailOf(row);
    table.partitioned = !row.IsNull("partition_key");
    table.bound = row.Text("bound");
    table.of_type = row.Text("of_type");
    if (!row.IsNull("parents")) {
      for (const std::string& parent : Split(row.Text("parents"), ',')) {
        table.parents.push_back(reading.Id(
            "pg_class", static_cast<uint32_t>(std::strtoul(parent.c_str(), nullptr, 10))));
      }
    }
    AddRowSecurity(row, table);
    AddReplicaIdentity(row, table);
    reading.Describe(table.id, table.foreign ? "FOREIGN TABLE" : "TABLE",
                     QuotedName(table.table.name), row.Text("owner"));
    reading.tables[table.id.object] = reading.database.tables.size();
    reading.database.tables.push_back(std::move(table));
  });
}

ObjectId AttachmentOf(ObjectId table) {
  return {table.catalog, table.object, catalog::kAttachPartitionPart};
}

// Whether the column is an identity column in the parent, and here.
enum class SharedIdentity { kNone, kHere, kOnlyAbove };

SharedIdentity IdentityBelow(const TableObject& above, const TableObject& table) {
  SharedIdentity shared = SharedIdentity::kNone;
  for (const catalog::Column& column : above.table.columns) {
    if (column.identity.empty()) continue;
    for (const catalog::Column& own : table.table.columns) {
      if (own.name != column.name) continue;
      shared = own.identity.empty() ? SharedIdentity::kOnlyAbove : SharedIdentity::kHere;
    }
  }
  return shared;
}

// The table that a partition belongs to through all levels.
const TableObject& TopOf(const TableObject& partition, const Reading& reading) {
  const TableObject* top = &partition;
  while (!top->bound.empty()) {
    const auto above = reading.tables.find(top->parents.front().object);
    if (above == reading.tables.end()) break;
    top = &reading.database.tables[above->second];
  }
  return *top;
}

// Since 17, an attached partition gets the identity that its parent has at that time, but does not
// pass it on: so the order of attaching determines which tables have it. Before 17 none has it; on
// a newer server all must get it, as if they had been created there.
void OrderAttachments(Reading& reading) {
  for (TableObject& table : reading.database.tables) {
    if (table.bound.empty()) continue;
    const auto it = reading.tables.find(table.parents.front().object);
    if (it == reading.tables.end()) continue;
    TableObject& above = reading.database.tables[it->second];
    if (above.bound.empty()) continue;
    SharedIdentity shared = IdentityBelow(above, table);
    const bool none = shared == SharedIdentity::kNone;
    if (none && IdentityBelow(TopOf(above, reading), table) == SharedIdentity::kOnlyAbove) {
      shared = SharedIdentity::kHere;
    }
    if (shared == SharedIdentity::kHere)
      table.changes.back().needs.push_back(AttachmentOf(above.id));
    if (shared == SharedIdentity::kOnlyAbove)
      above.changes.back().needs.push_back(AttachmentOf(table.id));
  }
}

// Partitions are created as separate tables and then attached, which keeps the order of their
// columns and the names of their keys.
void TieTables(Reading& reading) {
  for (TableObject& table : reading.database.tables) {
    if (table.bound.empty()) continue;
    AddChange(table, catalog::Step::kAttachPartition, catalog::kAttachPartitionPart,
              "ALTER TABLE ONLY " + ParentNames(table, reading) + " ATTACH PARTITION " +
                  QuotedName(table.table.name) + " " + table.bound + ";\n",
              table.parents);
  }
  OrderAttachments(reading);
}

std::string ColumnsQuery(const Reading& reading) {
  const std::string compression = reading.major >= 14 ? "a.attcompression" : "''";
  return fmt::format(R"(
SELECT a.attrelid::int8 AS relation, a.attnum AS number, a.attname AS name,
  format_type(a.atttypid, a.atttypmod) AS type, format_type(a.atttypid, NULL) AS bare_type,
  a.attnotnull AS not_null, a.attidentity AS identity, a.attgenerated AS generated,
  d.oid::int8 AS default_id, pg_get_expr(d.adbin, d.adrelid) AS default_value,
  CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN
    CASE WHEN pg_collation_is_visible(l.oid) THEN '' ELSE quote_ident(ln.nspname) || '.' END
    || '"' || replace(l.collname, '"', '""') || '"' END AS collation,
  a.attislocal AS local, a.attinhcount > 0 AS merged,
  CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage,
  t.typstorage AS type_storage,
  {foreign_options} AS foreign_options, {compression} AS compression, nullif(a.attstattarget, -1) AS statistics,
  {options} AS options
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
LEFT JOIN pg_namespace AS ln ON ln.oid = l.collnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {carried}
ORDER BY a.attrelid, a.attnum)",
                     fmt::arg("compression", compression),
                     fmt::arg("options", OptionList(kColumnOptions)),
                     fmt::arg("foreign_options", FdwOptions("a.attfdwoptions")),
                     fmt::arg("carried", SupportedSchema()));
}

void AddColumnSettings(const postgres::Record& row, TableObject& table) {
  const std::string alter = "ALTER TABLE ONLY " + QuotedName(table.table.name) + " ALTER COLUMN " +
                            sql::QuoteIdentifier(row.Text("name")) + " ";
  std::vector<catalog::Setting> settings = ColumnSettings(row, alter, row.Text("name"));
  if (settings.empty()) return;
  for (catalog::Definition& change : table.changes) {
    if (change.id.part != catalog::kColumnSettingsPart) continue;
    change.statements += catalog::SetStatements(settings);
    change.settings.insert(change.settings.end(), settings.begin(), settings.end());
    return;
  }
  AddSettings(table, catalog::Step::kAlterTable, catalog::kColumnSettingsPart, std::move(settings));
}

catalog::Column ColumnOf(const postgres::Record& row) {
  catalog::Column column;
  column.name = row.Text("name");
  column.type = row.Text("type");
  column.foreign_options = row.Text("foreign_options");
  column.collation = row.Text("collation");
  column.not_null = row.Flag("not_null");
  const char generated = row.Letter("generated");
  (generated == '\0' ? column.default_value : column.generated) = row.Text("default_value");
  column.generated_virtual = generated == 'v';
  const char identity = row.Letter("identity");
  if (identity != '\0') column.identity = identity == 'a' ? "ALWAYS" : "BY DEFAULT";
  return column;
}

void ReadColumns(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const auto it = reading.tables.find(row.Oid("relation"));
    if (it == reading.tables.end()) return;
    TableObject& table = reading.database.tables[it->second];
    const int32_t number = static_cast<int32_t>(row.Number("number"));
    table.table.columns.push_back(ColumnOf(row));
    table.defaults.push_back(reading.Id("pg_attrdef", row.Oid("default_id")));
    table.bare_types.push_back(row.Text("bare_type"));
    table.type_storages.emplace_back(StorageKeyword(row.Letter("type_storage")));
    table.numbers.push_back(number);
    table.inherited.push_back(!row.Flag("local"));
    table.merged.push_back(row.Flag("merged"));
    table.not_null_local.push_back(true);
    table.not_null_outlives.push_back(false);
    table.not_nulls.emplace_back();
    const ObjectId id{table.id.catalog, table.id.object, number};
    const std::string quoted = sql::QuoteIdentifier(row.Text("name"));
    reading.Describe(id, "COLUMN", QuotedName(table.table.name) + "." + quoted);
    reading.database.addresses[id].column = quoted;
    reading.database.addresses[id].owner = reading.database.addresses[table.id].owner;
    AddColumnSettings(row, table);
  });
  TieTables(reading);
}

// System columns are the server's, but can have privileges.
std::string SystemColumnsQuery(const Reading&) {
  return std::string(R"(
SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, a.attnum AS number,
  a.attname AS column_name, pg_get_userbyid(c.relowner) AS owner
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.attnum < 0 AND a.attacl IS NOT NULL AND )") +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid");
}

void ReadSystemColumns(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::ObjectId id =
        reading.Id("pg_class", row.Oid("oid"), static_cast<int32_t>(row.Number("number")));
    const std::string column = sql::QuoteIdentifier(row.Text("column_name"));
    reading.Describe(id, "COLUMN", QuotedName(reading.NameOf(row)) + "." + column);
    reading.database.addresses[id].column = column;
    reading.database.addresses[id].owner = row.Text("owner");
  });
}

// Before 15, sequences are always logged, and their state in an unlogged table cannot be expressed.
std::string SequencesQuery(const Reading& reading) {
  const char* const persistence =
      reading.major >= 15
          ? "c.relpersistence"
          : "coalesce((SELECT t.relpersistence FROM pg_class AS t WHERE t.oid = d.refobjid AND "
            "d.deptype = 'i'), c.relpersistence)";
  return "SELECT " + std::string(persistence) + R"( AS persistence,
  c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, pg_get_userbyid(c.relowner) AS owner,
  format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqmin AS minimum,
  s.seqmax AS maximum, s.seqincrement AS increment, s.seqcache AS cache, s.seqcycle AS cycle,
  d.refobjid::int8 AS table_id, d.refobjsubid AS column_number, d.deptype = 'i' AS identity,
  has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT') AS readable
FROM pg_sequence AS s
JOIN pg_class AS c ON c.oid = s.seqrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
  AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
WHERE )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") +
         " ORDER BY n.nspname, c.relname";
}

void ReadSequences(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    catalog::Sequence sequence;
    sequence.id = reading.Id("pg_class", row.Oid("oid"));
    sequence.name = reading.NameOf(row);
    sequence.type = row.Text("type");
    sequence.start = row.Number("start");
    sequence.minimum = row.Number("minimum");
    sequence.maximum = row.Number("maximum");
    sequence.increment = row.Number("increment");
    sequence.cache = row.Number("cache");
    sequence.cycle = row.Flag("cycle");
    sequence.unlogged = row.Letter("persistence") == 'u';
    sequence.identity = row.Flag("identity");
    if (!row.Flag("readable")) reading.unreadable_sequences.insert(sequence.id);
    const bool owned = row.Oid("table_id") != 0;
    if (owned) {
      sequence.column = reading.Id("pg_class", row.Oid("table_id"),
                                   static_cast<int32_t>(row.Number("column_number")));
    }
    reading.Describe(sequence.id, "SEQUENCE", QuotedName(sequence.name), row.Text("owner"));
    reading.database.addresses[sequence.id].owner_follows = owned;
    reading.database.sequences.push_back(std::move(sequence));
  });
}

}  // namespace

const std::vector<Part>& TableQueries() {
  static const std::vector<Part> parts = {{TablesQuery, ReadTables},
                                          {ColumnsQuery, ReadColumns},
                                          {SystemColumnsQuery, ReadSystemColumns},
                                          {SequencesQuery, ReadSequences}};
  return parts;
}

}  // namespace ballast::introspect
