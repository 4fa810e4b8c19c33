-- Rows of every type, read back exactly.
CREATE TYPE kind AS ENUM ('b', 'a');
CREATE TABLE v (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a smallint, b bigint, c numeric, d numeric(10, 3), e real, f double precision,
    g text, h varchar(5), i char(5), j bytea, k boolean, l date, m time, n timetz, o timestamp, p timestamptz, q interval,
    r uuid, s json, t jsonb, u xml, w inet, x cidr, y macaddr, z bit(4), aa varbit, ab tsvector, ac tsquery, ad int4range,
    ae text[], af integer[][], ag kind, ah kind[], ai point, aj polygon, ak money, al oid, an pg_lsn, ao "char", ap name,
    aq integer GENERATED ALWAYS AS (a + 1) STORED, ar float8[], at tstzrange, au regtype
);
INSERT INTO v (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, aa, ab, ac, ad, ae, af, ag, ah, ai, aj, ak, al, an, ao, ap, ar, at, au) VALUES
    (-5, 9223372036854775807, 1.50, -0.001, 0.1, 0.1, E'it''s\n\t\\ "q"', 'v', 'c', '\x00ff5c27', true, '2020-02-29', '23:59:59.999999', '01:02:03+05:30', '2020-01-01 00:00:00.123456', '2020-01-01 00:00:00.5+02', '1 year -2 mons 3 days 04:05:06.7',
     '00000000-0000-0000-0000-000000000001', '{"b": 1,  "a": [1, 2]}', '{"b": 1, "a": null}', '<a b="c">d</a>', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', B'1010', B'1', 'a:1A b', 'a & !b', '[1,5)',
     ARRAY['a', NULL, 'q"uote', 'b,c', '', 'NULL'], '{{1,2},{3,4}}', 'a', '{b,a}', '(1.5,-2)', '((0,0),(1,1),(2,0))', 12.34, 4294967295, '16/B374D848', 'x', 'nm', '{NaN,-Infinity,1e-300,-0}', '[2020-01-01 00:00+00,)', 'integer'),
    (32767, -9223372036854775808, 'NaN', 0, 'Infinity', '-Infinity', '', '', '', '', false, 'infinity', '00:00', '00:00+00', '-infinity', '4713-01-01 00:00:00 BC', '-1 day', NULL, 'null', 'null', NULL, '::1', NULL, NULL, NULL, '', '', NULL, 'empty', '{}', '{}', 'b', '{}', NULL, NULL, -1, 0, '0/0', '', '', '{}', 'empty', NULL);
INSERT INTO v (c, d, e, f, g, l, q) VALUES
    (123456789012345678901234567890.123456789012345678901234567890, 0.100, 1e30, 1.7976931348623157e308, E'\u2603 \u00e9', '0001-01-01 BC', '178000000 years'),
    (-0.0, 0, '-0', '-0', E'\r', '1999-12-31', '00:00:01');
CREATE TABLE many (id integer PRIMARY KEY, filler text);
INSERT INTO many SELECT n, repeat('x', n % 700) FROM generate_series(1, 1700) AS n;
CREATE TABLE without_key (a text, b integer);
INSERT INTO without_key VALUES ('b', 1), ('a', 2), (NULL, 3), ('a', 2);
CREATE TABLE self (id integer PRIMARY KEY, up integer REFERENCES self);
INSERT INTO self VALUES (1, 2), (2, NULL);
