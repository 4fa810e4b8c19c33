// SPDX-License-Identifier: Apache-2.0
// Operators and their classes and families, casts, conversions, transforms, languages
// and access methods.
#include <cstdlib>

#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "introspect/option_clauses.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::Step;

// SQL: name(type, type) of a function, as WITH FUNCTION takes it.
std::string FunctionSignature(const std::string& oid) {
  return "(" + FunctionName(oid) +
         " || '(' || (SELECT coalesce(string_agg(format_type(y.type, NULL), ', ' ORDER BY y.at), "
         "'') FROM pg_proc AS sp, unnest(sp.proargtypes::oid[]) WITH ORDINALITY AS y (type, at) "
         "WHERE sp.oid = " +
         oid + ") || ')')";
}

// An operator that is only named as a commutator or negator has no function; CREATE OPERATOR of the
// one that names it (maker_id) creates it.
std::string OperatorsQuery(const Reading&) {
  return "SELECT o.oid::int8 AS oid, n.nspname AS schema, o.oprname AS name, "
         "pg_get_userbyid(o.oprowner) AS owner, CASE WHEN pg_operator_is_visible(o.oid) THEN '' "
         "ELSE quote_ident(n.nspname) || '.' END || o.oprname AS written, " +
         FunctionName("o.oprcode") +
         " AS function, CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END AS left, "
         "CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END AS right, " +
         OperatorName("o.oprcom") + " AS commutator, " + OperatorName("o.oprnegate") +
         " AS negator, " + FunctionName("o.oprrest") + " AS restrict, " +
         FunctionName("o.oprjoin") +
         " AS \"join\", o.oprcanhash AS hashes, o.oprcanmerge AS merges, u.oid::int8 AS maker_id "
         "FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace "
         "LEFT JOIN LATERAL (SELECT min(u.oid) AS oid FROM pg_operator AS u WHERE o.oprcode = 0 "
         "AND u.oprcode <> 0 AND o.oid IN (u.oprcom, u.oprnegate)) AS u ON true "
         "WHERE (o.oprcode <> 0 OR u.oid IS NOT NULL) AND " +
         SupportedSchema() + " AND " + NotOfExtension("pg_operator", "o.oid") +
         " ORDER BY n.nspname, o.oprname";
}

void ReadOperators(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_operator", row.Oid("oid"));
    OptionClauses clauses(row);
    clauses.Add("FUNCTION", "function");
    clauses.Add("LEFTARG", "left");
    clauses.Add("RIGHTARG", "right");
    clauses.Add("COMMUTATOR", "commutator");
    clauses.Add("NEGATOR", "negator");
    clauses.Add("RESTRICT", "restrict");
    clauses.Add("JOIN", "join");
    if (row.Flag("hashes")) clauses.AddFlag("HASHES");
    if (row.Flag("merges")) clauses.AddFlag("MERGES");
    const auto side = [&](const char* column) {
      return row.IsNull(column) ? std::string("NONE") : row.Text(column);
    };
    const std::string types = side("left") + ", " + side("right");
    const std::string arguments = "(" + types + ")";
    reading.Describe(id, "OPERATOR", row.Text("written") + " " + arguments, row.Text("owner"));
    reading.database.addresses[id].arguments = types;
    if (!row.IsNull("maker_id")) {
      const ObjectId maker = reading.Id("pg_operator", row.Oid("maker_id"));
      reading.database.dependencies.push_back({id, maker, 'i'});
      return;
    }
    reading.Define(id, Step::kCreateOperator, reading.NameOf(row),
                   "CREATE OPERATOR " + row.Text("written") + " " + clauses.Text(), arguments);
  });
}

std::string FamiliesQuery(const Reading&) {
  return std::string(
             "SELECT f.oid::int8 AS oid, n.nspname AS schema, f.opfname AS name, "
             "pg_get_userbyid(f.opfowner) AS owner, quote_ident(am.amname) AS method "
             "FROM pg_opfamily AS f JOIN pg_namespace AS n ON n.oid = f.opfnamespace "
             "JOIN pg_am AS am ON am.oid = f.opfmethod WHERE ") +
         SupportedSchema() + " AND " + NotOfExtension("pg_opfamily", "f.oid") +
         " ORDER BY n.nspname, f.opfname";
}

void ReadFamilies(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_opfamily", row.Oid("oid"));
    const std::string name = QuotedName(reading.NameOf(row)) + " USING " + row.Text("method");
    reading.Describe(id, "OPERATOR FAMILY", name, row.Text("owner"));
    reading.Define(id, Step::kCreateOperatorFamily, reading.NameOf(row),
                   "CREATE OPERATOR FAMILY " + name + ";\n", row.Text("method"));
  });
}

// The members of one class or, with `owner` the catalog pg_opfamily, those of a family that belong
// to no class.
std::string MembersOf(const std::string& owner, const std::string& oid) {
  const std::string of_owner =
      " AND d.refclassid = '" + owner + "'::regclass AND d.refobjid = " + oid + " WHERE true";
  return "(SELECT string_agg(m.text, ',' || E'\\n    ' ORDER BY m.text COLLATE \"C\") FROM ("
         "SELECT 'OPERATOR ' || ao.amopstrategy::text || ' ' || " +
         OperatorName("ao.amopopr") +
         " || '(' || format_type(ao.amoplefttype, NULL) || ', ' || format_type(ao.amoprighttype, "
         "NULL) || ')' || CASE WHEN ao.amopsortfamily <> 0 THEN ' FOR ORDER BY ' || (SELECT " +
         QuotedNameSql("sn.nspname", "sf.opfname") +
         " FROM pg_opfamily AS sf JOIN pg_namespace AS sn ON sn.oid = sf.opfnamespace WHERE sf.oid "
         "= ao.amopsortfamily) ELSE '' END AS text FROM pg_amop AS ao JOIN pg_depend AS d ON "
         "d.classid = 'pg_amop'::regclass AND d.objid = ao.oid" +
         of_owner +
         " UNION ALL SELECT 'FUNCTION ' || ap.amprocnum::text || ' (' || "
         "format_type(ap.amproclefttype, "
         "NULL) || ', ' || format_type(ap.amprocrighttype, NULL) || ') ' || " +
         FunctionSignature("ap.amproc::oid") +
         " FROM pg_amproc AS ap JOIN pg_depend AS d ON d.classid = 'pg_amproc'::regclass AND "
         "d.objid = ap.oid" +
         of_owner + ") AS m)";
}

std::string ClassesQuery(const Reading&) {
  return "SELECT o.oid::int8 AS oid, o.opcfamily::int8 AS family_id, n.nspname AS schema, "
         "o.opcname AS name, pg_get_userbyid(o.opcowner) AS owner, quote_ident(am.amname) AS "
         "method, o.opcdefault AS is_default, format_type(o.opcintype, NULL) AS type, " +
         QuotedNameSql("fn2.nspname", "f.opfname") +
         " AS family, CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END AS "
         "storage, " +
         MembersOf("pg_opclass", "o.oid") +
         " AS members FROM pg_opclass AS o JOIN pg_namespace AS n ON n.oid = o.opcnamespace JOIN "
         "pg_am AS am ON am.oid = o.opcmethod JOIN pg_opfamily AS f ON f.oid = o.opcfamily JOIN "
         "pg_namespace AS fn2 ON fn2.oid = f.opfnamespace WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_opclass", "o.oid") +
         " ORDER BY n.nspname, o.opcname";
}

void ReadClasses(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_opclass", row.Oid("oid"));
    const std::string name = QuotedName(reading.NameOf(row));
    std::string text = "CREATE OPERATOR CLASS " + name;
    if (row.Flag("is_default")) text += " DEFAULT";
    text += " FOR TYPE " + row.Text("type") + " USING " + row.Text("method") + " FAMILY " +
            row.Text("family") + " AS\n    ";
    std::vector<std::string> parts;
    if (!row.IsNull("members")) parts.push_back(row.Text("members"));
    if (!row.IsNull("storage") || parts.empty()) {
      parts.push_back("STORAGE " + row.Text(row.IsNull("storage") ? "type" : "storage"));
    }
    reading.Describe(id, "OPERATOR CLASS", name + " USING " + row.Text("method"),
                     row.Text("owner"));
    reading.Define(id, Step::kCreateOperatorClass, reading.NameOf(row),
                   text + Join(parts, ",\n    ") + ";\n", row.Text("method"));
    reading.database.definitions.back().needs = {reading.Id("pg_opfamily", row.Oid("family_id"))};
  });
}

std::string LooseMembersQuery(const Reading&) {
  return "SELECT x.* FROM (SELECT f.oid::int8 AS oid, n.nspname AS schema, f.opfname AS name, "
         "quote_ident(am.amname) AS method, array_to_string(ARRAY(SELECT amproc::oid FROM "
         "pg_amproc "
         "WHERE amprocfamily = f.oid), ',') AS functions, array_to_string(ARRAY(SELECT amopopr "
         "FROM "
         "pg_amop WHERE amopfamily = f.oid), ',') AS operators, " +
         MembersOf("pg_opfamily", "f.oid") +
         " AS members FROM pg_opfamily AS f JOIN pg_namespace AS n ON n.oid = f.opfnamespace JOIN "
         "pg_am AS am ON am.oid = f.opfmethod WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_opfamily", "f.oid") +
         ") AS x WHERE x.members IS NOT NULL ORDER BY x.schema, x.name";
}

// Objects of a catalog by their OIDs, separated by commas.
void AddObjects(const Reading& reading, const std::string& catalog, const std::string& oids,
                std::vector<ObjectId>& objects) {
  for (const std::string& oid : Split(oids, ',')) {
    if (oid.empty()) continue;
    objects.push_back(
        reading.Id(catalog, static_cast<uint32_t>(std::strtoul(oid.c_str(), nullptr, 10))));
  }
}

void ReadLooseMembers(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_opfamily", row.Oid("oid"));
    reading.Define({id.catalog, id.object, -6000}, Step::kAlterOperatorFamily, reading.NameOf(row),
                   "ALTER OPERATOR FAMILY " + QuotedName(reading.NameOf(row)) + " USING " +
                       row.Text("method") + " ADD\n    " + row.Text("members") + ";\n",
                   row.Text("method"));
    std::vector<ObjectId>& needs = reading.database.definitions.back().needs;
    needs = {id};
    AddObjects(reading, "pg_proc", row.Text("functions"), needs);
    AddObjects(reading, "pg_operator", row.Text("operators"), needs);
  });
}

std::string CastsQuery(const Reading&) {
  return "SELECT c.oid::int8 AS oid, format_type(c.castsource, NULL) AS source, "
         "format_type(c.casttarget, NULL) AS target, c.castmethod AS method, c.castcontext AS "
         "context, " +
         FunctionSignature("c.castfunc") +
         " AS function FROM pg_cast AS c WHERE c.oid >= 16384 AND NOT EXISTS (SELECT 1 FROM "
         "pg_depend "
         "AS d WHERE d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i') "
         "AND " +
         NotOfExtension("pg_cast", "c.oid") + " ORDER BY 2, 3";
}

void ReadCasts(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_cast", row.Oid("oid"));
    const std::string name = "(" + row.Text("source") + " AS " + row.Text("target") + ")";
    std::string text = "CREATE CAST " + name;
    switch (row.Letter("method")) {
      case 'f':
        text += " WITH FUNCTION " + row.Text("function");
        break;
      case 'i':
        text += " WITH INOUT";
        break;
      default:
        text += " WITHOUT FUNCTION";
    }
    if (row.Letter("context") == 'a') text += " AS ASSIGNMENT";
    if (row.Letter("context") == 'i') text += " AS IMPLICIT";
    reading.Describe(id, "CAST", name);
    reading.Define(id, Step::kCreateCast, {"", name}, text + ";\n");
  });
}

std::string ConversionsQuery(const Reading&) {
  return "SELECT c.oid::int8 AS oid, n.nspname AS schema, c.conname AS name, "
         "pg_get_userbyid(c.conowner) AS owner, c.condefault AS is_default, "
         "pg_encoding_to_char(c.conforencoding) AS source, pg_encoding_to_char(c.contoencoding) AS "
         "target, " +
         FunctionName("c.conproc") +
         " AS function FROM pg_conversion AS c JOIN pg_namespace AS n ON n.oid = c.connamespace "
         "WHERE " +
         SupportedSchema() + " AND " + NotOfExtension("pg_conversion", "c.oid") +
         " ORDER BY n.nspname, c.conname";
}

void ReadConversions(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_conversion", row.Oid("oid"));
    const std::string name = QuotedName(reading.NameOf(row));
    reading.Describe(id, "CONVERSION", name, row.Text("owner"));
    reading.Define(id, Step::kCreateConversion, reading.NameOf(row),
                   std::string("CREATE ") + (row.Flag("is_default") ? "DEFAULT " : "") +
                       "CONVERSION " + name + " FOR " + sql::QuoteLiteral(row.Text("source")) +
                       " TO " + sql::QuoteLiteral(row.Text("target")) + " FROM " +
                       row.Text("function") + ";\n");
  });
}

std::string TransformsQuery(const Reading&) {
  return "SELECT t.oid::int8 AS oid, format_type(t.trftype, NULL) AS type, quote_ident(l.lanname) "
         "AS language, CASE WHEN t.trffromsql <> 0 THEN " +
         FunctionSignature("t.trffromsql") + " END AS from_sql, CASE WHEN t.trftosql <> 0 THEN " +
         FunctionSignature("t.trftosql") +
         " END AS to_sql FROM pg_transform AS t JOIN pg_language AS l ON l.oid = t.trflang WHERE "
         "t.oid >= 16384 AND " +
         NotOfExtension("pg_transform", "t.oid") + " ORDER BY 2, 3";
}

void ReadTransforms(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_transform", row.Oid("oid"));
    const std::string name = "FOR " + row.Text("type") + " LANGUAGE " + row.Text("language");
    std::vector<std::string> parts;
    if (!row.IsNull("from_sql")) {
      parts.push_back("FROM SQL WITH FUNCTION " + row.Text("from_sql"));
    }
    if (!row.IsNull("to_sql")) parts.push_back("TO SQL WITH FUNCTION " + row.Text("to_sql"));
    reading.Describe(id, "TRANSFORM", name);
    reading.Define(id, Step::kCreateTransform, {"", name},
                   "CREATE TRANSFORM " + name + " (" + Join(parts, ", ") + ");\n");
  });
}

std::string LanguagesQuery(const Reading&) {
  return "SELECT l.oid::int8 AS oid, l.lanname AS name, pg_get_userbyid(l.lanowner) AS owner, "
         "l.lanpltrusted AS trusted, " +
         FunctionName("l.lanplcallfoid") + " AS handler, " + FunctionName("l.laninline") +
         " AS inline, " + FunctionName("l.lanvalidator") +
         " AS validator FROM pg_language AS l WHERE l.lanispl AND l.oid >= 16384 AND " +
         NotOfExtension("pg_language", "l.oid") + " ORDER BY l.lanname";
}

void ReadLanguages(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_language", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    std::string text = std::string("CREATE ") + (row.Flag("trusted") ? "TRUSTED " : "") +
                       "LANGUAGE " + name + " HANDLER " + row.Text("handler");
    if (!row.IsNull("inline")) text += " INLINE " + row.Text("inline");
    if (!row.IsNull("validator")) text += " VALIDATOR " + row.Text("validator");
    reading.Describe(id, "LANGUAGE", name, row.Text("owner"));
    reading.Define(id, Step::kCreateLanguage, {"", row.Text("name")}, text + ";\n");
  });
}

std::string AccessMethodsQuery(const Reading&) {
  return "SELECT a.oid::int8 AS oid, a.amname AS name, a.amtype AS type, " +
         FunctionName("a.amhandler") + " AS handler FROM pg_am AS a WHERE a.oid >= 16384 AND " +
         NotOfExtension("pg_am", "a.oid") + " ORDER BY a.amname";
}

void ReadAccessMethods(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_am", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    reading.Describe(id, "ACCESS METHOD", name);
    reading.Define(id, Step::kCreateAccessMethod, {"", row.Text("name")},
                   "CREATE ACCESS METHOD " + name + " TYPE " +
                       (row.Letter("type") == 't' ? "TABLE" : "INDEX") + " HANDLER " +
                       row.Text("handler") + ";\n");
  });
}

}  // namespace

const std::vector<Part>& OperatorQueries() {
  static const std::vector<Part> parts = {{OperatorsQuery, ReadOperators},
                                          {FamiliesQuery, ReadFamilies},
                                          {ClassesQuery, ReadClasses},
                                          {LooseMembersQuery, ReadLooseMembers},
                                          {CastsQuery, ReadCasts},
                                          {ConversionsQuery, ReadConversions},
                                          {TransformsQuery, ReadTransforms},
                                          {LanguagesQuery, ReadLanguages},
                                          {AccessMethodsQuery, ReadAccessMethods}};
  return parts;
}

}  // namespace ballast::introspect
