// SPDX-License-Identifier: Apache-2.0
// Text search parsers, templates, dictionaries and configurations in the snapshot.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

constexpr std::string_view kParsers = R"(
SELECT 'pg_ts_parser'::regclass::oid AS class, p.oid, 'text search parser' AS kind,
  s.prefix || @q(p.prsname) AS object, '' AS note, NULL::oid AS owner, NULL::oid AS grantor,
  NULL::aclitem[] AS acl, 'f'::"char" AS acltype,
  p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype
FROM pg_ts_parser p JOIN s ON s.oid = p.prsnamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_ts_parser'::regclass AND x.objid = p.oid))";

constexpr std::string_view kParserSnapshot = R"(
SELECT kind, object, 'functions', concat_ws(', ', prsstart::regproc, prstoken::regproc,
  prsend::regproc, prsheadline::regproc, prslextype::regproc), 0 FROM ts_parsers)";

constexpr std::string_view kTemplates = R"(
SELECT 'pg_ts_template'::regclass::oid AS class, t.oid, 'text search template' AS kind,
  s.prefix || @q(t.tmplname) AS object, '' AS note, NULL::oid AS owner, NULL::oid AS grantor,
  NULL::aclitem[] AS acl, 'f'::"char" AS acltype, t.tmplinit, t.tmpllexize
FROM pg_ts_template t JOIN s ON s.oid = t.tmplnamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_ts_template'::regclass AND x.objid = t.oid))";

constexpr std::string_view kTemplateSnapshot = R"(
SELECT kind, object, 'functions', concat_ws(', ', tmplinit::regproc, tmpllexize::regproc), 0
FROM ts_templates)";

constexpr std::string_view kDictionaries = R"(
SELECT 'pg_ts_dict'::regclass::oid AS class, d.oid, 'text search dictionary' AS kind,
  s.prefix || @q(d.dictname) AS object, '' AS note, d.dictowner AS owner, d.dictowner AS grantor,
  NULL::aclitem[] AS acl, 'f'::"char" AS acltype, d.dicttemplate, d.dictinitoption
FROM pg_ts_dict d JOIN s ON s.oid = d.dictnamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_ts_dict'::regclass AND x.objid = d.oid))";

// There is no type for the names of templates and parsers: the schema is written unless it is seen.
constexpr std::string_view kDictionarySnapshot = R"(
SELECT d.kind, d.object, p.* FROM ts_dictionaries d, LATERAL @properties(
  ('template', (SELECT CASE WHEN pg_ts_template_is_visible(t.oid) THEN '' ELSE @q(n.nspname) || '.'
     END || @q(t.tmplname) FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
     WHERE t.oid = d.dicttemplate), 0),
  ('options', d.dictinitoption, 0)
) p)";

constexpr std::string_view kConfigurations = R"(
SELECT 'pg_ts_config'::regclass::oid AS class, c.oid, 'text search configuration' AS kind,
  s.prefix || @q(c.cfgname) AS object, '' AS note, c.cfgowner AS owner, c.cfgowner AS grantor,
  NULL::aclitem[] AS acl, 'f'::"char" AS acltype, c.cfgparser
FROM pg_ts_config c JOIN s ON s.oid = c.cfgnamespace
WHERE NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_ts_config'::regclass AND x.objid = c.oid))";

constexpr std::string_view kConfigurationSnapshot = R"(
SELECT c.kind, c.object, 'parser', CASE WHEN pg_ts_parser_is_visible(q.oid) THEN ''
    ELSE @q(n.nspname) || '.' END || @q(q.prsname), 0
FROM ts_configurations c JOIN pg_ts_parser q ON q.oid = c.cfgparser
  JOIN pg_namespace n ON n.oid = q.prsnamespace
UNION ALL
SELECT c.kind, c.object, 'mapping of ' || (SELECT t.alias FROM ts_token_type(c.cfgparser) t
                                           WHERE t.tokid = m.maptokentype),
  string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno), 0
FROM ts_configurations c JOIN pg_ts_config_map m ON m.mapcfg = c.oid
GROUP BY c.kind, c.object, c.cfgparser, m.maptokentype)";

}  // namespace

std::vector<SnapshotQueryPart> TextSearchParts() {
  return {{"ts_parsers", kParsers, kParserSnapshot, {}, true, "text search"},
          {"ts_templates", kTemplates, kTemplateSnapshot, {}, true, "text search"},
          {"ts_dictionaries", kDictionaries, kDictionarySnapshot, {}, true, "text search"},
          {"ts_configurations", kConfigurations, kConfigurationSnapshot, {}, true, "text search"}};
}

}  // namespace ballast::introspect
