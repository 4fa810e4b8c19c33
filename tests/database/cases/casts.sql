-- Expressions that need a cast, which is newer than the table that they belong to.
CREATE TYPE point2 AS (x int, y int);
CREATE FUNCTION point2(int) RETURNS point2 LANGUAGE sql IMMUTABLE AS $$ SELECT ROW($1, $1)::point2 $$;
CREATE TABLE assigned (id int PRIMARY KEY);
CREATE CAST (int AS point2) WITH FUNCTION point2(int) AS ASSIGNMENT;
ALTER TABLE assigned ADD COLUMN p point2 DEFAULT 5;
CREATE DOMAIN domain2 AS point2 DEFAULT 7;
CREATE TABLE of_domain (p domain2, CHECK (p IS DISTINCT FROM 3::point2));
-- Of a table's own row.
CREATE FUNCTION id_of(assigned) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1.id $$;
CREATE CAST (assigned AS int) WITH FUNCTION id_of(assigned) AS IMPLICIT;
ALTER TABLE assigned ADD CONSTRAINT positive CHECK ((assigned.*)::int > 0);
CREATE VIEW ids AS SELECT a::int AS id FROM assigned a;
-- Without a function, which pg_depend would show.
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE FUNCTION weight(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;
CREATE CAST (text AS mood) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS mood) WITH INOUT AS ASSIGNMENT;
CREATE TABLE moods (m mood DEFAULT lower('CALM'), n mood[] DEFAULT ARRAY['calm'::text, 'busy'], v text, CHECK (weight(lower('BUSY')) > 0));
CREATE VIEW weights AS SELECT weight(lower(v)) AS w FROM moods;
-- Binary-coercible.
CREATE TYPE label;
CREATE FUNCTION label_in(cstring) RETURNS label LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION label_out(label) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE label (INPUT = label_in, OUTPUT = label_out, LIKE = text, COLLATABLE = true);
CREATE CAST (label AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (text AS label) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE TABLE labels (a label PRIMARY KEY, b label DEFAULT upper('q'), c label[] DEFAULT ARRAY['x'::text], CHECK (a <> 'z'::text));
CREATE INDEX labels_lower ON labels (lower(b));
