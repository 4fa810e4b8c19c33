-- Extended statistics.
CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS all_kinds ON a, b FROM t;
CREATE STATISTICS "Some Kinds" (ndistinct, dependencies) ON b, c FROM t;
ALTER STATISTICS "Some Kinds" SET STATISTICS 400;
COMMENT ON STATISTICS all_kinds IS 'all';
