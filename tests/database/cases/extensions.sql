-- Extensions in the target schema, in another one, and what uses their objects.
CREATE SCHEMA extensions;
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm WITH SCHEMA extensions;
CREATE EXTENSION "uuid-ossp";
CREATE EXTENSION hstore VERSION '1.4';
CREATE TABLE t (id uuid DEFAULT uuid_generate_v4() PRIMARY KEY, mail citext NOT NULL DEFAULT 'x', name text, h hstore, EXCLUDE (mail WITH =));
CREATE INDEX trgm ON t USING gin (name extensions.gin_trgm_ops);
INSERT INTO t (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'n');
