// SPDX-License-Identifier: Apache-2.0
#include "proof/sample_values.h"

namespace ballast::proof {
namespace {

// By the category of the type. An enum gets the oldest label, which an earlier release has, too.
// Attributes of composite types are NULL: an earlier release may not have them. 'NULL' for an
// unknown type.
constexpr char kValueOf[] = R"(
SET LOCAL check_function_bodies = false;
CREATE FUNCTION pg_temp.ballast_value(type oid, modifier integer, complete boolean) RETURNS text
LANGUAGE sql AS $f$
SELECT coalesce(CASE
    WHEN t.typtype = 'd' THEN pg_temp.ballast_value(t.typbasetype, t.typtypmod, complete)
    WHEN t.typtype = 'e' THEN (SELECT pg_catalog.quote_literal(e.enumlabel)
      FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.oid LIMIT 1)
    WHEN t.typtype IN ('r', 'm') THEN '''empty'''
    WHEN t.typtype = 'c' THEN (SELECT pg_catalog.quote_literal('(' || pg_catalog.repeat(',',
        greatest(count(*)::integer - 1, 0)) || ')') FROM pg_catalog.pg_attribute f
      WHERE f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped)
    WHEN t.typname = 'uuid' THEN '''00000000-0000-4000-8000-000000000001'''
    WHEN t.typname IN ('json', 'jsonb') THEN '''{}'''
    WHEN t.typname IN ('_text', '_varchar') THEN '''{a,b}'''
    WHEN t.typname = 'bytea' THEN ''''''
    WHEN t.typname = 'money' THEN '''1'''
    WHEN t.typname = 'bit' THEN pg_catalog.quote_literal(
      pg_catalog.repeat('1', greatest(modifier, 1)))
    WHEN t.typname = 'varbit' THEN '''1'''
    WHEN t.typname = 'point' THEN '''(1,1)'''
    WHEN t.typname = 'circle' THEN '''<(1,1),1>'''
    WHEN t.typname = 'line' THEN '''{1,1,1}'''
    WHEN t.typname IN ('lseg', 'box', 'path', 'polygon') THEN '''(1,1),(0,0)'''
    WHEN t.typname IN ('tsvector', 'tsquery', 'ltree') THEN '''a'''
    WHEN t.typname = 'hstore' THEN '''a=>1'''
    WHEN t.typname = 'xml' THEN '''<a/>'''
    WHEN t.typname = 'jsonpath' THEN '''$'''
    WHEN t.typname = 'pg_lsn' THEN '''0/1'''
    WHEN t.typname IN ('macaddr', 'macaddr8') THEN '''08:00:2b:01:02:03'''
    WHEN t.typcategory = 'N' THEN '''1'''
    WHEN t.typcategory = 'S' THEN '''a'''
    WHEN t.typcategory = 'B' THEN '''true'''
    WHEN t.typname IN ('time', 'timetz') THEN '''12:00'''
    WHEN t.typcategory = 'D' THEN '''2020-01-02'''
    WHEN t.typcategory = 'T' THEN '''1 day'''
    WHEN t.typcategory = 'I' THEN '''127.0.0.1'''
    WHEN t.typcategory = 'A' AND complete AND t.typelem <> 0
      THEN 'ARRAY[' || pg_temp.ballast_value(t.typelem, modifier, true) || ']'
    WHEN t.typcategory = 'A' THEN '''{}'''
  END || '::' || pg_catalog.format_type(type, modifier), 'NULL')
FROM pg_catalog.pg_type t WHERE t.oid = type $f$;
CREATE FUNCTION pg_temp.ballast_increased(type oid, modifier integer, number integer) RETURNS text
LANGUAGE sql AS $f$
SELECT CASE t.typcategory WHEN 'N' THEN pg_catalog.quote_literal(number)
    WHEN 'D' THEN pg_catalog.format('(%s + %L::interval)',
      pg_temp.ballast_value(type, modifier, true), number || ' minutes ' || number || ' days')
  END || '::' || pg_catalog.format_type(type, modifier)
FROM pg_catalog.pg_type t WHERE t.oid = type $f$;
)";

// pg_temp.ballast_checks(type): the checks of a domain and of the domains that it is made of.
// pg_temp.ballast_candidates(category, checks): expressions for values.
constexpr char kCandidates[] = R"(
CREATE FUNCTION pg_temp.ballast_checks(type oid) RETURNS text LANGUAGE sql AS $f$
SELECT pg_catalog.concat_ws(' ', (SELECT pg_catalog.string_agg(
      pg_catalog.pg_get_constraintdef(k.oid), ' ')
    FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
  CASE WHEN t.typbasetype <> 0 THEN pg_temp.ballast_checks(t.typbasetype) END)
FROM pg_catalog.pg_type t WHERE t.oid = type $f$;
CREATE FUNCTION pg_temp.ballast_candidates(category text, checks text) RETURNS SETOF text
LANGUAGE sql AS $f$
WITH texts AS (SELECT r.place, pg_catalog.quote_literal(
      pg_catalog.replace(r.found[1], '''''', '''')) AS value
    FROM pg_catalog.regexp_matches(checks, '''((?:[^'']|'''')*)''', 'g')
      WITH ORDINALITY AS r(found, place)),
  numbers AS (SELECT r.place, r.found[1]::numeric AS value FROM pg_catalog.regexp_matches(
      checks, '(-?\m\d{1,15}(?:\.\d{1,15})?\M)', 'g') WITH ORDINALITY AS r(found, place)),
  candidates AS (
    SELECT 1 AS way, place, value FROM texts
    UNION ALL SELECT 2, n.place, pg_catalog.quote_literal(n.value + step) FROM numbers n,
      unnest(ARRAY[0, 1, -1, 0.1]) AS step WHERE category = 'N'
    UNION ALL SELECT 3, t.place, '(' || t.value || '::timestamptz + interval ''' || step || ' days'')'
      FROM texts t, unnest(ARRAY[1, -1]) AS step WHERE category = 'D'
    UNION ALL SELECT 4, t.place, 'ARRAY[' || t.value || ']' FROM texts t WHERE category = 'A'
    UNION ALL SELECT 5, n.place, pg_catalog.quote_literal(pg_catalog.repeat(letter, length))
      FROM numbers n, unnest(ARRAY[0, 1, -1]) AS step, unnest(ARRAY['a', 'A', '1']) AS letter,
        pg_catalog.round(n.value + step) AS r(rounded), CAST(rounded AS integer) AS length
      WHERE category = 'S' AND n.value BETWEEN 1 AND 1000
    UNION ALL SELECT 6, o.place, pg_catalog.quote_literal(o.value) FROM unnest(CASE category
      WHEN 'S' THEN ARRAY['A', '1', 'a@example.com', 'https://example.com/', '/a', '#aaaaaa',
        '+12025550100', 'aaaaaaaaaa', '']
      WHEN 'B' THEN ARRAY['false'] WHEN 'D' THEN ARRAY['2999-01-01'] WHEN 'A' THEN ARRAY['{}']
      WHEN 'U' THEN ARRAY['[]', '"a"', '1', '{"a":1}'] ELSE '{}' END)
      WITH ORDINALITY AS o(value, place))
SELECT value FROM candidates ORDER BY way, place $f$;
)";

// A check of several columns is not considered.
constexpr char kChoose[] = R"(
CREATE TEMPORARY TABLE ballast_choice (place oid, number smallint, value text NOT NULL,
  PRIMARY KEY (place, number));
DO $b$
DECLARE
  c record;
  candidate text;
  fits boolean;
BEGIN
  FOR c IN SELECT a.attrelid AS place, a.attnum AS number, a.attname AS name,
      pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, t.typcategory::text AS category,
      pg_temp.ballast_value(a.atttypid, a.atttypmod, true) AS value, k.condition,
      pg_catalog.concat_ws(' ', k.condition, d.checks) AS checks
    FROM ballast_sample s JOIN pg_catalog.pg_attribute a ON a.attrelid = s.place AND a.attnum > 0
      AND NOT a.attisdropped AND a.attgenerated = ''
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    CROSS JOIN LATERAL (SELECT pg_catalog.string_agg('(' || pg_catalog.pg_get_expr(k.conbin,
        k.conrelid) || ')', ' AND ' ORDER BY k.oid) AS condition
      FROM pg_catalog.pg_constraint k WHERE k.contype = 'c' AND k.conrelid = a.attrelid
        AND k.conkey = ARRAY[a.attnum]) AS k
    CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd'
      THEN pg_temp.ballast_checks(t.oid) END AS checks) AS d
    WHERE k.condition IS NOT NULL OR d.checks <> ''
  LOOP
    FOR candidate IN SELECT c.value UNION ALL
        SELECT * FROM pg_temp.ballast_candidates(c.category, c.checks) LOOP
      BEGIN
        -- The value itself is selected, too, so that the server checks the domain.
        EXECUTE pg_catalog.format('SELECT (%1$s) IS NOT FALSE, %4$I FROM (SELECT %2$s::%3$s AS %4$I) AS t',
          coalesce(c.condition, 'true'), candidate, c.type, c.name) INTO fits;
      EXCEPTION WHEN OTHERS THEN fits := false;
      END;
      EXIT WHEN fits;
    END LOOP;
    IF fits AND candidate <> c.value THEN
      INSERT INTO ballast_choice VALUES (c.place, c.number, candidate || '::' || c.type);
    END IF;
  END LOOP;
END
$b$;
)";

}  // namespace

std::string ChooseSampleValues() {
  return std::string(kValueOf) + kCandidates + kChoose;
}

std::string DropSampleValues() {
  return "DROP TABLE ballast_choice; DROP FUNCTION pg_temp.ballast_candidates(text, text); DROP "
         "FUNCTION pg_temp.ballast_checks(oid); DROP FUNCTION pg_temp.ballast_increased(oid, "
         "integer, integer); DROP FUNCTION pg_temp.ballast_value(oid, integer, boolean);";
}

}  // namespace ballast::proof
