-- roles: ballast_case_reader
-- Foreign-data wrappers, servers, mappings and tables.
DO $$ BEGIN CREATE ROLE ballast_case_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE FOREIGN DATA WRAPPER dummy OPTIONS (debug 'true');
CREATE SERVER srv TYPE 'kind' VERSION '1' FOREIGN DATA WRAPPER dummy OPTIONS (host 'it''s', "Odd Name" 'x');
CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS (role 'x');
CREATE USER MAPPING FOR ballast_case_reader SERVER srv;
CREATE FOREIGN TABLE ft (a integer OPTIONS (column_name 'A') NOT NULL, b text DEFAULT 'x', CONSTRAINT c CHECK (a > 0)) SERVER srv OPTIONS (table_name 't');
COMMENT ON FOREIGN TABLE ft IS 'ft';
COMMENT ON SERVER srv IS 'srv';
COMMENT ON FOREIGN DATA WRAPPER dummy IS 'fdw';
GRANT USAGE ON FOREIGN SERVER srv TO ballast_case_reader;
GRANT SELECT ON ft TO ballast_case_reader;
