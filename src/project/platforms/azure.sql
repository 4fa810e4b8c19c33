-- What Azure Database for PostgreSQL has before anything is deployed
-- (https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-security).
-- provides: extension azure*, extension pgaadauth, extension pg_cron, schema azure*, schema cron, event trigger azure*
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['azuresu', 'azure_pg_admin', 'azure_pg_monitor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
END $$;
