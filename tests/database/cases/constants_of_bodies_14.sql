-- from 14
-- read again
-- Bodies in SQL and subqueries that select constants, whose columns the server names when it reads the text again.
CREATE TABLE t (a text);
CREATE FUNCTION words() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 'x'; END;
CREATE FUNCTION numbers() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
CREATE FUNCTION added() RETURNS varchar(5) LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES ('a') RETURNING 'b'; END;
CREATE VIEW v AS SELECT (SELECT 'x') IN (SELECT 'y') AS z, EXISTS (SELECT 'x' FROM t WHERE (SELECT 3) = 3);
CREATE POLICY p ON t USING (a = (SELECT 'admin'));
