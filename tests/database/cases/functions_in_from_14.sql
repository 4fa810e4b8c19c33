-- from 14
-- read again
-- Bodies in SQL over functions whose row type got columns later.
CREATE TABLE t (a integer, b integer);
CREATE TABLE u (a integer, c integer);
CREATE FUNCTION all_of_t() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
CREATE FUNCTION one() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT b FROM all_of_t(); END;
CREATE FUNCTION several(c integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC
  UPDATE t SET b = f.b FROM all_of_t() f WHERE t.a = f.a;
  INSERT INTO u SELECT f.a, several.c FROM all_of_t() f;
  SELECT u.c FROM all_of_t() f JOIN u USING (a);
END;
CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC DELETE FROM t USING all_of_t() f WHERE t.a = f.a; END;
ALTER TABLE t ADD c integer;
