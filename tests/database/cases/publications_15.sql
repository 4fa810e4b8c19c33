-- from 15: publications of columns, rows and schemas.
CREATE SCHEMA other;
CREATE TABLE a (id integer PRIMARY KEY, x text, y text);
CREATE PUBLICATION filtered FOR TABLE a (id, x) WHERE (id > 5);
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA public, other;
