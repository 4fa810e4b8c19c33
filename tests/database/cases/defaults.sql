-- Defaults of every kind, generated columns and collations.
CREATE TYPE "Role" AS ENUM ('USER', 'it''s', 'back\slash');
CREATE FUNCTION next_code() RETURNS text LANGUAGE sql AS $$ SELECT 'c'::text $$;
CREATE TABLE d (
    a text DEFAULT 'x', b text DEFAULT 'it''s \ back', c varchar(20) DEFAULT 'v', e char(3) DEFAULT 'abc',
    f integer DEFAULT -1, g bigint DEFAULT -9000000000, h numeric(10, 2) DEFAULT -1.50, i numeric DEFAULT 1e3,
    j double precision DEFAULT 0.1, k real DEFAULT '-0', l boolean DEFAULT true, m jsonb DEFAULT '{"a": 1}',
    n json DEFAULT '[1,  2]', o uuid DEFAULT gen_random_uuid(), p timestamp(3) DEFAULT CURRENT_TIMESTAMP,
    q timestamptz DEFAULT now(), r timestamp(3) DEFAULT '2020-01-02 03:04:05', s date DEFAULT CURRENT_DATE,
    t interval DEFAULT '1 day', u interval(0) DEFAULT '1.6 seconds', v text[] DEFAULT ARRAY[]::text[],
    w text[] DEFAULT '{}', x text[] DEFAULT ARRAY['a', 'b,]c'], y integer[] DEFAULT ARRAY[1, -2],
    z "Role" DEFAULT 'USER', aa "Role"[] DEFAULT ARRAY['USER', 'it''s']::"Role"[], ab bytea DEFAULT '\x6869',
    ac text DEFAULT next_code(), ad text DEFAULT ('a' || 'b'), ae text DEFAULT current_user, af bit(3) DEFAULT B'101',
    ag varchar DEFAULT 'a'::text, ah timestamp DEFAULT (now() AT TIME ZONE 'utc'), ai text DEFAULT lower('X'),
    aj inet DEFAULT '10.0.0.1', ak char DEFAULT 'x', al "char" DEFAULT 'x', am money DEFAULT 1, an text DEFAULT NULL,
    ao varchar(20)[] DEFAULT ARRAY['p', 'q']::varchar(20)[], ap timestamptz DEFAULT '2020-01-02 03:04:05+02', aq time(3) DEFAULT '03:04:05',
    ar integer DEFAULT '-5', az smallint DEFAULT -7, ba text DEFAULT '', bb text COLLATE "C" DEFAULT 'c', bc oid DEFAULT 1, bd xml DEFAULT '<a/>',
    be integer DEFAULT -2147483648, bf text DEFAULT 'a'::varchar(1)
);
CREATE COLLATION reverse_c (provider = libc, locale = 'C');
CREATE COLLATION "Und" (provider = icu, locale = 'und', deterministic = false);
CREATE TABLE g (
    a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED,
    c text COLLATE "C", e text COLLATE reverse_c, f varchar(10) COLLATE "Und",
    h text GENERATED ALWAYS AS (upper('x' || a::text)) STORED
);
INSERT INTO g (a, c) VALUES (1, 'x'), (2, NULL);
ALTER TABLE g DROP COLUMN c;
ALTER TABLE g ADD COLUMN late text NOT NULL DEFAULT 'filled';
