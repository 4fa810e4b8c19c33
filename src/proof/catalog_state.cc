// SPDX-License-Identifier: Apache-2.0
#include "proof/catalog_state.h"

#include <cstdlib>
#include <utility>

#include "base/text.h"

namespace ballast::proof {
namespace {

using postgres::Rows;
using postgres::Value;

// Everything below FirstNormalObjectId belongs to the server (access/transam.h).
constexpr const char* kRelations = R"(
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relfilenode, coalesce(i.indrelid, 0),
       i.indkey, i.indclass, i.indcollation, i.indisunique,
       i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL,
       i.indexprs IS NULL AND i.indnatts = i.indnkeyatts AND 0 = ALL (i.indoption::smallint[])
         AND NOT c.relispartition
         AND coalesce(pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct', 'false') = 'false'
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
         WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')),
       CASE WHEN c.relispartition AND i.indrelid IS NULL THEN
       (SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) ELSE 0 END,
       EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p WHERE p.partdefid = c.oid),
       CASE WHEN c.relkind IN ('r', 'f') AND NOT c.relispartition THEN
       (SELECT pg_catalog.string_agg(h.inhparent::text, ' ' ORDER BY h.inhseqno)
        FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) END
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
 WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S', 'c')
   AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema';
)";

// Types of other schemas than public are qualified for every search_path. Rows can have NULL in a
// column with a NOT NULL that is not valid (PostgreSQL 18).
constexpr const char* kColumns = R"(
SELECT a.attrelid, a.attnum, a.attname,
       CASE WHEN tn.nspname = 'pg_catalog' AND coalesce(en.nspname, tn.nspname) = 'pg_catalog'
            THEN pg_catalog.format_type(a.atttypid, a.atttypmod)
            WHEN t.typelem <> 0 AND t.typlen = -1
            THEN coalesce(pg_catalog.quote_ident(nullif(en.nspname, 'public')) || '.', '')
                 || pg_catalog.quote_ident(e.typname) || '[]'
            ELSE coalesce(pg_catalog.quote_ident(nullif(tn.nspname, 'public')) || '.', '')
                 || pg_catalog.quote_ident(t.typname) END,
       CASE WHEN t.typtype = 'e' THEN t.oid WHEN e.typtype = 'e' THEN e.oid ELSE 0 END,
       a.attnotnull, a.atthasdef OR a.attidentity <> '', a.attgenerated <> '',
       CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
       CASE WHEN a.attgenerated = '' THEN (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid)
         FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END,
       a.attnotnull AND EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = a.attrelid
         AND k.contype = 'n' AND NOT k.convalidated AND k.conkey = ARRAY[a.attnum])
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
  LEFT JOIN pg_catalog.pg_namespace en ON en.oid = e.typnamespace
 WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
   AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
   AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema';
)";

constexpr const char* kEnums = R"(
SELECT t.oid, n.nspname, t.typname, e.oid, e.enumlabel
  FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace;
)";

// Not those of type 'n', which only PostgreSQL 18 has.
constexpr const char* kConstraints = R"(
SELECT oid, conrelid, conname, contype, convalidated FROM pg_catalog.pg_constraint
 WHERE oid >= 16384 AND conrelid <> 0 AND contype IN ('c', 'f', 'p', 'u', 'x');
)";

constexpr const char* kLiveTables = R"(
SELECT n.nspname, c.relname, c.reltuples, coalesce(pg_catalog.pg_total_relation_size(c.oid), 0),
       coalesce(pg_catalog.pg_relation_size(c.oid), 0)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
UNION ALL
SELECT n.nspname, c.relname,
       CASE WHEN min(l.reltuples) < 0 THEN -1 ELSE sum(l.reltuples) END,
       coalesce(sum(pg_catalog.pg_total_relation_size(l.oid)), 0),
       coalesce(sum(pg_catalog.pg_relation_size(l.oid)), 0)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL pg_catalog.pg_partition_tree(c.oid) p
  JOIN pg_catalog.pg_class l ON l.oid = p.relid AND p.isleaf AND l.relkind = 'r'
 WHERE c.relkind = 'p'
 GROUP BY c.oid, n.nspname, c.relname
)";

std::string Text(const Value& value) {
  return value.value_or("");
}

// Of pg_index.indkey, indclass and indcollation; only the first has the columns of INCLUDE.
std::vector<lint::IndexKey> KeysOf(const Value& columns, const Value& classes,
                                   const Value& collations) {
  std::vector<lint::IndexKey> keys;
  if (!columns) return keys;
  const std::vector<std::string> numbers = Split(Text(columns), ' ');
  const std::vector<std::string> class_oids = Split(Text(classes), ' ');
  const std::vector<std::string> collation_oids = Split(Text(collations), ' ');
  for (size_t at = 0; at < class_oids.size(); ++at) {
    keys.push_back(
        {std::atoi(numbers[at].c_str()), OidOf(class_oids[at]), OidOf(collation_oids[at])});
  }
  return keys;
}

char Letter(const Value& value) {
  return value && !value->empty() ? value->front() : ' ';
}

}  // namespace

lint::Oid OidOf(const Value& value) {
  constexpr int kDecimal = 10;
  return value ? static_cast<lint::Oid>(std::strtoul(value->c_str(), nullptr, kDecimal)) : 0;
}

std::string DatabaseStateQuery() {
  return std::string(kRelations) + kColumns + kEnums + kConstraints;
}

DatabaseState ParseDatabaseState(const std::vector<Rows>& results, size_t first) {
  lint::CatalogState catalog;
  for (const auto& row : results[first].rows) {
    lint::Relation relation{Text(row[1]), Text(row[2]), Letter(row[3]), OidOf(row[4])};
    relation.table = OidOf(row[5]);
    relation.keys = KeysOf(row[6], row[7], row[8]);
    relation.is_unique = postgres::IsTrue(row[9]);
    relation.proves_unique = postgres::IsTrue(row[10]);
    relation.can_be_key = relation.proves_unique && postgres::IsTrue(row[11]);
    relation.partition_of = OidOf(row[12]);
    relation.is_default_partition = postgres::IsTrue(row[13]);
    for (const std::string& parent : Split(Text(row[14]), ' ')) {
      if (!parent.empty()) relation.inherits_from.push_back(OidOf(parent));
    }
    catalog.relations.emplace(OidOf(row[0]), std::move(relation));
  }
  for (const auto& row : results[first + 1].rows) {
    const auto relation = catalog.relations.find(OidOf(row[0]));
    if (relation == catalog.relations.end()) continue;
    relation->second.columns.emplace(
        std::atoi(Text(row[1]).c_str()),
        lint::Column{Text(row[2]), Text(row[3]), OidOf(row[4]), postgres::IsTrue(row[5]),
                     postgres::IsTrue(row[6]), postgres::IsTrue(row[7]), Text(row[8]), Text(row[9]),
                     postgres::IsTrue(row[10])});
  }
  for (const auto& row : results[first + 2].rows) {
    lint::EnumType& type = catalog.enums[OidOf(row[0])];
    type.schema = Text(row[1]);
    type.name = Text(row[2]);
    type.labels.emplace(OidOf(row[3]), Text(row[4]));
  }
  DatabaseState state;
  for (const auto& row : results[first + 3].rows) {
    state.constraints.emplace(
        OidOf(row[0]),
        ConstraintState{OidOf(row[1]), Text(row[2]), Letter(row[3]), postgres::IsTrue(row[4])});
    const auto table = catalog.relations.find(OidOf(row[1]));
    if (table != catalog.relations.end()) table->second.constraints.insert(Text(row[2]));
  }
  state.catalog = std::make_shared<const lint::CatalogState>(std::move(catalog));
  return state;
}

Result<DatabaseState> ReadDatabaseState(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<Rows> results, session.Query(DatabaseStateQuery()));
  return ParseDatabaseState(results, 0);
}

Result<lint::LiveTables> ReadLiveTables(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<Rows> results, session.Query(kLiveTables));
  lint::LiveTables tables;
  for (const auto& row : results.back().rows) {
    lint::LiveTable table;
    table.rows = std::atof(Text(row[2]).c_str());
    table.bytes = std::atoll(Text(row[3]).c_str());
    table.heap_bytes = std::atoll(Text(row[4]).c_str());
    tables.emplace(std::make_pair(Text(row[0]), Text(row[1])), table);
  }
  return tables;
}

}  // namespace ballast::proof
