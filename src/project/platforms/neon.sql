-- What a Neon project has before anything is deployed (https://neon.com/docs/manage/roles).
-- provides: schema neon, schema neon_control_plane, extension neon, extension neon_utils, event trigger neon*
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['cloud_admin', 'neon_superuser', 'neon_service', 'authenticated',
    'anonymous'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
END $$;
CREATE SCHEMA neon_auth;
CREATE TABLE neon_auth.users_sync (
  raw_json jsonb NOT NULL,
  id text GENERATED ALWAYS AS (raw_json ->> 'id') STORED NOT NULL PRIMARY KEY,
  name text GENERATED ALWAYS AS (raw_json ->> 'display_name') STORED,
  email text GENERATED ALWAYS AS (raw_json ->> 'primary_email') STORED,
  created_at timestamptz,
  updated_at timestamptz,
  deleted_at timestamptz
);
