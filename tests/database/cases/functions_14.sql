-- from 14: bodies of standard SQL, which the server knows the needs of.
CREATE TABLE t (id integer PRIMARY KEY, v text);
CREATE VIEW later AS SELECT id, v FROM t;
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM later; SELECT count(id) FROM t; END;
CREATE FUNCTION plus(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + 1;
CREATE FUNCTION grouped() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT v FROM t GROUP BY id; END;
CREATE PROCEDURE outs(OUT a integer) LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TABLE uses (a integer DEFAULT plus(1), b integer GENERATED ALWAYS AS (plus(3)) STORED);
