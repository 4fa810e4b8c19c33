-- from 14
-- roles: ballast_case_range_owner
-- A multirange type is owned by who made the range type.
DO $$ BEGIN CREATE ROLE ballast_case_range_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT ALL ON SCHEMA public TO ballast_case_range_owner;
SET ROLE ballast_case_range_owner;
CREATE TYPE rg AS RANGE (SUBTYPE = float8);
CREATE TYPE "R g" AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = "M g");
RESET ROLE;
CREATE TYPE mine AS RANGE (SUBTYPE = float8);
ALTER TYPE mine OWNER TO ballast_case_range_owner;
