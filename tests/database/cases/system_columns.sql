-- roles: ballast_case_reader
-- Privileges on columns that every table has.
DO $$ BEGIN CREATE ROLE ballast_case_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE t (a int);
GRANT SELECT (tableoid, a) ON t TO ballast_case_reader;
GRANT SELECT (ctid) ON t TO PUBLIC;
CREATE TABLE part (a int) PARTITION BY LIST (a);
GRANT SELECT (xmin) ON part TO ballast_case_reader WITH GRANT OPTION;
