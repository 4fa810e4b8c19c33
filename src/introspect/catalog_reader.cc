// SPDX-License-Identifier: Apache-2.0
#include "introspect/catalog_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/baseline.h"
#include "catalog/own_schemas.h"
#include "introspect/catalog_internal.h"
#include "introspect/privilege_conditions.h"
#include "introspect/rows_reader.h"
#include "postgres/rolled_back_transaction.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

std::string Settings(const CatalogOptions& options) {
  return "SET LOCAL search_path = " + sql::QuoteIdentifier(options.target_schema) + ";\n" +
         TextSettings() + "SET LOCAL jit = off;\n";
}

std::vector<Part> AllParts() {
  std::vector<Part> parts;
  for (const auto* group :
       {&SchemaQueries(), &TypeQueries(), &TableQueries(), &ConstraintQueries(), &IndexQueries(),
        &FunctionQueries(), &AggregateQueries(), &OperatorQueries(), &TextSearchQueries(),
        &ForeignDataQueries(), &ViewQueries(), &RelationExtraQueries(), &DatabaseQueries(),
        &CommonQueries(), &UnsupportedQueries()}) {
    parts.insert(parts.end(), group->begin(), group->end());
  }
  return parts;
}

// Names of objects of the target schema that mean something else when unqualified, because
// pg_catalog, which the server searches first, has them too. A table's row type is named by the
// server only, which takes care of that itself. Members of extensions count if something outside of
// extensions uses them.
constexpr const char* kHiddenNames = R"(
WITH n AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = pg_catalog.current_schema()),
hidden(class, object, name) AS (
SELECT 'pg_catalog.pg_class'::regclass, c.oid, relname FROM n, pg_catalog.pg_class c
WHERE relnamespace = n.oid AND NOT pg_catalog.pg_table_is_visible(c.oid)
UNION ALL SELECT 'pg_catalog.pg_type'::regclass, t.oid, typname FROM n, pg_catalog.pg_type t
WHERE typnamespace = n.oid AND NOT pg_catalog.pg_type_is_visible(t.oid) AND typcategory <> 'A'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, p.oid, proname FROM n, pg_catalog.pg_proc p
WHERE pronamespace = n.oid AND NOT pg_catalog.pg_function_is_visible(p.oid)
UNION ALL SELECT 'pg_catalog.pg_collation'::regclass, c.oid, collname
FROM n, pg_catalog.pg_collation c
WHERE collnamespace = n.oid AND NOT pg_catalog.pg_collation_is_visible(c.oid)
UNION ALL SELECT 'pg_catalog.pg_opclass'::regclass, c.oid, opcname FROM n, pg_catalog.pg_opclass c
WHERE opcnamespace = n.oid AND NOT pg_catalog.pg_opclass_is_visible(c.oid)
UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, f.oid, opfname
FROM n, pg_catalog.pg_opfamily f
WHERE opfnamespace = n.oid AND NOT pg_catalog.pg_opfamily_is_visible(f.oid)
UNION ALL SELECT 'pg_catalog.pg_conversion'::regclass, c.oid, conname
FROM n, pg_catalog.pg_conversion c
WHERE connamespace = n.oid AND NOT pg_catalog.pg_conversion_is_visible(c.oid)
UNION ALL SELECT 'pg_catalog.pg_ts_config'::regclass, c.oid, cfgname
FROM n, pg_catalog.pg_ts_config c
WHERE cfgnamespace = n.oid AND NOT pg_catalog.pg_ts_config_is_visible(c.oid)
UNION ALL SELECT 'pg_catalog.pg_ts_dict'::regclass, d.oid, dictname FROM n, pg_catalog.pg_ts_dict d
WHERE dictnamespace = n.oid AND NOT pg_catalog.pg_ts_dict_is_visible(d.oid)
UNION ALL SELECT 'pg_catalog.pg_ts_parser'::regclass, p.oid, prsname
FROM n, pg_catalog.pg_ts_parser p
WHERE prsnamespace = n.oid AND NOT pg_catalog.pg_ts_parser_is_visible(p.oid)
UNION ALL SELECT 'pg_catalog.pg_ts_template'::regclass, t.oid, tmplname
FROM n, pg_catalog.pg_ts_template t
WHERE tmplnamespace = n.oid AND NOT pg_catalog.pg_ts_template_is_visible(t.oid))
SELECT DISTINCT name FROM hidden h WHERE NOT EXISTS (
  SELECT FROM pg_catalog.pg_depend e
  WHERE e.classid = h.class AND e.objid = h.object AND e.deptype = 'e')
OR EXISTS (
  SELECT FROM pg_catalog.pg_depend u
  WHERE u.refclassid = h.class AND u.refobjid = h.object AND u.deptype <> 'e' AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend e
    WHERE e.classid = u.classid AND e.objid = u.objid AND e.deptype = 'e')))";

// Whether any operator of the target schema is affected, too.
constexpr const char* kHiddenOperators = R"(
SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_operator o
  ON o.oprnamespace = n.oid WHERE n.nspname = pg_catalog.current_schema()
  AND NOT pg_catalog.pg_operator_is_visible(o.oid)))";

Result<Reading> StartReading(postgres::Session& session, const CatalogOptions& options) {
  Reading reading;
  reading.major = session.server_major();
  reading.target = options.target_schema;
  reading.options = &options;
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query(Settings(options) +
                           "SELECT oid::int8 AS oid, relname AS name FROM pg_catalog.pg_class "
                           "WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r';" +
                           kHiddenNames + ";" + kHiddenOperators + ";SELECT current_user"));
  const auto answer = results.end() - 4;
  postgres::ForEachRecord(answer[0], [&](const postgres::Record& row) {
    reading.catalogs[row.Text("name")] = row.Oid("oid");
  });
  postgres::ForEachRecord(answer[1], [&](const postgres::Record& row) {
    reading.hidden_names.insert(row.Text("name"));
  });
  if (!reading.hidden_names.empty() || postgres::IsTrue(answer[2].rows[0][0])) {
    reading.database.only_schema = reading.target;
  }
  reading.database.owner = results.back().rows[0][0].value_or("");
  return reading;
}

// The positions of sequences are in their own relations: one more query for all of them.
Status ReadSequencePositions(postgres::Session& session, Reading& reading) {
  catalog::Database& database = reading.database;
  std::string query;
  for (size_t at = 0; at < database.sequences.size(); ++at) {
    if (reading.unreadable_sequences.contains(database.sequences[at].id)) continue;
    if (!query.empty()) query += " UNION ALL ";
    query += fmt::format("SELECT {} AS at, last_value, is_called FROM {}", at,
                         QuotedName(database.sequences[at].name));
  }
  if (query.empty()) return {};
  TRY_ASSIGN(const std::vector<postgres::Rows> results, session.Query(query));
  postgres::ForEachRecord(results.back(), [&](const postgres::Record& row) {
    catalog::Sequence& sequence = database.sequences[row.Number("at")];
    sequence.last_value = row.Number("last_value");
    sequence.is_called = row.Flag("is_called");
  });
  return {};
}

Result<BaselineDraft> ReadInTransaction(postgres::Session& session,
                                        const BaselineOptions& options) {
  TRY_ASSIGN(catalog::Database database, ReadCatalog(session, options));
  BaselineDraft draft;
  std::map<catalog::ObjectId, std::string> rows;
  if (options.with_rows) {
    TRY_ASSIGN(RowsDraft read, ReadRows(session, database, options));
    rows = std::move(read.statements);
    draft.rows = std::move(read.digests);
    draft.frozen_values = DescribeFrozen(read.frozen);
  }
  // Last, because it changes settings.
  if (!options.conditions.empty()) {
    TRY_ASSIGN(database.conditions, FindConditions(session, options.conditions));
  }
  catalog::BaselineScript script = catalog::RenderBaseline(database, rows);
  draft.script = std::move(script.text);
  draft.unsupported = std::move(script.unsupported);
  draft.roles = options.roles;
  draft.notices = database.notices;
  for (const catalog::Definition& definition : database.definitions) {
    if (definition.step == catalog::Step::kCreateSchema) {
      draft.schemas.push_back(definition.name.name);
    }
  }
  std::sort(draft.schemas.begin(), draft.schemas.end());
  return draft;
}

}  // namespace

std::string TextSettings() {
  return "SET LOCAL datestyle = 'ISO, YMD';\nSET LOCAL intervalstyle = 'postgres';\n"
         "SET LOCAL timezone = 'UTC';\nSET LOCAL extra_float_digits = 3;\n"
         "SET LOCAL bytea_output = 'hex';\nSET LOCAL standard_conforming_strings = on;\n"
         "SET LOCAL quote_all_identifiers = off;\nSET LOCAL xmloption = 'content';\n"
         "SET LOCAL lc_monetary = 'C';\nSET LOCAL row_security = off;\n";
}

std::string SupportedSchema() {
  return fmt::format("(n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', {}))",
                     catalog::kOwnSchemas);
}

std::string NotOfExtension(const std::string& catalog, const std::string& oid) {
  return fmt::format(
      "NOT EXISTS (SELECT 1 FROM pg_depend AS member WHERE member.classid = '{}'::regclass AND "
      "member.objid = {} AND member.deptype = 'e')",
      catalog, oid);
}

std::string OptionList(const std::string& expression) {
  return "array_to_string(" + expression + ", E'\\x1f')";
}

std::string FdwOptions(const std::string& expression) {
  return "coalesce('OPTIONS (' || (SELECT string_agg(quote_ident(o.option_name) || ' ' || "
         "quote_literal(o.option_value), ', ') FROM pg_options_to_table(" +
         expression + ") AS o) || ')', '')";
}

std::string QuotedNameSql(const std::string& schema, const std::string& name) {
  return fmt::format(
      "(CASE WHEN {0} IN (current_schema(), 'pg_catalog') THEN '' ELSE quote_ident({0}) || '.' END "
      "|| quote_ident({1}))",
      schema, name);
}

std::string FunctionName(const std::string& oid) {
  return "(SELECT CASE WHEN pg_function_is_visible(fp.oid) THEN '' ELSE quote_ident(fn.nspname) || "
         "'.' END || quote_ident(fp.proname)"
         " FROM pg_proc AS fp JOIN pg_namespace AS fn ON fn.oid = fp.pronamespace WHERE fp.oid = " +
         oid + ")";
}

std::string RenderOptions(const std::vector<std::string>& options) {
  std::vector<std::string> parts;
  for (const std::string& option : options) {
    const size_t equals = option.find('=');
    const std::string value = option.substr(equals + 1);
    const bool number = !value.empty() && value.find_first_not_of("0123456789.") == value.npos;
    parts.push_back(option.substr(0, equals) + "=" + (number ? value : sql::QuoteLiteral(value)));
  }
  return Join(parts, ", ");
}

Result<catalog::Database> ReadCatalog(postgres::Session& session, const CatalogOptions& options) {
  TRY_ASSIGN(Reading reading, StartReading(session, options));
  const std::vector<Part> parts = AllParts();
  // Analyzed with a search_path without user objects, then executed with the target schema on it
  // (IsolatedMessage).
  std::string declare = "SET LOCAL search_path = pg_catalog, pg_temp;\n";
  std::string fetch;
  std::string close;  // so that a transaction can read twice
  for (size_t at = 0; at < parts.size(); ++at) {
    declare +=
        fmt::format("DECLARE ballast_{} NO SCROLL CURSOR FOR {};\n", at, parts[at].query(reading));
    fetch += fmt::format("FETCH ALL FROM ballast_{};\n", at);
    close += fmt::format("CLOSE ballast_{};\n", at);
  }
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query("SET LOCAL cursor_tuple_fraction = 1;\n" + declare +
                           "SET LOCAL search_path = " + sql::QuoteIdentifier(reading.target) +
                           ";\n" + fetch + close));
  BALLAST_CHECK(results.size() > 2 * parts.size());
  const auto answers = results.end() - 2 * static_cast<std::ptrdiff_t>(parts.size());
  for (size_t at = 0; at < parts.size(); ++at)
    parts[at].take(answers[static_cast<std::ptrdiff_t>(at)], reading);
  TRY(ReadSequencePositions(session, reading));
  return std::move(reading.database);
}

Result<BaselineDraft> ReadBaseline(postgres::Session& session, const BaselineOptions& options) {
  BaselineDraft draft;
  TRY(postgres::InRolledBackTransaction(session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                                        [&]() -> Status {
                                          TRY_ASSIGN(draft, ReadInTransaction(session, options));
                                          return {};
                                        }));
  return draft;
}

}  // namespace ballast::introspect
