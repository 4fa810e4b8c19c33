// SPDX-License-Identifier: Apache-2.0
#include "introspect/rows_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "catalog/rows.h"
#include "introspect/bound_columns.h"
#include "introspect/catalog_internal.h"
#include "introspect/known_rows.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::TableObject;

// SQL: the pairs (table as in digests, column) that no digest covers.
std::string VolatilePairs(const VolatileRows& volatile_rows) {
  std::vector<std::string> pairs;
  for (const auto& [table, columns] : volatile_rows.columns) {
    for (const std::string& column : columns) {
      pairs.push_back("(" + sql::QuoteLiteral(table) + ", " + sql::QuoteLiteral(column) + ")");
    }
  }
  return pairs.empty() ? "(NULL, NULL)" : Join(pairs, ", ");
}

constexpr std::string_view kTables = "c.relkind = 'r'";
constexpr std::string_view kStoredViews = "c.relkind = 'm' AND c.relispopulated";

std::string WithStorageQuery(std::string_view which, const VolatileRows& volatile_rows) {
  return "WITH volatile (relation, name) AS (VALUES " + VolatilePairs(volatile_rows) + ")" + R"(
SELECT c.oid::int8 AS oid,
  pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS relation,
  CASE WHEN n.nspname = current_schema() THEN ''
    ELSE pg_catalog.quote_ident(n.nspname) || '.' END
    || pg_catalog.quote_ident(c.relname) AS name,
  coalesce((SELECT string_agg(pg_catalog.quote_ident(a.attname), ', '
                              ORDER BY a.attname COLLATE "C")
            FROM pg_attribute AS a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              AND NOT EXISTS (SELECT FROM volatile AS v WHERE v.name = a.attname AND v.relation =
                CASE WHEN n.nspname = current_schema() THEN ''
                  ELSE pg_catalog.quote_ident(n.nspname) || '.' END
                  || pg_catalog.quote_ident(c.relname))), '') AS columns
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't'
  AND NOT (c.relname = '_prisma_migrations' AND n.nspname = current_schema()) AND )" +
         std::string(which) + " AND " + SupportedSchema() + " AND " +
         NotOfExtension("pg_class", "c.oid") +
         " ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"";
}

struct RowsOfTable {
  uint32_t oid = 0;
  int64_t bytes = 0;
  release::TableRows rows;
};

std::string DigestQuery(const postgres::Rows& tables) {
  std::string query;
  postgres::ForEachRecord(tables, [&](const postgres::Record& row) {
    if (!query.empty()) query += "\nUNION ALL ";
    query += fmt::format(
        "SELECT {} AS oid, {} AS name, count(*) AS count, coalesce(sum(octet_length(r)), 0) AS "
        "bytes, encode(sha256(convert_to(coalesce(string_agg(h, '' ORDER BY h COLLATE \"C\"), "
        "''), 'UTF8')), 'hex') AS digest FROM (SELECT r, encode(sha256(convert_to(r, 'UTF8')), "
        "'hex') AS h FROM (SELECT ROW({})::text AS r FROM ONLY {} OFFSET 0) AS t) AS t",
        row.Oid("oid"), sql::QuoteLiteral(row.Text("name")), row.Text("columns"),
        row.Text("relation"));
  });
  return query;
}

Result<std::vector<RowsOfTable>> ReadDigests(postgres::Session& session, std::string_view which,
                                             const VolatileRows& volatile_rows) {
  std::vector<RowsOfTable> found;
  TRY_ASSIGN(const std::vector<postgres::Rows> tables,
             session.Query(WithStorageQuery(which, volatile_rows)));
  if (tables.back().rows.empty()) return found;
  TRY_ASSIGN(const postgres::Rows digests, QueryFixedTexts(session, DigestQuery(tables.back())));
  postgres::ForEachRecord(digests, [&](const postgres::Record& row) {
    RowsOfTable table;
    table.oid = row.Oid("oid");
    table.bytes = row.Number("bytes");
    table.rows = {row.Text("name"), row.Number("count"), row.Text("digest"),
                  volatile_rows.ColumnsOf(row.Text("name"))};
    if (table.rows.count > 0) found.push_back(std::move(table));
  });
  std::sort(found.begin(), found.end(),
            [](const RowsOfTable& a, const RowsOfTable& b) { return a.rows.table < b.rows.table; });
  return found;
}

using ByOid = std::map<uint32_t, const TableObject*>;

ByOid TablesByOid(const catalog::Database& database) {
  ByOid tables;
  for (const TableObject& table : database.tables) tables[table.id.object] = &table;
  return tables;
}

Status CheckSize(const std::vector<RowsOfTable>& tables, size_t limit) {
  int64_t bytes = 0;
  std::vector<std::string> names;
  for (const RowsOfTable& table : tables) {
    bytes += table.bytes;
    names.push_back(fmt::format("{} ({}, {})", table.rows.table,
                                Counted(static_cast<size_t>(table.rows.count), "row"),
                                Counted(static_cast<size_t>(table.bytes), "byte")));
  }
  if (bytes <= static_cast<int64_t>(limit)) return {};
  return MakeError(
      ErrorCode::kRowsTooLarge,
      fmt::format("the history leaves {} bytes of rows, more than the limit of {}: {}", bytes,
                  limit, Join(names, ", ")),
      "raise the limit with --max-rows-bytes BYTES, or end the history with a migration that "
      "removes rows which new databases do not need");
}

// The largest ones that exceed the limit together with the rest, as OmittedRows.
std::vector<OmittedRows> OmitLargest(std::vector<RowsOfTable>& tables, size_t limit) {
  std::vector<OmittedRows> omitted;
  int64_t bytes = 0;
  for (const RowsOfTable& table : tables) bytes += table.bytes;
  while (bytes > static_cast<int64_t>(limit)) {
    const auto largest = std::ranges::max_element(tables, {}, &RowsOfTable::bytes);
    omitted.push_back({largest->rows.table, static_cast<size_t>(largest->rows.count),
                       static_cast<size_t>(largest->bytes)});
    bytes -= largest->bytes;
    tables.erase(largest);
  }
  return omitted;
}

// Numbers and times in their own order; everything else as text in byte order, which is the same on
// every server.
std::string OrderBy(const TableObject& table, const std::string& name) {
  static constexpr std::array kOwnOrder = {"smallint",
                                           "integer",
                                           "bigint",
                                           "numeric",
                                           "date",
                                           "uuid",
                                           "timestamp without time zone",
                                           "timestamp with time zone"};
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    if (table.table.columns[at].name != name) continue;
    const bool own =
        std::find(kOwnOrder.begin(), kOwnOrder.end(), table.bare_types[at]) != kOwnOrder.end();
    return sql::QuoteIdentifier(name) + (own ? "" : "::text COLLATE \"C\"");
  }
  return sql::QuoteIdentifier(name);
}

bool IsBareType(const std::string& type) {
  static constexpr std::array kTypes = {"smallint", "integer", "bigint", "boolean", "numeric"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

// A table's rows in a fixed order: by primary key, else by all columns as text.
struct RowQuery {
  const TableObject* table = nullptr;
  catalog::TableContent content;
  std::string text;
  release::TableRows rows;
};

// The expression that fills a column of this type from the clock; empty: no type of times.
std::string ClockOf(const std::string& type) {
  if (type.starts_with("timestamp") && type.find("with time zone") != std::string::npos) {
    return "CURRENT_TIMESTAMP";
  }
  return type.starts_with("timestamp") ? "LOCALTIMESTAMP" : "";
}

// The expression that fills a column of this type with a generated id; empty: not of such a type.
std::string NewIdOf(const std::string& type) {
  if (type == "uuid") return "gen_random_uuid()";
  return type == "text" || type.starts_with("character varying") ? "gen_random_uuid()::text" : "";
}

// The column's text, or the placeholder for a value from the clock.
std::string ClockedValue(const std::string& quoted, const std::string& type,
                         const std::string& clock, const VolatileRows& volatile_rows) {
  return fmt::format("CASE WHEN {} THEN {} ELSE {}::text END",
                     IsBetween(quoted, type, /*with_time_zone=*/clock == "CURRENT_TIMESTAMP",
                               volatile_rows.from, volatile_rows.to),
                     sql::QuoteLiteral(catalog::kTheClock), quoted);
}

bool AnyVolatile(const catalog::PrimaryKey& key, const release::TableRows& rows) {
  return std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& column) {
    return std::find(rows.volatile_columns.begin(), rows.volatile_columns.end(), column) !=
           rows.volatile_columns.end();
  });
}

bool Contains(const std::map<uint32_t, std::set<std::string>>& columns, uint32_t oid,
              const std::string& name) {
  const auto found = columns.find(oid);
  return found != columns.end() && found->second.contains(name);
}

bool IsAmong(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// How the column is written: a volatile one can get a new value in every database, unless a
// constraint might not accept it.
catalog::RowColumn RowColumnOf(const TableObject& table, size_t at, bool is_volatile,
                               const BoundColumns& bound) {
  const std::string& name = table.table.columns[at].name;
  const std::string& type = table.bare_types[at];
  catalog::RowColumn column{name, IsBareType(type), "", ""};
  const uint32_t oid = table.id.object;
  if (!is_volatile || Contains(bound.by_bounds, oid, name)) return column;
  column.new_id = NewIdOf(type);
  if (!Contains(bound.by_keys, oid, name)) column.clock = ClockOf(type);
  return column;
}

RowQuery QueryFor(const TableObject& table, const release::TableRows& rows,
                  const VolatileRows& volatile_rows, const BoundColumns& bound) {
  RowQuery query{&table, {}, {}, rows};
  query.content.table = table.table.name;
  std::vector<std::string> values;
  std::vector<std::string> order;
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    const catalog::Column& column = table.table.columns[at];
    if (!column.generated.empty()) continue;
    const std::string quoted = sql::QuoteIdentifier(column.name);
    const bool is_volatile = IsAmong(rows.volatile_columns, column.name);
    query.content.columns.push_back(RowColumnOf(table, at, is_volatile, bound));
    const std::string& clock = query.content.columns.back().clock;
    query.content.overriding |= column.identity == "ALWAYS";
    values.push_back(clock.empty() ? quoted + "::text"
                                   : ClockedValue(quoted, column.type, clock, volatile_rows));
    if (!is_volatile) order.push_back(quoted + "::text COLLATE \"C\"");
  }
  if (table.table.primary_key && !AnyVolatile(*table.table.primary_key, rows)) {
    order.clear();
    for (const std::string& column : table.table.primary_key->columns) {
      order.push_back(OrderBy(table, column));
    }
  }
  query.text = "SELECT " + Join(values, ", ") + " FROM ONLY " + QuotedName(table.table.name);
  if (!order.empty()) query.text += " ORDER BY " + Join(order, ", ");
  return query;
}

// A generated id in only one cell is not referenced, so each database can have its own; one in
// several cells connects rows and is kept.
void MarkNewIds(std::vector<RowQuery>& queries, const VolatileRows& volatile_rows) {
  if (volatile_rows.generated_ids.empty()) return;
  std::map<std::string, std::vector<postgres::Value*>> places;
  for (RowQuery& query : queries) {
    for (std::vector<postgres::Value>& row : query.content.rows) {
      for (size_t at = 0; at < row.size(); ++at) {
        if (!row[at] || !volatile_rows.generated_ids.contains(*row[at])) continue;
        places[*row[at]].push_back(query.content.columns[at].new_id.empty() ? nullptr : &row[at]);
      }
    }
  }
  for (auto& [id, cells] : places) {
    if (cells.size() == 1 && cells[0] != nullptr) *cells[0] = catalog::kANewId;
  }
}

// Values that should not be shared with other installations, recognized by the column's name or as
// a long value of one word.
bool LooksSecret(const std::string& column, const std::string& value) {
  static constexpr std::array kWords = {"secret",  "token",   "password", "passwd",    "apikey",
                                        "api_key", "private", "salt",     "credential"};
  for (const char* word : kWords) {
    if (ContainsIgnoringAsciiCase(column, word)) return true;
  }
  constexpr size_t kLongest = 16;
  const bool any_letter = std::any_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  const bool one_word = value.find_first_not_of(
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
                            "\\.") == std::string::npos;
  return value.size() >= kLongest && any_letter && one_word;
}

// The volatile columns of a table with a value that the baseline fixes.
void AddFrozen(const RowQuery& query, std::vector<FrozenColumn>& frozen) {
  for (size_t at = 0; at < query.content.columns.size(); ++at) {
    FrozenColumn column{query.rows.table, query.content.columns[at].name, false};
    if (!IsAmong(query.rows.volatile_columns, column.column)) continue;
    bool any = false;
    for (const std::vector<postgres::Value>& row : query.content.rows) {
      if (!row[at] || *row[at] == catalog::kTheClock || *row[at] == catalog::kANewId) continue;
      any = true;
      column.looks_secret = column.looks_secret || LooksSecret(column.column, *row[at]);
    }
    if (any) frozen.push_back(std::move(column));
  }
}

}  // namespace

namespace {

std::vector<release::TableRows> RowsOf(const std::vector<RowsOfTable>& tables) {
  std::vector<release::TableRows> rows;
  rows.reserve(tables.size());
  for (const RowsOfTable& table : tables) rows.push_back(table.rows);
  return rows;
}

}  // namespace

Result<std::vector<release::TableRows>> ReadRowDigests(postgres::Session& session,
                                                       const VolatileRows& volatile_rows) {
  TRY_ASSIGN(const std::vector<RowsOfTable> tables, ReadDigests(session, kTables, volatile_rows));
  return RowsOf(tables);
}

Result<std::vector<release::TableRows>> ReadStoredViews(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<RowsOfTable> views, ReadDigests(session, kStoredViews, {}));
  return RowsOf(views);
}

namespace {

// Without those that the options omit.
Result<std::vector<RowsOfTable>> TablesWithRows(postgres::Session& session, const ByOid& by_oid,
                                                const RowsOptions& options) {
  TRY_ASSIGN(std::vector<RowsOfTable> tables, ReadDigests(session, kTables, options.volatile_rows));
  std::erase_if(tables, [&](const RowsOfTable& table) {
    const auto found = by_oid.find(table.oid);
    if (found == by_oid.end()) return true;
    const catalog::Name& name = found->second->table.name;
    const std::string raw = (name.schema.empty() ? "" : name.schema + ".") + name.name;
    return options.without_rows.contains(raw);
  });
  return tables;
}

Result<RowsDraft> ReadRowsOf(postgres::Session& session, const ByOid& by_oid,
                             const std::vector<RowsOfTable>& tables, const RowsOptions& options) {
  RowsDraft draft;
  BoundColumns bound;
  if (!options.volatile_rows.empty()) {
    TRY_ASSIGN(bound, ReadBoundColumns(session));
  }
  std::vector<RowQuery> queries;
  std::string message;
  for (const RowsOfTable& table : tables) {
    draft.digests.push_back(table.rows);
    queries.push_back(QueryFor(*by_oid.at(table.oid), table.rows, options.volatile_rows, bound));
    message += queries.back().text + ";\n";
  }
  if (queries.empty()) return draft;
  TRY_ASSIGN(std::vector<postgres::Rows> answers, session.Query(message));
  for (size_t at = 0; at < queries.size(); ++at) {
    queries[at].content.rows = std::move(answers[at].rows);
  }
  MarkNewIds(queries, options.volatile_rows);
  for (const RowQuery& query : queries) {
    draft.statements[query.table->id] = catalog::RenderRows(query.content);
    AddFrozen(query, draft.frozen);
  }
  return draft;
}

}  // namespace

Result<RowsDraft> ReadRows(postgres::Session& session, const catalog::Database& database,
                           const RowsOptions& options) {
  const ByOid by_oid = TablesByOid(database);
  TRY_ASSIGN(const std::vector<RowsOfTable> tables, TablesWithRows(session, by_oid, options));
  TRY(CheckSize(tables, options.rows_limit));
  return ReadRowsOf(session, by_oid, tables, options);
}

Result<RowsDraft> ReadRowsWithinLimit(postgres::Session& session,
                                      const catalog::Database& database) {
  const RowsOptions options;
  const ByOid by_oid = TablesByOid(database);
  TRY_ASSIGN(std::vector<RowsOfTable> tables, TablesWithRows(session, by_oid, options));
  std::vector<OmittedRows> omitted = OmitLargest(tables, options.rows_limit);
  TRY_ASSIGN(RowsDraft draft, ReadRowsOf(session, by_oid, tables, options));
  draft.omitted = std::move(omitted);
  return draft;
}

std::vector<std::string> DescribeFrozen(const std::vector<FrozenColumn>& frozen) {
  std::vector<std::string> sentences;
  sentences.reserve(frozen.size());
  for (const FrozenColumn& column : frozen) {
    sentences.push_back(
        column.looks_secret
            ? fmt::format("{}.{} has random values that look like secrets or ids; every database "
                          "deployed from this baseline gets the same ones, so set them at run time "
                          "or change them after the deploy",
                          column.table, sql::QuoteIdentifier(column.column))
            : fmt::format("{}.{} has values that differ in every replay; the baseline keeps those "
                          "of this one",
                          column.table, sql::QuoteIdentifier(column.column)));
  }
  return sentences;
}

}  // namespace ballast::introspect
