-- A hash-partitioned table needs the support function that belongs to its class's family only.
CREATE FUNCTION noop(int4, int8) RETURNS int8 LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2';
CREATE OPERATOR CLASS my_int4 FOR TYPE int4 USING hash AS OPERATOR 1 =, FUNCTION 2 noop(int4, int8);
CREATE TABLE hp (a int) PARTITION BY HASH (a my_int4);
CREATE TABLE hp0 PARTITION OF hp FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE INDEX ON hp0 USING hash (a my_int4);
