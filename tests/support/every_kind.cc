// SPDX-License-Identifier: Apache-2.0
// A script with all kinds of objects, by the major that brought their features.
#include <array>
#include <string_view>

#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

constexpr std::string_view kExpressions = R"sql(
CREATE TABLE "Order" (id serial PRIMARY KEY, "user name" text NOT NULL, amount numeric(10,2) DEFAULT 0, at timestamptz DEFAULT now(), d date, payload jsonb DEFAULT '{}'::jsonb, tags text[] DEFAULT ARRAY[]::text[], plain json DEFAULT '{"json": 1}', json text, "system_user" text, t time, i interval, x xml, ip inet);
CREATE TABLE item (id int PRIMARY KEY, order_id int REFERENCES "Order"(id), qty int, kind varchar(20) DEFAULT 'a');
CREATE VIEW v1 AS SELECT id, "user name", amount FROM "Order";
CREATE VIEW v2 AS SELECT o.id AS oid, "user name" FROM "Order" o WHERE o.amount > 3 AND o.id IN (SELECT order_id FROM item WHERE qty > 1);
CREATE VIEW v3 AS SELECT o.id, i.qty FROM "Order" o JOIN item i ON i.order_id = o.id;
CREATE VIEW v4 AS SELECT date_part('month', at) AS m, date_trunc('day', at) AS dd FROM "Order";
CREATE VIEW v5 AS SELECT substring("user name" FROM 1 FOR 3) a, substring("user name", 2) b, position('x' IN "user name") c, overlay("user name" PLACING 'xx' FROM 2 FOR 1) d, trim(both 'x' FROM "user name") e, trim("user name") f, ltrim("user name") g, trim(leading FROM "user name") h, substring("user name" from 'a.*') k, substring("user name" from 'a' for '#') l FROM "Order";
CREATE VIEW v6 AS SELECT at AT TIME ZONE 'UTC' a, timezone('UTC', at) b, (now() AT TIME ZONE 'utc')::date c, (d, d) OVERLAPS (d, d) o FROM "Order";
CREATE VIEW v7 AS SELECT count(*) n, "user name" FROM "Order" GROUP BY "user name" HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT 5;
CREATE VIEW v8 AS WITH a AS (SELECT id FROM "Order"), b AS (SELECT id FROM a WHERE id > 1) SELECT id FROM b UNION ALL SELECT id FROM item;
CREATE VIEW v9 AS SELECT * FROM (SELECT id, qty FROM item) s WHERE s.qty > 1;
CREATE VIEW v10 AS SELECT id, row_number() OVER (PARTITION BY kind ORDER BY qty DESC) AS rn, CASE WHEN qty > 1 THEN 'many' ELSE 'one' END c FROM item;
CREATE VIEW v11 AS SELECT item FROM item;
CREATE VIEW v12 AS SELECT i.*, (SELECT count(*) FROM item j WHERE j.order_id = i.order_id) FROM item i WHERE EXISTS (SELECT 1 FROM "Order" o WHERE o.id = i.order_id AND i.qty = 1);
CREATE VIEW v13 AS SELECT g FROM generate_series(1, 10) g;
CREATE VIEW v14 AS SELECT g.x, g.y FROM (VALUES (1, 2), (3, 4)) g(x, y);
CREATE VIEW v15 AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW v16 AS SELECT DISTINCT ON (kind) kind, id FROM item ORDER BY kind, id DESC;
CREATE VIEW v17 AS SELECT id, "json", "system_user" FROM "Order" WHERE (payload->>'a') = 'b' AND payload @> '{"a": 1}' AND tags && ARRAY['x'];
CREATE VIEW v18 AS SELECT kind, qty, count(*) FROM item GROUP BY GROUPING SETS ((kind), (qty), ());
CREATE VIEW v19 AS SELECT kind k2, sum(qty) FILTER (WHERE qty > 0) s, string_agg(kind, ',' ORDER BY id) FROM item GROUP BY 1;
CREATE VIEW v20 AS SELECT id FROM item WHERE kind IN ('a', 'b') AND qty BETWEEN 1 AND 3 AND kind LIKE 'a%' AND kind ~ '^x' AND qty IS DISTINCT FROM 4 AND NOT (qty IS NULL);
CREATE VIEW v21 AS SELECT l.* FROM item i, LATERAL (SELECT i.qty AS q) l;
CREATE VIEW v22 AS SELECT a.id FROM item a CROSS JOIN item b LEFT JOIN item c ON c.id = a.id;
CREATE VIEW v23 AS SELECT i.id FROM item AS i(id, o, q) WHERE i.q = 1;
CREATE VIEW v24 AS SELECT 1 AS one, now() AS n, current_user AS cu, localtimestamp AS l, current_date d;
CREATE VIEW v25 AS SELECT normalize("user name", NFC) a, ("user name" IS NFC NORMALIZED) b, collation for ("user name") c, xmlexists('//a' PASSING x) xe FROM "Order";
CREATE VIEW v26 AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT r.n + 1 FROM r WHERE r.n < 5) SELECT n FROM r;
CREATE VIEW v27 AS SELECT x.key, x.value FROM "Order" o, jsonb_each(o.payload) x;
CREATE VIEW v28 AS SELECT item.id FROM item WHERE item.qty = ANY (SELECT item.qty FROM item);
CREATE VIEW v29 AS SELECT ROW(id, qty) IS NULL r, ARRAY(SELECT id FROM item) a, (ROW(1,2)).f1 IS NULL z FROM item FOR UPDATE;
CREATE VIEW v30 AS SELECT t.* FROM ONLY item t TABLESAMPLE SYSTEM (10);
CREATE VIEW v31 AS (SELECT id FROM item ORDER BY id LIMIT 1) UNION (SELECT id FROM "Order" ORDER BY id LIMIT 1) ORDER BY 1;
CREATE VIEW v32 AS SELECT item.id AS "a b", item.qty AS qty2, coalesce(item.qty, 0) + 1 AS "Item.id" FROM item;
CREATE VIEW v33 AS SELECT f.a FROM json_to_recordset('[{"a":1}]') AS f(a int);
CREATE VIEW v34 AS SELECT id, (at AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'UTC') z FROM "Order";
CREATE VIEW v35 AS SELECT id FROM v1 WHERE 'item.id' <> "user name" AND "user name" = $$v1.id $x$ 'q'$$;
CREATE MATERIALIZED VIEW mv AS SELECT id, amount FROM "Order" WHERE at > now() - interval '1 day' WITH NO DATA;
CREATE RULE r1 AS ON INSERT TO v1 DO INSTEAD INSERT INTO "Order"(id, amount) VALUES (new.id, new.amount);
CREATE RULE r2 AS ON UPDATE TO item WHERE old.qty = 3 DO ALSO (UPDATE "Order" SET amount = 1 WHERE id = old.order_id; DELETE FROM item WHERE qty = -1);
CREATE RULE r3 AS ON DELETE TO v3 DO INSTEAD NOTHING;
CREATE RULE r4 AS ON INSERT TO item DO ALSO INSERT INTO "Order"(id) SELECT qty FROM item WHERE id = new.id;
ALTER TABLE "Order" ADD CONSTRAINT c2 CHECK (position('@' in "user name") > 1), ADD CHECK (length(btrim("user name")) > 0), ADD CHECK (amount >= 0::numeric AND amount < '10'::numeric OR "json" <> 'x');
ALTER TABLE "Order" ADD gen text GENERATED ALWAYS AS (substring("user name" from 1 for 2)) STORED;
ALTER TABLE "Order" ALTER at SET DEFAULT (now() AT TIME ZONE 'utc'), ALTER d SET DEFAULT timezone('utc', now());
CREATE INDEX ix1 ON "Order" (((extract(year from d))::int), lower("user name") text_pattern_ops) WHERE trim("user name") <> '';
CREATE INDEX ix2 ON "Order" (date_part('year', d), (payload->>'x'), "json");
CREATE INDEX ix3 ON "Order" USING gin (to_tsvector('english', "user name"), tags) WITH (fastupdate = off);
CREATE INDEX ix4 ON "Order" (((at AT TIME ZONE 'UTC')::date));
ALTER TABLE "Order" ENABLE ROW LEVEL SECURITY;
CREATE POLICY p1 ON "Order" USING (id IN (SELECT order_id FROM item WHERE qty = "Order".id)) WITH CHECK (EXISTS (SELECT 1 FROM item i WHERE i.id = "Order".id));
CREATE POLICY p2 ON item FOR SELECT TO PUBLIC USING (kind = current_setting('app.kind', true));
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t1 BEFORE UPDATE OF qty, kind ON item FOR EACH ROW WHEN (OLD.qty IS DISTINCT FROM NEW.qty) EXECUTE FUNCTION trg('a', 'b');
CREATE TRIGGER t2 AFTER INSERT ON item REFERENCING NEW TABLE AS nt FOR EACH STATEMENT EXECUTE FUNCTION trg();
CREATE CONSTRAINT TRIGGER t3 AFTER INSERT ON item FROM "Order" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trg();
CREATE FUNCTION f1(a int, b text DEFAULT trim('x '), c timestamptz DEFAULT (now() at time zone 'utc')) RETURNS TABLE (x int, y text) LANGUAGE sql STABLE AS $$ SELECT 1, 'a' $$;
CREATE FUNCTION f2(VARIADIC a int[]) RETURNS SETOF "Order" LANGUAGE sql ROWS 5 COST 7 AS $$ SELECT * FROM "Order" $$;
CREATE PROCEDURE pr(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := 1; END $$;
CREATE PROCEDURE pr2(a int, text, INOUT "b c" text DEFAULT 'x, y', VARIADIC d int[] DEFAULT '{}') LANGUAGE sql AS $$ SELECT 'a'::text $$;
CREATE PROCEDURE pr3() LANGUAGE sql AS '';
CREATE DOMAIN dom AS text DEFAULT trim('a ') CHECK (position('@' in VALUE) > 0) CHECK (length(VALUE) < 10);
CREATE TABLE part (a int, at timestamptz, b text) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2021-01-01 00:00+00');
CREATE TABLE part_d PARTITION OF part DEFAULT;
CREATE TABLE plist (a int, k text) PARTITION BY LIST ((lower(k)));
CREATE TABLE plist_1 PARTITION OF plist FOR VALUES IN ('a', 'b', NULL);
CREATE TABLE phash (a int) PARTITION BY HASH (a);
CREATE TABLE phash_1 PARTITION OF phash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE INDEX part_b ON part (b);
CREATE STATISTICS st (ndistinct, dependencies) ON qty, kind FROM item;
CREATE AGGREGATE agg (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TYPE rng AS RANGE (SUBTYPE = float8);
CREATE TYPE comp AS (a int, b text COLLATE "C");
)sql";

constexpr std::string_view kObjects = R"sql(
CREATE SCHEMA billing;
CREATE TABLE billing."Plan" (id int GENERATED ALWAYS AS IDENTITY (START 3) PRIMARY KEY, "order" int REFERENCES "Order"(id) ON DELETE SET NULL DEFERRABLE, "json_value" int);
CREATE VIEW billing.plans AS SELECT p.id, o.amount FROM billing."Plan" p LEFT JOIN "Order" o ON o.id = p."order";
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('sad', 'o''k', 'happy');
CREATE TABLE moods (id uuid DEFAULT gen_random_uuid(), m mood DEFAULT 'o''k', c citext, EXCLUDE USING hash (m WITH =));
CREATE UNLOGGED TABLE "weird ""name""" ("a.b" int, "c d" text DEFAULT E'tab\tnew\nline\\', CONSTRAINT "x y" UNIQUE ("a.b"));
CREATE TABLE parent (a int NOT NULL, CHECK (a > 0));
CREATE TABLE child (b int) INHERITS (parent);
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2021-01-01 00:00+00') TO (MAXVALUE);
ALTER TABLE part ADD CONSTRAINT part_pk PRIMARY KEY (a, at);
CREATE TABLE refers (a int, at timestamptz, FOREIGN KEY (a, at) REFERENCES part (a, at));
CREATE TABLE refers_part (a int REFERENCES item (id)) PARTITION BY LIST (a);
CREATE TABLE refers_part_1 PARTITION OF refers_part FOR VALUES IN (1);
CREATE TRIGGER tp AFTER INSERT ON part FOR EACH ROW EXECUTE FUNCTION trg();
CREATE INDEX part_only ON ONLY part (b);
CREATE TABLE large (a text) WITH (fillfactor = 80, toast.autovacuum_enabled = off);
CREATE FUNCTION ev() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER ev ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION ev();
CREATE PUBLICATION pub FOR TABLE item, billing."Plan";
CREATE FOREIGN DATA WRAPPER fdw;
CREATE SERVER srv FOREIGN DATA WRAPPER fdw OPTIONS (host 'h');
CREATE USER MAPPING FOR CURRENT_USER SERVER srv OPTIONS (password 'not to be seen');
CREATE FOREIGN TABLE ft (a int OPTIONS (n 'v')) SERVER srv;
CREATE FUNCTION cf(text) RETURNS point LANGUAGE sql AS 'SELECT point(0, 0)';
CREATE CAST (text AS point) WITH FUNCTION cf(text);
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, COMMUTATOR = ===);
CREATE OPERATOR CLASS oc FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int);
CREATE COLLATION co (LOCALE = 'C');
CREATE TEXT SEARCH DICTIONARY tsd (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION tsc (COPY = pg_catalog.english);
CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, logs text);
CREATE SCHEMA ballast;
CREATE TABLE ballast.journal (id serial PRIMARY KEY, a text);
GRANT ALL ON item TO PUBLIC;
GRANT SELECT (qty) ON item TO PUBLIC;
REVOKE ALL ON FUNCTION trg() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA billing GRANT SELECT ON TABLES TO PUBLIC;
COMMENT ON TABLE item IS 'two
lines';
COMMENT ON COLUMN "Order"."user name" IS 'c';
COMMENT ON INDEX ix1 IS 'i';
COMMENT ON TYPE comp IS 't';
COMMENT ON COLUMN comp.a IS 'attribute';
COMMENT ON VIEW v1 IS 'v';
COMMENT ON EXTENSION citext IS 'ours';
COMMENT ON CONSTRAINT item_pkey ON item IS 'k';
CLUSTER item USING item_pkey;
ALTER TABLE item REPLICA IDENTITY FULL;
ALTER TABLE item ALTER kind SET STATISTICS 5, ALTER kind SET STORAGE EXTERNAL;
)sql";

constexpr std::string_view kSince14 = R"sql(
ALTER TABLE "Order" ALTER "user name" SET COMPRESSION pglz;
CREATE FUNCTION b1(a int) RETURNS int RETURN (SELECT max(qty) FROM item WHERE id = a);
CREATE PROCEDURE b2(a int) BEGIN ATOMIC INSERT INTO item (id) VALUES (a); UPDATE item SET qty = 2 WHERE id = a; END;
CREATE STATISTICS st2 ON (lower(kind)), qty FROM item;
CREATE VIEW w1 AS SELECT extract(year FROM at) AS y, extract(dow FROM (at AT TIME ZONE 'utc')) AS w FROM "Order";
ALTER TABLE "Order" ADD CONSTRAINT c1 CHECK (extract(year FROM d) > 2000);
CREATE VIEW w2 AS WITH RECURSIVE r AS (SELECT id, order_id FROM item UNION ALL SELECT i.id, i.order_id FROM item i JOIN r ON i.id = r.order_id) SEARCH DEPTH FIRST BY id SET o SELECT id FROM r;
CREATE TYPE rng2 AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = many);
)sql";

constexpr std::string_view kSince15 = R"sql(
CREATE UNIQUE INDEX nnd ON item (order_id, qty) NULLS NOT DISTINCT;
CREATE VIEW w3 WITH (security_invoker) AS SELECT id FROM item;
CREATE PUBLICATION pub2 FOR TABLE "Order" (id, amount) WHERE (id > 3);
CREATE PUBLICATION pub3 FOR TABLES IN SCHEMA billing;
ALTER TABLE billing."Plan" DROP CONSTRAINT "Plan_order_fkey", ADD FOREIGN KEY ("order") REFERENCES "Order"(id) ON DELETE SET NULL ("order");
)sql";

constexpr std::string_view kSince16 = R"sql(
CREATE VIEW w4 AS SELECT JSON_OBJECTAGG(id: qty) AS j, JSON_ARRAY(1, 2) AS a, JSON_OBJECT('a': 1) AS o FROM item;
CREATE VIEW w5 AS SELECT id FROM (SELECT id FROM item) WHERE id > 1;
CREATE COLLATION co2 (PROVIDER = icu, LOCALE = 'und', RULES = '&a < b');
)sql";

constexpr std::string_view kSince17 = R"sql(
CREATE VIEW w6 AS SELECT t.a FROM "Order" o, JSON_TABLE(o.payload, '$' COLUMNS (a int PATH '$.a')) t;
CREATE VIEW w7 AS SELECT JSON_VALUE(payload, '$.a' RETURNING int) AS v FROM "Order";
)sql";

}  // namespace

std::string EveryKindScript(int major) {
  std::string script = std::string(kExpressions) + std::string(kObjects);
  if (major >= 14) script += kSince14;
  if (major >= 15) script += kSince15;
  if (major >= 16) script += kSince16;
  if (major >= 17) script += kSince17;
  return script;
}

}  // namespace ballast::testing
