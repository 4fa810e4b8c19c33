// SPDX-License-Identifier: Apache-2.0
// Types other than enums and tables' rows, and collations.
#include "base/text.h"
#include "catalog/render_ddl.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::Step;

// The column number in the identity of ALTER … OWNER TO (catalog/baseline_comments_grants.cc).
constexpr int kOwnerStep = -1003;

std::string CollationName(const std::string& oid) {
  return "(SELECT " + QuotedNameSql("cn.nspname", "cl.collname") +
         " FROM pg_collation AS cl JOIN pg_namespace AS cn ON cn.oid = cl.collnamespace "
         "WHERE cl.oid = " +
         oid + ")";
}

std::string DomainsQuery(const Reading&) {
  return R"(
SELECT t.oid::int8 AS oid, n.nspname AS schema, t.typname AS name,
  pg_get_userbyid(t.typowner) AS owner, format_type(t.typbasetype, t.typtypmod) AS base_type,
  t.typnotnull AS not_null, pg_get_expr(t.typdefaultbin, 'pg_type'::regclass) AS default_value,
  CASE WHEN t.typcollation <> b.typcollation THEN )" +
         CollationName("t.typcollation") + R"( END AS collation
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
JOIN pg_type AS b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_type", "t.oid") +
         " ORDER BY n.nspname, t.typname";
}

void ReadDomains(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name name = reading.NameOf(row);
    const ObjectId id = reading.Id("pg_type", row.Oid("oid"));
    catalog::Domain domain{row.Text("base_type"), row.Text("collation"), row.Text("default_value"),
                           row.Flag("not_null")};
    std::string text = "CREATE DOMAIN " + QuotedName(name) + " AS " + domain.type;
    if (!domain.collation.empty()) text += " COLLATE " + domain.collation;
    if (!domain.default_value.empty()) text += " DEFAULT " + domain.default_value;
    reading.Describe(id, "DOMAIN", QuotedName(name), row.Text("owner"));
    reading.Define(id, Step::kCreateDomain, name, text);
    catalog::Definition& definition = reading.database.definitions.back();
    definition.clauses.push_back({{}, {}, domain.not_null ? " NOT NULL" : "", ""});
    definition.created = std::move(domain);
  });
}

std::string DomainChecksQuery(const Reading&) {
  return std::string(R"(
SELECT k.oid::int8 AS oid, k.conname AS name, k.contypid::int8 AS type_id, k.contype AS type,
  k.convalidated AS validated, pg_get_constraintdef(k.oid) AS definition, t.typname AS domain_name
FROM pg_constraint AS k
JOIN pg_type AS t ON t.oid = k.contypid
JOIN pg_namespace AS n ON n.oid = t.typnamespace
WHERE k.contypid <> 0 AND )") +
         SupportedSchema() + " ORDER BY k.contypid, k.conname";
}

void ReadDomainCheck(const postgres::Record& row, catalog::Definition& domain, Reading& reading) {
  const std::string name = sql::QuoteIdentifier(row.Text("name"));
  const ObjectId id = reading.Id("pg_constraint", row.Oid("oid"));
  const std::string quoted = QuotedName(domain.name);
  reading.Describe(id, "CONSTRAINT", name + " ON DOMAIN " + quoted);
  reading.database.addresses[id].object_kind = "domain constraint";
  if (row.Letter("type") == 'n') {
    domain.also.push_back(id);
    const bool usual = row.Text("name") == row.Text("domain_name") + "_not_null";
    if (!usual) domain.clauses.front().inside = " CONSTRAINT " + name + " NOT NULL";
    return;
  }
  const std::string apart =
      "ALTER DOMAIN " + quoted + " ADD CONSTRAINT " + name + " " + row.Text("definition") + ";\n";
  if (row.Flag("validated")) {
    domain.clauses.push_back(
        {id, row.Text("name"), " CONSTRAINT " + name + " " + row.Text("definition"), apart});
    return;
  }
  catalog::Definition step;
  step.id = id;
  step.step = Step::kAlterDomain;
  step.name = domain.name;
  step.detail = row.Text("name");
  step.statements = apart;
  step.needs = {domain.id};
  reading.database.definitions.push_back(std::move(step));
}

void ReadDomainChecks(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId type = reading.Id("pg_type", row.Oid("type_id"));
    for (size_t at = 0; at < reading.database.definitions.size(); ++at) {
      if (reading.database.definitions[at].id != type) continue;
      catalog::Definition domain = reading.database.definitions[at];
      ReadDomainCheck(row, domain, reading);
      reading.database.definitions[at] = std::move(domain);
      break;
    }
  });
}

std::string CompositesQuery(const Reading&) {
  return R"(
SELECT t.oid::int8 AS oid, c.oid::int8 AS relation, n.nspname AS schema, t.typname AS name,
  pg_get_userbyid(t.typowner) AS owner, a.attnum AS number, a.attname AS attribute,
  quote_ident(a.attname) AS column_name, format_type(a.atttypid, a.atttypmod) AS type,
  CASE WHEN a.attcollation <> at.typcollation THEN )" +
         CollationName("a.attcollation") + R"( END AS collation
FROM pg_class AS c
JOIN pg_type AS t ON t.oid = c.reltype
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type AS at ON at.oid = a.atttypid
WHERE c.relkind = 'c' AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_type", "t.oid") +
         " ORDER BY t.oid, a.attnum";
}

void ReadComposites(const postgres::Rows& rows, Reading& reading) {
  uint32_t last = 0;
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name name = reading.NameOf(row);
    const ObjectId id = reading.Id("pg_type", row.Oid("oid"));
    const bool first = row.Oid("oid") != last;
    if (first) {
      last = row.Oid("oid");
      reading.DescribeType(id, "composite type", name, row.Text("owner"));
      reading.Define(id, Step::kCreateType, name, "CREATE TYPE " + QuotedName(name) + " AS ();\n");
      reading.database.definitions.back().also = {reading.Id("pg_class", row.Oid("relation"))};
      reading.database.definitions.back().created = catalog::CompositeType{};
    }
    if (row.IsNull("number")) return;
    std::get<catalog::CompositeType>(reading.database.definitions.back().created)
        .attributes.push_back({row.Text("attribute"), row.Text("type")});
    std::string line = "\n    " + row.Text("column_name") + " " + row.Text("type");
    if (!row.IsNull("collation")) line += " COLLATE " + row.Text("collation");
    std::string& text = reading.database.definitions.back().statements;
    text.resize(text.size() - std::string_view(first ? ");\n" : "\n);\n").size());
    text += (first ? "" : ",") + line + "\n);\n";
    const ObjectId part =
        reading.Id("pg_class", row.Oid("relation"), static_cast<int32_t>(row.Number("number")));
    reading.Describe(part, "COLUMN", QuotedName(name) + "." + row.Text("column_name"));
  });
}

// A multirange type is named only if the server would not choose the name itself (PostgreSQL
// typecmds.c, makeMultirangeTypeName); 13 has none and does not accept the option.
std::string RangesQuery(const Reading& reading) {
  const std::string multirange =
      reading.major >= 14
          ? "(SELECT " + QuotedNameSql("mn.nspname", "m.typname") +
                " FROM pg_type AS m JOIN pg_namespace AS mn ON mn.oid = m.typnamespace WHERE "
                "m.oid = r.rngmultitypid AND (m.typnamespace <> t.typnamespace OR m.typname <> "
                "CASE WHEN t.typname ~ 'range' THEN regexp_replace(t.typname, 'range', "
                "'multirange') ELSE t.typname || '_multirange' END))"
          : "NULL::text";
  const std::string owner =
      reading.major >= 14
          ? "(SELECT pg_get_userbyid(m.typowner) FROM pg_type AS m WHERE m.oid = r.rngmultitypid) "
            "AS multirange_owner, format_type(r.rngmultitypid, NULL) AS multirange_name"
          : "NULL AS multirange_owner, NULL AS multirange_name";
  return R"(
SELECT t.oid::int8 AS oid, n.nspname AS schema, t.typname AS name,
  pg_get_userbyid(t.typowner) AS owner, format_type(r.rngsubtype, NULL) AS subtype,
  CASE WHEN NOT o.opcdefault THEN )" +
         QuotedNameSql("pn.nspname", "o.opcname") + R"( END AS operator_class,
  CASE WHEN r.rngcollation <> s.typcollation THEN )" +
         CollationName("r.rngcollation") + " END AS collation, " + FunctionName("r.rngsubdiff") +
         " AS difference, " + FunctionName("r.rngcanonical") +
         " AS canonical, r.rngcanonical::oid::int8 AS canonical_id, " + multirange +
         " AS multirange, " + owner + R"(
FROM pg_range AS r
JOIN pg_type AS t ON t.oid = r.rngtypid
JOIN pg_type AS s ON s.oid = r.rngsubtype
JOIN pg_namespace AS n ON n.oid = t.typnamespace
JOIN pg_opclass AS o ON o.oid = r.rngsubopc
JOIN pg_namespace AS pn ON pn.oid = o.opcnamespace
WHERE )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_type", "t.oid") +
         " ORDER BY n.nspname, t.typname";
}

// A type is first created as a shell if its functions use it.
void AddShell(ObjectId id, const catalog::Name& name, const std::vector<uint32_t>& functions,
              Reading& reading) {
  const ObjectId shell{id.catalog, id.object, -5000};
  reading.database.definitions.back().needs.push_back(shell);
  reading.Define(shell, Step::kCreateShellType, name, "CREATE TYPE " + QuotedName(name) + ";\n");
  for (const uint32_t function : functions) {
    reading.database.redirects.push_back({reading.Id("pg_proc", function), id, shell});
  }
}

// `oid`: an expression for that of the role.
std::string ChangeMultirangeOwner(const std::string& multirange, const std::string& oid,
                                  const std::string& role) {
  return catalog::RenderDoBlock(
      "  IF (SELECT typowner FROM pg_catalog.pg_type WHERE oid = " + sql::QuoteLiteral(multirange) +
      "::pg_catalog.regtype) <> " + oid + "::pg_catalog.regrole THEN\n    ALTER TYPE " +
      multirange + " OWNER TO " + role + ";\n  END IF;\n");
}

// Newer servers give a multirange type the owner of its range type; then nothing must be done.
void DefineMultirangeOwner(const postgres::Record& row, ObjectId range, const catalog::Name& name,
                           Reading& reading) {
  const std::string owner = row.Text("multirange_owner");
  if (row.IsNull("multirange_owner") || owner == reading.database.owner) return;
  const std::string multirange = row.Text("multirange_name");
  catalog::Definition step;
  step.step = Step::kAlterOwner;
  step.name = {"", "TYPE"};
  step.detail = QuotedName(name) + " multirange";
  const std::string role = sql::QuoteIdentifier(owner);
  step.settings = {
      {ChangeMultirangeOwner(multirange, sql::QuoteLiteral(role), role),
       ChangeMultirangeOwner(multirange, "quote_ident(CURRENT_USER)", "CURRENT_USER")}};
  step.statements = catalog::SetStatements(step.settings);
  step.needs = {range, {range.catalog, range.object, kOwnerStep}};
  reading.database.definitions.push_back(std::move(step));
}

void ReadRanges(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name name = reading.NameOf(row);
    const ObjectId id = reading.Id("pg_type", row.Oid("oid"));
    std::string text =
        "CREATE TYPE " + QuotedName(name) + " AS RANGE (\n    SUBTYPE = " + row.Text("subtype");
    const auto add = [&](const char* word, const char* column) {
      if (!row.IsNull(column)) text += std::string(",\n    ") + word + " = " + row.Text(column);
    };
    add("SUBTYPE_OPCLASS", "operator_class");
    add("COLLATION", "collation");
    add("CANONICAL", "canonical");
    add("SUBTYPE_DIFF", "difference");
    add("MULTIRANGE_TYPE_NAME", "multirange");
    reading.DescribeType(id, "range type", name, row.Text("owner"));
    reading.Define(id, Step::kCreateType, name, text + "\n);\n");
    reading.database.definitions.back().created = catalog::RangeType{};
    if (!row.IsNull("canonical")) AddShell(id, name, {row.Oid("canonical_id")}, reading);
    DefineMultirangeOwner(row, id, name, reading);
  });
}

std::string BaseTypesQuery(const Reading& reading) {
  const std::string subscript = reading.major >= 14 ? FunctionName("t.typsubscript") : "NULL";
  const std::string subscript_id = reading.major >= 14 ? "t.typsubscript::oid::int8" : "0";
  return R"(
SELECT t.oid::int8 AS oid, n.nspname AS schema, t.typname AS name,
  pg_get_userbyid(t.typowner) AS owner, t.typisdefined AS defined, t.typlen AS length,
  t.typbyval AS by_value, t.typalign AS alignment, t.typstorage AS storage,
  t.typcategory AS category, t.typispreferred AS preferred, t.typdefault AS default_value,
  t.typdelim AS delimiter, t.typcollation <> 0 AS collatable,
  CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
  )" + FunctionName("t.typinput") +
         " AS input, " + FunctionName("t.typoutput") + " AS output, " +
         FunctionName("t.typreceive") + " AS receive, " + FunctionName("t.typsend") + " AS send, " +
         FunctionName("t.typmodin") + " AS typmod_in, " + FunctionName("t.typmodout") +
         " AS typmod_out, " + FunctionName("t.typanalyze") + " AS analyze, " + subscript +
         R"( AS subscript,
  array_to_string(ARRAY[t.typinput::oid::int8, t.typoutput::oid::int8, t.typreceive::oid::int8,
    t.typsend::oid::int8, t.typmodin::oid::int8, t.typmodout::oid::int8,
    t.typanalyze::oid::int8, )" +
         subscript_id + R"(], E'\x1f') AS functions
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
WHERE (t.typtype = 'b' OR t.typtype = 'p') AND )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_type", "t.oid") + R"(
  AND NOT EXISTS (SELECT 1 FROM pg_type AS e WHERE e.typarray = t.oid)
ORDER BY n.nspname, t.typname)";
}

std::string AlignmentWord(char alignment) {
  switch (alignment) {
    case 'c':
      return "char";
    case 's':
      return "int2";
    case 'd':
      return "double";
    default:
      return "int4";
  }
}

std::string BaseTypeText(const postgres::Record& row, const catalog::Name& name) {
  std::string text = "CREATE TYPE " + QuotedName(name) + " (\n    INPUT = " + row.Text("input") +
                     ",\n    OUTPUT = " + row.Text("output");
  const auto add = [&](const char* word, const std::string& value) {
    if (!value.empty()) text += std::string(",\n    ") + word + " = " + value;
  };
  add("RECEIVE", row.Text("receive"));
  add("SEND", row.Text("send"));
  add("TYPMOD_IN", row.Text("typmod_in"));
  add("TYPMOD_OUT", row.Text("typmod_out"));
  add("ANALYZE", row.Text("analyze"));
  add("SUBSCRIPT", row.Text("subscript"));
  add("INTERNALLENGTH", row.Number("length") < 0 ? "variable" : row.Text("length"));
  if (row.Flag("by_value")) text += ",\n    PASSEDBYVALUE";
  add("ALIGNMENT", AlignmentWord(row.Letter("alignment")));
  add("STORAGE", ToLowerAscii(StorageKeyword(row.Letter("storage"))));
  if (row.Letter("category") != 'U') add("CATEGORY", sql::QuoteLiteral(row.Text("category")));
  if (row.Flag("preferred")) add("PREFERRED", "true");
  if (!row.IsNull("default_value")) add("DEFAULT", sql::QuoteLiteral(row.Text("default_value")));
  add("ELEMENT", row.Text("element"));
  if (row.Letter("delimiter") != ',') add("DELIMITER", sql::QuoteLiteral(row.Text("delimiter")));
  if (row.Flag("collatable")) add("COLLATABLE", "true");
  return text + "\n);\n";
}

void ReadBaseTypes(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name name = reading.NameOf(row);
    const ObjectId id = reading.Id("pg_type", row.Oid("oid"));
    reading.DescribeType(id, "base type", name, row.Text("owner"));
    if (!row.Flag("defined")) {
      reading.Define(id, Step::kCreateShellType, name, "CREATE TYPE " + QuotedName(name) + ";\n");
      return;
    }
    reading.Define(id, Step::kCreateType, name, BaseTypeText(row, name));
    std::vector<uint32_t> functions;
    for (const std::string& oid : row.List("functions")) {
      functions.push_back(static_cast<uint32_t>(std::strtoul(oid.c_str(), nullptr, 10)));
    }
    AddShell(id, name, functions, reading);
  });
}

std::string CollationsQuery(const Reading& reading) {
  std::string locale = "l.collcollate AS locale, NULL AS rules";
  if (reading.major >= 17) {
    locale = "l.colllocale AS locale, l.collicurules AS rules";
  } else if (reading.major >= 15) {
    locale = "l.colliculocale AS locale, " +
             std::string(reading.major >= 16 ? "l.collicurules" : "NULL") + " AS rules";
  }
  return "SELECT l.oid::int8 AS oid, n.nspname AS schema, l.collname AS name, "
         "pg_get_userbyid(l.collowner) AS owner, l.collprovider AS provider, "
         "l.collisdeterministic AS deterministic, l.collcollate AS collate, l.collctype AS "
         "ctype, " +
         locale +
         " FROM pg_collation AS l JOIN pg_namespace AS n ON n.oid = l.collnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_collation", "l.oid") +
         " ORDER BY n.nspname, l.collname";
}

void ReadCollations(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name name = reading.NameOf(row);
    const ObjectId id = reading.Id("pg_collation", row.Oid("oid"));
    const char provider = row.Letter("provider");
    std::vector<std::string> options;
    options.push_back(std::string("provider = ") + (provider == 'i'   ? "icu"
                                                    : provider == 'b' ? "builtin"
                                                                      : "libc"));
    if (!row.Flag("deterministic")) options.emplace_back("deterministic = false");
    if (provider != 'c') {
      options.push_back("locale = " + sql::QuoteLiteral(row.Text("locale")));
    } else if (row.Text("collate") == row.Text("ctype")) {
      options.push_back("locale = " + sql::QuoteLiteral(row.Text("collate")));
    } else {
      options.push_back("lc_collate = " + sql::QuoteLiteral(row.Text("collate")));
      options.push_back("lc_ctype = " + sql::QuoteLiteral(row.Text("ctype")));
    }
    if (!row.IsNull("rules")) options.push_back("rules = " + sql::QuoteLiteral(row.Text("rules")));
    reading.Describe(id, "COLLATION", QuotedName(name), row.Text("owner"));
    reading.Define(id, Step::kCreateCollation, name,
                   "CREATE COLLATION " + QuotedName(name) + " (" + Join(options, ", ") + ");\n");
  });
}

}  // namespace

const std::vector<Part>& TypeQueries() {
  static const std::vector<Part> parts = {{CollationsQuery, ReadCollations},
                                          {DomainsQuery, ReadDomains},
                                          {DomainChecksQuery, ReadDomainChecks},
                                          {CompositesQuery, ReadComposites},
                                          {RangesQuery, ReadRanges},
                                          {BaseTypesQuery, ReadBaseTypes}};
  return parts;
}

}  // namespace ballast::introspect
