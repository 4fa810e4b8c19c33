-- roles: ballast_case_reader
-- Privileges on aggregates, which GRANT writes like functions.
DO $$ BEGIN CREATE ROLE ballast_case_reader NOINHERIT; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE AGGREGATE newcnt(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
GRANT EXECUTE ON FUNCTION newcnt() TO ballast_case_reader;
COMMENT ON AGGREGATE newcnt(*) IS 'counts';
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
REVOKE ALL ON FUNCTION total(integer) FROM PUBLIC;
CREATE AGGREGATE my_percentile(double precision ORDER BY double precision) (
  SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_cont_float8_final);
GRANT EXECUTE ON FUNCTION my_percentile(double precision, double precision) TO ballast_case_reader;
