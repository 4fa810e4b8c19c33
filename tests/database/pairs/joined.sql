-- Values that are lists: two lists never give one text. Each pair is two statements, divided by <>.
-- setup
CREATE FOREIGN DATA WRAPPER fdw;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA "a.b";
CREATE SCHEMA a;
CREATE OPERATOR FAMILY "a.b".c USING btree;
CREATE OPERATOR FAMILY a."b.c" USING btree;
-- pairs
ALTER FOREIGN DATA WRAPPER fdw OPTIONS (a 'b, c=d') <> ALTER FOREIGN DATA WRAPPER fdw OPTIONS (a 'b', c 'd')
ALTER FOREIGN DATA WRAPPER fdw OPTIONS (a E'b\\', c 'd') <> ALTER FOREIGN DATA WRAPPER fdw OPTIONS (a E'b\\, c=d')
CREATE SERVER s FOREIGN DATA WRAPPER fdw OPTIONS (a 'b, c=d') <> CREATE SERVER s FOREIGN DATA WRAPPER fdw OPTIONS (a 'b', c 'd')
CREATE SERVER s FOREIGN DATA WRAPPER fdw OPTIONS (password 'a') <> CREATE SERVER s FOREIGN DATA WRAPPER fdw OPTIONS (password 'b')
ALTER FUNCTION f() SET my.a = E'b\nmy.c=d' <> ALTER FUNCTION f() SET my.a = 'b' SET my.c = 'd'
ALTER FUNCTION f() SET search_path = 'a, b' <> ALTER FUNCTION f() SET search_path = a, b
CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a, b WITH (connect = false) <> CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION "a, b" WITH (connect = false)
[14] CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false) <> CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, binary = true)
[14] CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false) <> CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, synchronous_commit = 'local')
[15] CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false) <> CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, disable_on_error = true)
[16] CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false) <> CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, origin = none)
[17] CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false) <> CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, failover = true)
[page] CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false) <> CREATE SUBSCRIPTION sub CONNECTION 'host=elsewhere' PUBLICATION a WITH (connect = false)
CREATE OPERATOR CLASS k FOR TYPE int USING btree FAMILY "a.b".c AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int) <> CREATE OPERATOR CLASS k FOR TYPE int USING btree FAMILY a."b.c" AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int)
