// SPDX-License-Identifier: Apache-2.0
#include "introspect/script_conflicts.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using sql::NameOf;
using sql::NameSpace;
using sql::QuoteLiteral;
using sql::ScriptNeed;

// The objects that the needs name. The server cannot identify an enum value, so its type is
// identified instead. A row type counts as its relation; an array type makes room, and
// so does the invalid index of a failed build, which the deploy drops.
constexpr const char* kFound = R"(
WITH RECURSIVE need(place, step, kind, cascades, alone, space, schema, parent, name, arguments) AS (
  VALUES {needs}
), at_table AS MATERIALIZED (
  SELECT n.*, pg_catalog.to_regclass(pg_catalog.format('%I.%I', n.schema, n.parent)) AS relation,
    pg_catalog.to_regnamespace(pg_catalog.quote_ident(n.schema)) AS space_id FROM need n
), found(place, step, kind, cascades, class, object, part) AS MATERIALIZED (
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_class'::regclass::oid, c.oid, 0
  FROM at_table n JOIN pg_catalog.pg_class c ON c.relnamespace = n.space_id AND c.relname = n.name
  WHERE CASE n.space WHEN '{relation}' THEN n.kind <> 'name' OR NOT EXISTS (
      SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid AND NOT i.indisvalid)
    WHEN '{type}' THEN c.reltype <> 0 END
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_type'::regclass, t.oid, 0
  FROM at_table n JOIN pg_catalog.pg_type t ON t.typnamespace = n.space_id AND t.typname = n.name
  WHERE n.space = '{type}' AND t.typrelid = 0 AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_proc'::regclass, p.oid, 0
  FROM at_table n JOIN pg_catalog.pg_proc p ON p.pronamespace = n.space_id AND p.proname = n.name
  WHERE n.space = '{routine}' AND CASE WHEN n.arguments IS NULL
    THEN (SELECT count(*) FROM pg_catalog.pg_proc o
          WHERE o.pronamespace = p.pronamespace AND o.proname = p.proname) = 1
    ELSE pg_catalog.array_to_string(p.proargtypes::oid[], ' ')
      = COALESCE((SELECT pg_catalog.string_agg(COALESCE(
          pg_catalog.to_regtype(a.type)::oid::text, '?'), ' ' ORDER BY a.i)
        FROM unnest(n.arguments) WITH ORDINALITY AS a(type, i)), '') END
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_class'::regclass, a.attrelid,
    a.attnum
  FROM at_table n JOIN pg_catalog.pg_attribute a ON a.attrelid = n.relation AND a.attname = n.name
  WHERE n.space = '{column}' AND NOT a.attisdropped
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_constraint'::regclass, k.oid, 0
  FROM at_table n JOIN pg_catalog.pg_constraint k ON k.conrelid = n.relation AND k.conname = n.name
  WHERE n.space = '{constraint}'
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_trigger'::regclass, g.oid, 0
  FROM at_table n JOIN pg_catalog.pg_trigger g ON g.tgrelid = n.relation AND g.tgname = n.name
  WHERE n.space = '{trigger}'
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_policy'::regclass, y.oid, 0
  FROM at_table n JOIN pg_catalog.pg_policy y ON y.polrelid = n.relation AND y.polname = n.name
  WHERE n.space = '{policy}'
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, 'pg_catalog.pg_enum'::regclass, e.oid, 0
  FROM at_table n JOIN pg_catalog.pg_type t ON t.typnamespace = n.space_id AND t.typname = n.parent
  JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid AND e.enumlabel = n.name
  WHERE n.space = '{enum_value}'
  UNION ALL
  SELECT n.place, n.step, n.kind, n.cascades, g.class, g.object, 0
  FROM at_table n JOIN (
    SELECT '{schema}', 0::oid, s.nspname, 'pg_catalog.pg_namespace'::regclass::oid, s.oid
    FROM pg_catalog.pg_namespace s
    UNION ALL SELECT '{extension}', 0, x.extname, 'pg_catalog.pg_extension'::regclass, x.oid
    FROM pg_catalog.pg_extension x
    UNION ALL SELECT '{publication}', 0, b.pubname, 'pg_catalog.pg_publication'::regclass, b.oid
    FROM pg_catalog.pg_publication b
    UNION ALL SELECT '{event_trigger}', 0, v.evtname, 'pg_catalog.pg_event_trigger'::regclass, v.oid
    FROM pg_catalog.pg_event_trigger v
    UNION ALL SELECT '{server}', 0, f.srvname, 'pg_catalog.pg_foreign_server'::regclass, f.oid
    FROM pg_catalog.pg_foreign_server f
    UNION ALL SELECT '{statistics}', z.stxnamespace, z.stxname,
      'pg_catalog.pg_statistic_ext'::regclass, z.oid FROM pg_catalog.pg_statistic_ext z
    UNION ALL SELECT '{collation}', l.collnamespace, l.collname,
      'pg_catalog.pg_collation'::regclass, l.oid FROM pg_catalog.pg_collation l
  ) g(space, space_id, name, class, object)
  ON g.space = n.space AND g.name = n.name AND (g.space_id = 0 OR g.space_id = n.space_id)
))";

// What a step drops or changes, and what is dropped with it: columns also in the tables that
// inherit them, and the columns of a row type that changes with a column. A rule of a view counts
// as the view. `released` is what an earlier statement has changed: it keeps its name no longer
// (names), or no longer depends on what it depended on. A step is a pass of a statement.
constexpr const char* kConflicts = R"(, edge AS (
  SELECT d.refclassid, d.refobjid, d.refobjsubid, d.classid, d.objid, d.objsubid, d.deptype::text
  FROM pg_catalog.pg_depend d WHERE d.deptype IN ('a', 'i', 'n', 'P', 'S')
  UNION ALL
  SELECT 'pg_catalog.pg_rewrite'::regclass, w.oid, 0, 'pg_catalog.pg_class'::regclass, w.ev_class,
    0, 'n'
  FROM pg_catalog.pg_rewrite w WHERE w.rulename = '_RETURN'
), child(place, object) AS (
  SELECT f.place, COALESCE(k.conrelid, f.object)
  FROM found f JOIN need n ON n.place = f.place AND NOT n.alone
  LEFT JOIN pg_catalog.pg_constraint k
    ON f.class = 'pg_catalog.pg_constraint'::regclass AND k.oid = f.object
  WHERE f.kind <> 'name' AND (f.part <> 0 OR k.conrelid <> 0)
  UNION
  SELECT c.place, i.inhrelid FROM child c JOIN pg_catalog.pg_inherits i ON i.inhparent = c.object
), target AS (
  SELECT f.place, f.step, f.kind, f.cascades, f.class, f.object, f.part FROM found f
  WHERE f.kind IN ('drop', 'retype')
  UNION
  SELECT f.place, f.step, f.kind, f.cascades, f.class, a.attrelid, a.attnum
  FROM found f JOIN child c ON c.place = f.place AND c.object <> f.object
  JOIN pg_catalog.pg_attribute o ON o.attrelid = f.object AND o.attnum = f.part
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.object AND a.attname = o.attname
  WHERE f.part <> 0 AND (f.kind = 'retype' OR f.kind = 'drop' AND NOT a.attislocal)
  UNION
  SELECT f.place, f.step, f.kind, f.cascades, f.class, h.oid, 0
  FROM found f JOIN child c ON c.place = f.place
  JOIN pg_catalog.pg_constraint o ON o.oid = f.object AND o.contype IN ('c', 'n')
  JOIN pg_catalog.pg_constraint h ON h.conrelid = c.object AND h.conname = o.conname
  WHERE f.class = 'pg_catalog.pg_constraint'::regclass AND f.kind = 'drop'
    AND h.conrelid <> o.conrelid AND NOT h.conislocal
), goes(place, step, cascades, class, object, part, by_cascade) AS (
  SELECT t.place, t.step, t.cascades, t.class, t.object, t.part, false FROM target t
  WHERE t.kind = 'drop'
  UNION
  SELECT g.place, g.step, g.cascades, e.classid, e.objid, e.objsubid, e.deptype = 'n'
  FROM goes g JOIN edge e ON e.refclassid = g.class AND e.refobjid = g.object
    AND g.part IN (0, e.refobjsubid)
  WHERE e.deptype <> 'n' OR g.cascades
), row_type(place, step, object, part, type) AS (
  SELECT t.place, t.step, t.object, t.part, c.reltype
  FROM target t JOIN pg_catalog.pg_class c ON c.oid = t.object
  WHERE t.kind = 'retype' AND t.class = 'pg_catalog.pg_class'::regclass AND c.reltype <> 0
  UNION
  SELECT r.place, r.step, r.object, r.part, u.type
  FROM row_type r JOIN LATERAL (
    SELECT t.typarray FROM pg_catalog.pg_type t WHERE t.oid = r.type AND t.typarray <> 0
    UNION ALL SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'd' AND t.typbasetype = r.type
    UNION ALL SELECT g.rngtypid FROM pg_catalog.pg_range g WHERE g.rngsubtype = r.type
    UNION ALL SELECT c.reltype FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind IN ('c', 'v', 'f')
    WHERE d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid = r.type
      AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objsubid > 0
  ) u(type) ON true
), owned(relation, part, object, deptype) AS (
  SELECT d.refobjid, d.refobjsubid, s.oid, d.deptype
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = d.classid
    AND d.deptype IN ('a', 'i')
), released(step, names, class, object, part) AS (
  SELECT t.step, false, t.class, t.object, t.part FROM target t WHERE t.kind = 'retype'
  UNION ALL
  SELECT f.step, false, 'pg_catalog.pg_attrdef'::regclass, d.oid, 0
  FROM found f JOIN pg_catalog.pg_attribute o ON o.attrelid = f.object AND o.attnum = f.part
  JOIN pg_catalog.pg_attribute a ON a.attname = o.attname AND (a.attrelid = f.object
    OR a.attrelid IN (SELECT c.object FROM child c WHERE c.place = f.place))
  JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE f.kind = 'default'
  UNION ALL
  SELECT f.step, true, f.class, f.object, f.part FROM found f WHERE f.kind IN ('rename', 'move')
  UNION ALL
  SELECT f.step, true, 'pg_catalog.pg_class'::regclass, s.object, 0
  FROM found f JOIN owned s ON s.relation = f.object
  WHERE f.class = 'pg_catalog.pg_class'::regclass AND CASE f.kind WHEN 'move' THEN true
    WHEN 'identity' THEN s.part = f.part AND s.deptype = 'i' END
  UNION ALL
  SELECT f.step, true, f.class, i.indexrelid, 0
  FROM found f JOIN pg_catalog.pg_index i ON i.indrelid = f.object
  WHERE f.class = 'pg_catalog.pg_class'::regclass AND f.kind = 'move'
  UNION ALL
  SELECT f.step, true, k.class, k.object, 0
  FROM found f JOIN (
    SELECT 'pg_catalog.pg_class'::regclass::oid, k.conindid, 'pg_catalog.pg_constraint'::regclass,
      k.oid FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'x')
    UNION ALL
    SELECT 'pg_catalog.pg_constraint'::regclass, k.oid, 'pg_catalog.pg_class'::regclass, k.conindid
    FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'x')
  ) k(from_class, from_object, class, object) ON k.from_class = f.class AND k.from_object = f.object
  WHERE f.kind = 'rename'
  UNION ALL
  SELECT g.step, true, d.classid, d.objid, d.objsubid
  FROM goes g JOIN pg_catalog.pg_depend d ON d.refclassid = g.class AND d.refobjid = g.object
    AND d.deptype = 'e'
  WHERE g.class = 'pg_catalog.pg_extension'::regclass
), conflict(place, step, kind, class, object, part, target_class, target, target_part) AS (
  SELECT f.place, f.step, 'taken', f.class, f.object, f.part, 0::oid, 0::oid, 0
  FROM found f WHERE f.kind = 'name'
  UNION
  SELECT g.place, g.step, 'goes', g.class, g.object, g.part, 0, 0, 0 FROM goes g
  UNION
  SELECT f.place, f.step, 'replaced', f.class, f.object, f.part, 0, 0, 0
  FROM found f WHERE f.kind = 'replace'
  UNION
  SELECT t.place, t.step, 'dependent', e.classid, e.objid, e.objsubid, t.class, t.object,
    t.part
  FROM target t JOIN edge e ON e.refclassid = t.class AND e.refobjid = t.object
    AND e.refobjsubid = t.part
  WHERE t.kind = 'retype' AND e.deptype = 'n' AND e.classid IN ('pg_catalog.pg_rewrite'::regclass,
    'pg_catalog.pg_trigger'::regclass, 'pg_catalog.pg_policy'::regclass,
    'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_publication_rel'::regclass)
  UNION
  SELECT r.place, r.step, 'dependent', d.classid, d.objid, d.objsubid,
    'pg_catalog.pg_class'::regclass, r.object, r.part
  FROM row_type r JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::regclass
    AND d.refobjid = r.type AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objsubid > 0
  JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind IN ('r', 'm', 'p')
  UNION
  SELECT g.place, g.step, 'dependent', e.classid, e.objid, e.objsubid, t.class, t.object,
    t.part
  FROM goes g JOIN edge e ON e.refclassid = g.class AND e.refobjid = g.object
    AND g.part IN (0, e.refobjsubid)
  JOIN found t ON t.place = g.place
  WHERE NOT g.cascades AND e.deptype = 'n'
  UNION
  SELECT g.place, g.step, 'dropped', g.class, g.object, g.part, t.class, t.object, t.part
  FROM goes g JOIN found t ON t.place = g.place WHERE g.by_cascade
  UNION
  SELECT f.place, f.step, 'removed', f.class, f.object, f.part, 0, 0, 0
  FROM found f WHERE f.kind = 'drop' AND f.part = 0
), remaining AS (
  SELECT c.place, c.kind, CASE WHEN v.oid IS NULL THEN c.class
      ELSE 'pg_catalog.pg_class'::regclass::oid END AS class, COALESCE(v.oid, c.object) AS object,
    CASE WHEN c.class = 'pg_catalog.pg_class'::regclass THEN c.part ELSE 0 END AS part,
    c.target_class, c.target, c.target_part
  FROM conflict c
  LEFT JOIN pg_catalog.pg_rewrite w ON c.class = 'pg_catalog.pg_rewrite'::regclass
    AND w.oid = c.object AND w.rulename = '_RETURN'
  LEFT JOIN pg_catalog.pg_class v ON v.oid = w.ev_class
  WHERE NOT EXISTS (
    SELECT FROM goes g WHERE g.class = c.class AND g.object = c.object AND g.part IN (0, c.part)
      AND CASE WHEN c.kind IN ('taken', 'replaced') THEN g.step < c.step
               WHEN c.kind IN ('dropped', 'removed', 'goes') THEN g.step / {0} < c.step / {0}
               ELSE g.step / {0} <= c.step / {0} END)
  AND NOT EXISTS (
    SELECT FROM released s WHERE s.class = c.class AND s.object = c.object AND s.part = c.part
      AND CASE WHEN c.kind IN ('taken', 'replaced') THEN s.names AND s.step < c.step
               ELSE NOT s.names AND s.step / {0} <= c.step / {0} END)
)
SELECT DISTINCT r.place, r.kind, CASE WHEN v.oid IS NULL THEN i.type ELSE 'enum value' END,
  i.identity || COALESCE('.' || pg_catalog.quote_ident(v.enumlabel), ''),
  CASE WHEN r.target <> 0 THEN (SELECT t.type || E'\t' || t.identity
    FROM pg_catalog.pg_identify_object(r.target_class, r.target, r.target_part) t) END,
  CASE WHEN r.kind = 'replaced' AND r.class = 'pg_catalog.pg_proc'::regclass THEN (
    SELECT p.prosrc FROM pg_catalog.pg_proc p WHERE p.oid = r.object) END
FROM remaining r
LEFT JOIN pg_catalog.pg_enum v
  ON r.class = 'pg_catalog.pg_enum'::regclass AND v.oid = r.object
CROSS JOIN LATERAL pg_catalog.pg_identify_object(
  CASE WHEN v.oid IS NULL THEN r.class ELSE 'pg_catalog.pg_type'::regclass::oid END,
  COALESCE(v.enumtypid, r.object), r.part) i
WHERE i.type IS NOT NULL AND i.type <> 'toast table'
  AND (r.kind = 'taken' OR NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend e WHERE e.classid = r.class AND e.objid = r.object
      AND e.deptype = 'e'))
ORDER BY 1, 2, 3, 4)";

const char* WordOf(ScriptNeed::Kind kind) {
  switch (kind) {
    case ScriptNeed::Kind::kName:
      return "name";
    case ScriptNeed::Kind::kDrop:
      return "drop";
    case ScriptNeed::Kind::kRetype:
      return "retype";
    case ScriptNeed::Kind::kDefault:
      return "default";
    case ScriptNeed::Kind::kIdentity:
      return "identity";
    case ScriptNeed::Kind::kRename:
      return "rename";
    case ScriptNeed::Kind::kMove:
      return "move";
    case ScriptNeed::Kind::kReplace:
      return "replace";
  }
  return "";
}

std::string RowOf(const ScriptNeed& need, size_t place, const std::string& schema) {
  return fmt::format("({}, {}, '{}', {}, {}, '{}', {}, {}, {}, {})", place,
                     need.statement * ScriptNeed::kPasses + need.pass, WordOf(need.kind),
                     need.cascades, need.only, NameOf(need.space),
                     QuoteLiteral(need.schema.empty() ? schema : need.schema),
                     QuoteLiteral(need.parent), QuoteLiteral(need.name),
                     need.any_arguments ? "NULL::text[]" : sql::QuoteTextArray(need.arguments));
}

std::string FoundQuery(const std::string& needs) {
  return fmt::format(fmt::runtime(kFound), fmt::arg("needs", needs),
                     fmt::arg("relation", NameOf(NameSpace::kRelation)),
                     fmt::arg("type", NameOf(NameSpace::kType)),
                     fmt::arg("routine", NameOf(NameSpace::kRoutine)),
                     fmt::arg("column", NameOf(NameSpace::kColumn)),
                     fmt::arg("constraint", NameOf(NameSpace::kConstraint)),
                     fmt::arg("trigger", NameOf(NameSpace::kTrigger)),
                     fmt::arg("policy", NameOf(NameSpace::kPolicy)),
                     fmt::arg("enum_value", NameOf(NameSpace::kEnumValue)),
                     fmt::arg("schema", NameOf(NameSpace::kSchema)),
                     fmt::arg("extension", NameOf(NameSpace::kExtension)),
                     fmt::arg("publication", NameOf(NameSpace::kPublication)),
                     fmt::arg("statistics", NameOf(NameSpace::kStatistics)),
                     fmt::arg("collation", NameOf(NameSpace::kCollation)),
                     fmt::arg("event_trigger", NameOf(NameSpace::kEventTrigger)),
                     fmt::arg("server", NameOf(NameSpace::kServer)));
}

// "app."T"" in the schema app becomes ""T"".
std::string WithoutSchema(std::string text, const std::string& quoted_schema) {
  const std::string prefix = quoted_schema + ".";
  for (size_t at = text.find(prefix); at != text.npos; at = text.find(prefix, at)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    const bool begins = std::string_view(" (,.\"").find(before) != std::string_view::npos;
    begins&& before != '.' && before != '"' ? void(text.erase(at, prefix.size())) : void(++at);
  }
  return text;
}

// "table column" and "table constraint" are columns and constraints.
std::string KindIn(const std::string& type) {
  if (type == "statistics object") return "statistics";
  for (const std::string_view part : {"column", "constraint"}) {
    if (type.ends_with(std::string(" ") += part)) return std::string(part);
  }
  return type;
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// "x_a_fkey on o.x" is o.x.x_a_fkey in a snapshot, "(a AS b)" is "a as b".
std::string SnapshotIdentity(const std::string& kind, const std::string& identity) {
  if (kind == "operator") return Replaced(identity, ",", ", ");
  if (kind == "cast" && identity.size() > 2) {
    return Replaced(identity.substr(1, identity.size() - 2), " AS ", " as ");
  }
  if (kind == "transform") return identity.substr(identity.find(' ') + 1);
  if (kind == "operator class" || kind == "operator family") {
    return Replaced(identity, " USING ", " using ");
  }
  const size_t on = identity.find(" on ");
  return on == identity.npos ? identity : identity.substr(on + 4) + "." + identity.substr(0, on);
}

ScriptConflict::Kind KindOf(std::string_view word) {
  if (word == "taken") return ScriptConflict::Kind::kTaken;
  if (word == "dependent") return ScriptConflict::Kind::kDependent;
  if (word == "removed") return ScriptConflict::Kind::kRemoved;
  if (word == "goes") return ScriptConflict::Kind::kGoes;
  return word == "replaced" ? ScriptConflict::Kind::kReplaced : ScriptConflict::Kind::kDropped;
}

// Names an object as reports do.
ScriptConflict Named(const std::string& type, std::string identity) {
  constexpr std::string_view kFor = "for ";
  constexpr std::string_view kMember = " in publication ";
  constexpr std::string_view kFamily = " of access method";
  ScriptConflict named;
  // "f(integer,pg_catalog.text)" is f(integer, text) in a snapshot.
  if (identity.ends_with(')')) {
    identity = ReplaceAll(ReplaceAll(identity, ",", ", "), "pg_catalog.", "");
  }
  named.object_kind = KindIn(type);
  named.object = named.object_kind + " " + identity;
  named.identity = SnapshotIdentity(named.object_kind, identity);
  if (type == "default value" && identity.starts_with(kFor)) {
    named.identity = identity.substr(kFor.size());
    named.object_kind = "column";
    named.object = "column " + named.identity;
  }
  // "function 1 (integer, integer) of oc USING hash"
  const size_t family = identity.find(" of ");
  if (type.ends_with(kFamily) && family != identity.npos) {
    named.object_kind = "operator family";
    named.identity = SnapshotIdentity(named.object_kind, identity.substr(family + 4));
    named.object = named.object_kind + " " + named.identity;
  }
  const size_t member = identity.find(kMember);
  if (type == "publication relation" && member != identity.npos) {
    named.identity = identity.substr(member + kMember.size());
    named.object_kind = "publication";
    named.object = "publication " + named.identity;
  }
  return named;
}

}  // namespace

Result<std::vector<ScriptConflict>> ReadScriptConflicts(postgres::Session& session,
                                                        const std::string& schema,
                                                        const sql::ScriptNeeds& needs) {
  std::vector<ScriptConflict> conflicts;
  if (needs.needs.empty()) return conflicts;
  std::vector<std::string> rows;
  for (const ScriptNeed& need : needs.needs) rows.push_back(RowOf(need, rows.size(), schema));
  TRY_ASSIGN(const auto answers,
             session.Query("SELECT pg_catalog.quote_ident(" + QuoteLiteral(schema) + ");\n" +
                           FoundQuery(Join(rows, ",\n")) +
                           fmt::format(fmt::runtime(kConflicts), ScriptNeed::kPasses)));
  const std::string quoted = answers.front().rows.front()[0].value_or("");
  for (const auto& row : answers.back().rows) {
    ScriptConflict conflict =
        Named(row[2].value_or(""), WithoutSchema(row[3].value_or(""), quoted));
    conflict.need = std::stoul(row[0].value_or("0"));
    conflict.kind = KindOf(row[1].value_or(""));
    const bool replaced = conflict.kind == ScriptConflict::Kind::kReplaced;
    if (replaced && row[5] && row[5] == needs.needs[conflict.need].source) continue;
    const std::string target = row[4].value_or("");
    const size_t tab = target.find('\t');
    if (tab != target.npos) {
      conflict.target =
          KindIn(target.substr(0, tab)) + " " + WithoutSchema(target.substr(tab + 1), quoted);
    }
    conflicts.push_back(std::move(conflict));
  }
  return conflicts;
}

}  // namespace ballast::introspect
