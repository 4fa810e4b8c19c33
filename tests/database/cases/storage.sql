-- Storage: parameters, methods of toast, statistics targets, unlogged tables.
CREATE TABLE s (a text, b text, c bytea, d integer)
    WITH (fillfactor = 90, autovacuum_enabled = false, toast.autovacuum_enabled = false, parallel_workers = 2,
          autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE s ALTER COLUMN a SET STORAGE EXTERNAL, ALTER COLUMN b SET STORAGE MAIN, ALTER COLUMN c SET STORAGE PLAIN;
ALTER TABLE s ALTER COLUMN d SET STATISTICS 0, ALTER COLUMN a SET STATISTICS 1000;
ALTER TABLE s ALTER COLUMN d SET (n_distinct = 5, n_distinct_inherited = -0.5);
CREATE UNLOGGED TABLE fast (id serial PRIMARY KEY, a text);
CREATE INDEX ON fast (a);
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
