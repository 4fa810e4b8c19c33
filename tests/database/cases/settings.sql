-- roles: ballast_case_reader
-- Settings of the database, also for one role.
DO $$ BEGIN CREATE ROLE ballast_case_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET statement_timeout TO %L', current_database(), '5s');
    EXECUTE format('ALTER DATABASE %I SET search_path TO public, "Odd, one", "$user"', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.name TO %L', current_database(), 'it''s 100%');
    EXECUTE format('ALTER ROLE ballast_case_reader IN DATABASE %I SET work_mem TO %L', current_database(), '8MB');
    EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'the 100% database');
    EXECUTE format('GRANT CREATE ON DATABASE %I TO ballast_case_reader', current_database());
    EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database());
END $$;
