-- roles: ballast_case_writer
-- Operators that only others refer to.
CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = =/=, NEGATOR = !==);
CREATE OPERATOR @#@ (FUNCTION = int8eq, LEFTARG = bigint, RIGHTARG = bigint, NEGATOR = #@#);
COMMENT ON OPERATOR === (integer, integer) IS 'same';
-- An operator without a function has an owner and a comment, too.
DO $$ BEGIN CREATE ROLE ballast_case_writer; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER OPERATOR !== (integer, integer) OWNER TO ballast_case_writer;
COMMENT ON OPERATOR =/= (integer, integer) IS 'turned round';
