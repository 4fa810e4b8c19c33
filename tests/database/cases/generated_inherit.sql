-- Generated columns that a child declares, too.
CREATE TABLE p (a integer PRIMARY KEY, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE c (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED);
ALTER TABLE c INHERIT p;
CREATE TABLE d (e text) INHERITS (p);
CREATE TABLE q (a integer, e text);
CREATE TABLE r (e text, a integer);
ALTER TABLE r INHERIT q;
INSERT INTO c (a) VALUES (4);
