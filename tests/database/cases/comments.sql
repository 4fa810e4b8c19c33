-- roles: ballast_case_reader
-- Comments on schemas, tables, columns, and on what has no other case.
CREATE SCHEMA other;
CREATE TABLE t (a integer, "B c" text);
CREATE TABLE other.t (a integer);
COMMENT ON SCHEMA other IS 'other';
COMMENT ON SCHEMA public IS 'not 100% standard';
COMMENT ON TABLE t IS E'two\nlines, it''s \\ here';
COMMENT ON COLUMN t."B c" IS 'column';
COMMENT ON COLUMN other.t.a IS 'other column';
CREATE EXTENSION citext;
COMMENT ON EXTENSION citext IS 'ours';
