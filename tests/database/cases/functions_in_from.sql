-- read again
-- Views over functions whose row type got columns later: the server names those, too, when it reads the text again.
CREATE TABLE t (a integer, b integer);
CREATE FUNCTION all_of_t() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
CREATE VIEW plain AS SELECT b FROM all_of_t();
CREATE VIEW joined AS SELECT x.a, y.b FROM all_of_t() x(a, other) JOIN LATERAL all_of_t() y ON x.a = y.a
  WHERE EXISTS (SELECT FROM all_of_t() q WHERE q.b = x.other);
ALTER TABLE t ADD c integer;
ALTER TABLE t ADD d text;
CREATE VIEW later AS SELECT * FROM all_of_t();
