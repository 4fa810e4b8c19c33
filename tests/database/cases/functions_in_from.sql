-- read again
-- Views over functions whose row type got columns later: the server names those, too, when it reads the text again.
CREATE TABLE t (a integer, b integer);
CREATE FUNCTION all_of_t() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM public.t';
CREATE VIEW plain AS SELECT b FROM all_of_t();
CREATE VIEW joined AS SELECT x.a, y.b FROM all_of_t() x(a, other) JOIN LATERAL all_of_t() y ON x.a = y.a
  WHERE EXISTS (SELECT FROM all_of_t() q WHERE q.b = x.other);
-- Names of later columns that the text has for something else.
CREATE TABLE u (a integer, c integer, d text);
CREATE VIEW of_another_table AS SELECT f.a, u.c, u.d FROM all_of_t() f, u;
CREATE VIEW named AS SELECT f.a AS c, q.d FROM all_of_t() f LEFT JOIN u q USING (a);
CREATE VIEW merged AS SELECT * FROM all_of_t() FULL JOIN u USING (a);
CREATE VIEW natural_join AS SELECT * FROM all_of_t() NATURAL JOIN (SELECT b FROM t) s;
CREATE VIEW nested AS WITH w AS (SELECT * FROM all_of_t()) SELECT w.a AS d FROM w
  UNION SELECT u.c FROM u, LATERAL (SELECT FROM all_of_t() f WHERE f.b = u.c) s;
CREATE MATERIALIZED VIEW stored AS SELECT b AS c, a::text AS d FROM all_of_t();
CREATE POLICY p ON u USING (c IN (SELECT f.b FROM all_of_t() f WHERE f.a = u.a));
CREATE RULE r AS ON INSERT TO u DO ALSO INSERT INTO t SELECT f.a, new.c FROM all_of_t() f;
CREATE RULE r2 AS ON UPDATE TO u DO ALSO
  (UPDATE t SET b = f.b FROM all_of_t() f WHERE t.a = f.a AND f.a = new.c; DELETE FROM t USING all_of_t() f
   WHERE t.a = f.a AND new.d = 'd');
CREATE TYPE pair AS (a integer, b text);
CREATE FUNCTION pair() RETURNS pair LANGUAGE sql AS $$ SELECT NULL::pair $$;
CREATE VIEW of_type AS SELECT b AS c FROM pair();
ALTER TYPE pair ADD ATTRIBUTE c integer;
ALTER TABLE t ADD c integer;
ALTER TABLE t ADD d text;
CREATE VIEW later AS SELECT * FROM all_of_t();
