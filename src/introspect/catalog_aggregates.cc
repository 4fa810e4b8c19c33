// SPDX-License-Identifier: Apache-2.0
// Aggregates.
#include "introspect/catalog_internal.h"
#include "introspect/option_clauses.h"

namespace ballast::introspect {

namespace {

using catalog::ObjectId;
using catalog::Step;

std::string AggregatesQuery(const Reading&) {
  return R"(
SELECT p.oid::int8 AS oid, n.nspname AS schema, p.proname AS name,
  pg_get_userbyid(p.proowner) AS owner, pg_get_function_identity_arguments(p.oid) AS identity,
  (SELECT string_agg(format_type(t.type, NULL), ', ' ORDER BY t.at)
   FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (type, at)) AS types,
  CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END AS arguments,
  a.aggkind AS kind, )" +
         FunctionName("a.aggtransfn") +
         " AS sfunc, format_type(a.aggtranstype, NULL) AS stype, "
         "NULLIF(a.aggtransspace, 0) AS sspace, " +
         FunctionName("a.aggfinalfn") +
         " AS finalfunc, a.aggfinalextra AS final_extra, a.aggfinalmodify AS final_modify, " +
         FunctionName("a.aggcombinefn") + " AS combine, " + FunctionName("a.aggserialfn") +
         " AS serial, " + FunctionName("a.aggdeserialfn") +
         " AS deserial, quote_literal(a.agginitval) AS initcond, " + FunctionName("a.aggmtransfn") +
         " AS msfunc, " + FunctionName("a.aggminvtransfn") +
         " AS minvfunc, CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END "
         "AS mstype, NULLIF(a.aggmtransspace, 0) AS msspace, " +
         FunctionName("a.aggmfinalfn") +
         " AS mfinalfunc, a.aggmfinalextra AS mfinal_extra, a.aggmfinalmodify AS mfinal_modify, "
         "quote_literal(a.aggminitval) AS minitcond, " +
         OperatorName("a.aggsortop") + R"( AS sortop, p.proparallel AS parallel
FROM pg_aggregate AS a
JOIN pg_proc AS p ON p.oid = a.aggfnoid
JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE )" +
         SupportedSchema() + " AND " + NotOfExtension("pg_proc", "p.oid") +
         " ORDER BY n.nspname, p.proname";
}

const char* ModifyKeyword(char modify) {
  switch (modify) {
    case 'r':
      return "READ_ONLY";
    case 's':
      return "SHAREABLE";
    default:
      return "READ_WRITE";
  }
}

std::string AggregateText(const postgres::Record& row) {
  OptionClauses clauses(row);
  const bool ordered = row.Letter("kind") != 'n';
  clauses.Add("SFUNC", "sfunc");
  clauses.Add("STYPE", "stype");
  clauses.Add("SSPACE", "sspace");
  clauses.Add("FINALFUNC", "finalfunc");
  if (row.Flag("final_extra")) clauses.AddFlag("FINALFUNC_EXTRA");
  if (row.Letter("final_modify") != (ordered ? 'w' : 'r')) {
    clauses.AddFlag(std::string("FINALFUNC_MODIFY = ") + ModifyKeyword(row.Letter("final_modify")));
  }
  clauses.Add("COMBINEFUNC", "combine");
  clauses.Add("SERIALFUNC", "serial");
  clauses.Add("DESERIALFUNC", "deserial");
  clauses.Add("INITCOND", "initcond");
  clauses.Add("MSFUNC", "msfunc");
  clauses.Add("MINVFUNC", "minvfunc");
  clauses.Add("MSTYPE", "mstype");
  clauses.Add("MSSPACE", "msspace");
  clauses.Add("MFINALFUNC", "mfinalfunc");
  if (row.Flag("mfinal_extra")) clauses.AddFlag("MFINALFUNC_EXTRA");
  if (!row.IsNull("msfunc") && row.Letter("mfinal_modify") != (ordered ? 'w' : 'r')) {
    clauses.AddFlag(std::string("MFINALFUNC_MODIFY = ") +
                    ModifyKeyword(row.Letter("mfinal_modify")));
  }
  clauses.Add("MINITCOND", "minitcond");
  clauses.Add("SORTOP", "sortop");
  if (row.Letter("parallel") == 's') clauses.AddFlag("PARALLEL = SAFE");
  if (row.Letter("parallel") == 'r') clauses.AddFlag("PARALLEL = RESTRICTED");
  if (row.Letter("kind") == 'h') clauses.AddFlag("HYPOTHETICAL");
  return clauses.Text();
}

void ReadAggregates(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const catalog::Name name = reading.NameOf(row);
    const ObjectId id = reading.Id("pg_proc", row.Oid("oid"));
    const std::string identity = row.Text("identity").empty() ? "*" : row.Text("identity");
    reading.Describe(id, "AGGREGATE", QuotedName(name) + "(" + identity + ")", row.Text("owner"));
    reading.database.addresses[id].grant_text = QuotedName(name) + "(" + row.Text("types") + ")";
    reading.database.addresses[id].arguments = row.Text("types");
    reading.Define(id, Step::kCreateAggregate, name,
                   "CREATE AGGREGATE " + QuotedName(name) + "(" + row.Text("arguments") + ") " +
                       AggregateText(row),
                   identity);
  });
}

}  // namespace

const std::vector<Part>& AggregateQueries() {
  static const std::vector<Part> parts = {{AggregatesQuery, ReadAggregates}};
  return parts;
}

}  // namespace ballast::introspect
