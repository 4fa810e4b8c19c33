-- Rules, also disabled, and the views that they make writable.
CREATE TABLE t (a integer, b text);
CREATE TABLE log (a integer);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE RULE ins AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (NEW.a, NEW.b) RETURNING t.a, t.b;
CREATE RULE "Del ON x" AS ON DELETE TO t WHERE (OLD.a > 5) DO ALSO INSERT INTO log VALUES (OLD.a);
CREATE RULE nothing AS ON UPDATE TO log DO INSTEAD NOTHING;
CREATE RULE off AS ON INSERT TO log DO ALSO NOTIFY changed;
ALTER TABLE log DISABLE RULE off;
ALTER TABLE t ENABLE ALWAYS RULE "Del ON x";
INSERT INTO t VALUES (9, 'nine');
COMMENT ON RULE nothing ON log IS 'nothing';
