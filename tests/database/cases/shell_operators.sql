-- Operators that only others refer to.
CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = =/=, NEGATOR = !==);
CREATE OPERATOR @#@ (FUNCTION = int8eq, LEFTARG = bigint, RIGHTARG = bigint, NEGATOR = #@#);
COMMENT ON OPERATOR === (integer, integer) IS 'same';
