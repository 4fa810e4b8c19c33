-- What Heroku Postgres has before anything is deployed
-- (https://devcenter.heroku.com/articles/heroku-postgres-extensions-postgis-full-text-search).
-- provides: event trigger *, schema _heroku, extension pg_stat_statements
CREATE SCHEMA _heroku;
CREATE SCHEMA heroku_ext;
CREATE FUNCTION _heroku.create_ext() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN NULL; END $$;
CREATE FUNCTION _heroku.drop_ext() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN NULL; END $$;
CREATE FUNCTION _heroku.extension_before_drop() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN NULL; END $$;
CREATE FUNCTION _heroku.validate_extension() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN NULL; END $$;
SET search_path = "$user", public, heroku_ext;
