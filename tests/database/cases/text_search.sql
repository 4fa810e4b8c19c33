-- Text search objects.
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = snowball, language = english, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION cfg (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION cfg ALTER MAPPING FOR asciiword, hword WITH dict, simple;
ALTER TEXT SEARCH CONFIGURATION cfg DROP MAPPING FOR url;
CREATE TEXT SEARCH TEMPLATE tmpl (LEXIZE = dsimple_lexize, INIT = dsimple_init);
CREATE TEXT SEARCH PARSER prs (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TABLE t (a text, b tsvector GENERATED ALWAYS AS (to_tsvector('public.cfg', a)) STORED);
CREATE INDEX ON t USING gin (to_tsvector('public.cfg'::regconfig, a));
INSERT INTO t (a) VALUES ('the cats');
COMMENT ON TEXT SEARCH CONFIGURATION cfg IS 'cfg';
COMMENT ON TEXT SEARCH DICTIONARY dict IS 'dict';
