-- Event triggers: made last, so that they do not fire for the script itself.
CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE TABLE t (a integer);
COMMENT ON TABLE t IS 't';
CREATE EVENT TRIGGER off ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION stop();
ALTER EVENT TRIGGER off DISABLE;
COMMENT ON EVENT TRIGGER off IS 'off';
CREATE EVENT TRIGGER armed ON ddl_command_start EXECUTE FUNCTION stop();
