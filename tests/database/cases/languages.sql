-- Languages, transforms and access methods, and what is made with them.
CREATE LANGUAGE plain HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE TRUSTED LANGUAGE "Trusted One" HANDLER plpgsql_call_handler;
COMMENT ON LANGUAGE plain IS 'a language';
CREATE FUNCTION in_plain() RETURNS integer LANGUAGE plain AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textout';
CREATE TRANSFORM FOR integer LANGUAGE plain (FROM SQL WITH FUNCTION from_sql(internal));
COMMENT ON TRANSFORM FOR integer LANGUAGE plain IS 'a transform';
CREATE FUNCTION transformed(integer) RETURNS integer TRANSFORM FOR TYPE integer LANGUAGE plain AS $$ BEGIN RETURN $1; END $$;
CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD "Other btree" TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD other_heap IS 'a method';
CREATE TABLE in_other_heap (id integer PRIMARY KEY, b text) USING other_heap;
INSERT INTO in_other_heap VALUES (1, 'x');
CREATE MATERIALIZED VIEW over_other_heap USING other_heap AS SELECT id FROM in_other_heap;
