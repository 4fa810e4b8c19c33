// SPDX-License-Identifier: Apache-2.0
// Indexes that do not belong to a constraint, and foreign keys.
#include <algorithm>

#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ForeignKeyObject;
using catalog::IndexObject;

// `tail` is the output of pg_get_indexdef from the first key on; the text before it is known.
std::string IndexesQuery(const Reading&) {
  return std::string(R"(
SELECT x.*, substr(x.definition, length(x.start) + 1) AS tail,
  starts_with(x.definition, x.start) AS understood
FROM (
  SELECT ic.oid::int8 AS oid, n.nspname AS schema, ic.relname AS name,
    c.oid::int8 AS table_id, c.relname AS table_name, c.relkind AS table_kind,
    i.indisunique AS is_unique, i.indisvalid AS valid, ic.relkind AS kind,
    i.indisclustered AS clustered, i.indisreplident AS replica_identity,
    am.amname AS method, s.spcname AS tablespace, p.inhparent::int8 AS parent,
    )") +
         OptionList(
             "ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, false) FROM "
             "generate_series(1, i.indnkeyatts) AS k)") +
         R"( AS keys,
    )" +
         OptionList(
             "ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(i.indkey::int2[]) WITH "
             "ORDINALITY AS x (num, at) LEFT JOIN pg_attribute AS a ON a.attrelid = "
             "i.indrelid AND a.attnum = x.num AND x.num <> 0 WHERE x.at <= i.indnkeyatts "
             "ORDER BY x.at)") +
         R"( AS columns,
    )" +
         OptionList(
             "ARRAY(SELECT a.attnum::text || ' ' || a.attstattarget::text FROM pg_attribute AS a "
             "WHERE a.attrelid = i.indexrelid AND coalesce(a.attstattarget, -1) >= 0 "
             "ORDER BY a.attnum)") +
         R"( AS statistics,
    pg_get_indexdef(i.indexrelid) AS definition,
    'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
      || quote_ident(ic.relname) || ' ON '
      || CASE WHEN ic.relkind = 'I' THEN 'ONLY ' ELSE '' END
      || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' USING '
      || quote_ident(am.amname) || ' (' AS start
  FROM pg_index AS i
  JOIN pg_class AS ic ON ic.oid = i.indexrelid
  JOIN pg_class AS c ON c.oid = i.indrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_am AS am ON am.oid = ic.relam
  LEFT JOIN pg_tablespace AS s ON s.oid = ic.reltablespace
  LEFT JOIN pg_inherits AS p ON p.inhrelid = ic.oid
  WHERE NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid
                    AND k.contype IN ('p', 'u', 'x'))
    AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") + " AND " +
         NotOfExtension("pg_class", "ic.oid") + ") AS x ORDER BY x.schema, x.name";
}

// Up to the comma or bracket that ends the key at the start of `text`: collation, operator class
// and order, as written.
size_t EndOfKey(std::string_view text) {
  int depth = 0;
  char quote = '\0';
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (depth == 0 && (c == ')' || c == ',')) {
      return at;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    }
  }
  return text.size();
}

// The clauses that pg_get_indexdef writes after the keys. False if there are others.
bool ReadClauses(std::string_view text, catalog::Index& index) {
  const std::vector<sql::Token> tokens = sql::Tokenize(text);
  sql::TokenReader reader(text, tokens);
  if (reader.Take("include")) index.include = reader.TakeParentheses().Source();
  index.nulls_not_distinct = reader.Take("nulls", "not") && reader.Take("distinct");
  if (reader.Take("with")) index.parameters = reader.TakeParentheses().Source();
  if (!reader.Take("where")) return reader.AtEnd();
  index.predicate = reader.Source();
  return true;
}

// False if the text does not match the keys.
bool ReadKeys(const postgres::Record& row, catalog::Index& index) {
  const std::string all = row.Text("tail");
  std::string_view tail = all;
  const std::vector<std::string> keys = row.List("keys");
  const std::vector<std::string> columns = Split(row.Text("columns"), '\x1f');
  for (size_t at = 0; at < keys.size(); ++at) {
    if (!tail.starts_with(keys[at])) return false;
    tail.remove_prefix(keys[at].size());
    const size_t end = EndOfKey(tail);
    catalog::IndexKey key;
    key.column = columns[at];
    if (key.column.empty()) key.expression = keys[at];
    key.operator_class = std::string(Trim(tail.substr(0, end)));
    index.keys.push_back(std::move(key));
    tail.remove_prefix(std::min(tail.size(), end + (at + 1 < keys.size() ? 2 : 1)));
  }
  return ReadClauses(tail, index);
}

std::string MethodWord(const std::string& method) {
  if (method == "btree") return "";
  for (const char* known : {"hash", "gin", "gist", "spgist", "brin"}) {
    if (method != known) continue;
    std::string word = method;
    std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c - 'a' + 'A'; });
    return word;
  }
  return sql::QuoteIdentifier(method);
}

std::vector<catalog::Setting> StatisticsTargets(const postgres::Record& row,
                                                const std::string& name) {
  std::vector<catalog::Setting> targets;
  for (const std::string& target : row.List("statistics")) {
    const size_t blank = target.find(' ');
    const std::string set =
        "ALTER INDEX " + name + " ALTER COLUMN " + target.substr(0, blank) + " SET STATISTICS ";
    targets.push_back({set + target.substr(blank + 1) + ";\n", set + "-1;\n"});
  }
  return targets;
}

void ReadIndexes(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    if (row.Text("table_name") == "_prisma_migrations" && row.Text("schema") == reading.target) {
      return;
    }
    IndexObject object;
    object.id = reading.Id("pg_class", row.Oid("oid"));
    object.table = reading.Id("pg_class", row.Oid("table_id"));
    object.parent = reading.Id("pg_class", row.Oid("parent"));
    object.on_view = row.Letter("table_kind") == 'm';
    catalog::Index& index = object.index;
    index.name = row.Text("name");
    index.table = reading.NameOf(row.Text("schema"), row.Text("table_name"));
    index.unique = row.Flag("is_unique");
    index.only = row.Letter("kind") == 'I';
    index.method = MethodWord(row.Text("method"));
    const catalog::Name name = reading.NameOf(row);
    const bool usable = row.Flag("valid") || index.only;
    if (!usable || !row.Flag("understood") || !ReadKeys(row, index)) {
      reading.database.unsupported.push_back(
          {usable ? "index" : "invalid index", QuotedName(name)});
      return;
    }
    index.tablespace = row.Text("tablespace");
    object.statistics = StatisticsTargets(row, QuotedName(name));
    reading.Describe(object.id, "INDEX", QuotedName(name));
    reading.database.indexes.push_back(std::move(object));
  });
}

// The index on which a table is clustered and by which it is identified, including those of keys.
std::string MarkedIndexesQuery(const Reading&) {
  return std::string(R"(
SELECT ic.oid::int8 AS oid, ic.relname AS name, c.oid::int8 AS table_id, n.nspname AS schema,
  c.relname AS table_name, i.indisclustered AS clustered,
  i.indisreplident AND c.relreplident = 'i' AS replica_identity
FROM pg_index AS i
JOIN pg_class AS ic ON ic.oid = i.indexrelid
JOIN pg_class AS c ON c.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE (i.indisclustered OR i.indisreplident) AND )") +
         SupportedSchema() + " ORDER BY ic.relname";
}

void ReadMarkedIndexes(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name table = reading.NameOf(row.Text("schema"), row.Text("table_name"));
    const catalog::ObjectId id = reading.Id("pg_class", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    const std::string alter = "ALTER TABLE " + QuotedName(table);
    std::vector<catalog::Setting> settings;
    if (row.Flag("clustered")) {
      settings.push_back(
          {alter + " CLUSTER ON " + name + ";\n", alter + " SET WITHOUT CLUSTER;\n"});
    }
    if (row.Flag("replica_identity")) {
      settings.push_back({"ALTER TABLE ONLY " + QuotedName(table) +
                              " REPLICA IDENTITY USING INDEX " + name + ";\n",
                          alter + " REPLICA IDENTITY DEFAULT;\n"});
    }
    if (settings.empty()) return;
    reading.DefineSettings({id.catalog, id.object, catalog::kIndexChangePart},
                           catalog::Step::kAlterTable, table, std::move(settings),
                           row.Text("name"));
    reading.database.definitions.back().needs = {id, reading.Id("pg_class", row.Oid("table_id"))};
  });
}

std::string ForeignKeysQuery(const Reading& reading) {
  const std::string columns =
      "ARRAY(SELECT a.attname FROM unnest(k.@1) WITH ORDINALITY AS x (num, at) JOIN pg_attribute "
      "AS a ON a.attrelid = k.@2 AND a.attnum = x.num ORDER BY x.at)";
  const auto list = [&](const std::string& numbers, const std::string& relation) {
    return OptionList(ReplaceAll(ReplaceAll(columns, "@1", numbers), "@2", relation));
  };
  const std::string set_columns =
      reading.major >= 15 ? list("confdelsetcols", "conrelid") : std::string("''");
  const std::string enforced = reading.major >= 18 ? "k.conenforced" : "true";
  const std::string period = reading.major >= 18 ? "k.conperiod" : "false";
  return R"(
SELECT k.oid::int8 AS oid, k.conname AS name, k.conrelid::int8 AS table_id, n.nspname AS schema,
  c.relname AS table_name, rn.nspname AS other_schema, r.relname AS other_name,
  k.confdeltype AS on_delete, k.confupdtype AS on_update, k.confmatchtype AS match,
  k.condeferrable AS deferrable, k.condeferred AS deferred, k.convalidated AS validated,
  )" + enforced +
         " AS enforced, " + period + R"( AS period, k.conparentid::int8 AS parent_id,
  k.conparentid <> 0 AND (pk.conrelid = k.conrelid OR pk.conname = k.conname) AS follows,
  pg_get_constraintdef(k.oid) AS definition,
  )" + list("conkey", "conrelid") +
         " AS columns, " + list("confkey", "confrelid") + " AS other_columns, " + set_columns +
         R"( AS set_columns
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_class AS r ON r.oid = k.confrelid
JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
LEFT JOIN pg_constraint AS pk ON pk.oid = k.conparentid
WHERE k.contype = 'f' AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_class", "c.oid") +
         " ORDER BY n.nspname, c.relname, k.conname";
}

std::string ActionWords(char action) {
  switch (action) {
    case 'c':
      return "CASCADE";
    case 'n':
      return "SET NULL";
    case 'd':
      return "SET DEFAULT";
    case 'r':
      return "RESTRICT";
    default:
      return "NO ACTION";
  }
}

std::string TailOf(const postgres::Record& row) {
  std::vector<std::string> words;
  if (row.Flag("deferrable")) words.emplace_back("DEFERRABLE");
  if (row.Flag("deferred")) words.emplace_back("INITIALLY DEFERRED");
  if (!row.Flag("enforced")) {
    words.emplace_back("NOT ENFORCED");
  } else if (!row.Flag("validated")) {
    words.emplace_back("NOT VALID");
  }
  return Join(words, " ");
}

// A partition's key follows from its parent's unless it has another name: then it is created first,
// and the parent's key adopts it.
void ReadForeignKeys(const postgres::Rows& rows, Reading& reading) {
  std::vector<std::pair<uint32_t, catalog::ObjectId>> adopted;
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    ForeignKeyObject object;
    object.id = reading.Id("pg_constraint", row.Oid("oid"));
    object.table = reading.Id("pg_class", row.Oid("table_id"));
    object.needs = {object.table};
    catalog::ForeignKey& key = object.key;
    key.name = row.Text("name");
    key.table = reading.NameOf(row.Text("schema"), row.Text("table_name"));
    key.columns = row.List("columns");
    key.referenced_table = reading.NameOf(row.Text("other_schema"), row.Text("other_name"));
    key.referenced_columns = row.List("other_columns");
    key.on_delete = ActionWords(row.Letter("on_delete"));
    key.on_update = ActionWords(row.Letter("on_update"));
    key.tail = TailOf(row);
    const bool unusual =
        row.Letter("match") != 's' || row.Flag("period") || !row.Text("set_columns").empty();
    if (unusual) key.definition = row.Text("definition");
    reading.Describe(object.id, "CONSTRAINT",
                     sql::QuoteIdentifier(key.name) + " ON " + QuotedName(key.table));
    if (row.Flag("follows")) return;
    if (row.Oid("parent_id") != 0) adopted.emplace_back(row.Oid("parent_id"), object.id);
    reading.database.foreign_keys.push_back(std::move(object));
  });
  for (const auto& [parent, child] : adopted) {
    for (ForeignKeyObject& key : reading.database.foreign_keys) {
      if (key.id.object == parent) key.needs.push_back(child);
    }
  }
}

}  // namespace

const std::vector<Part>& IndexQueries() {
  static const std::vector<Part> parts = {{IndexesQuery, ReadIndexes},
                                          {MarkedIndexesQuery, ReadMarkedIndexes},
                                          {ForeignKeysQuery, ReadForeignKeys}};
  return parts;
}

}  // namespace ballast::introspect
