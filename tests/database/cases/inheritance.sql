-- Inheritance: several parents, own defaults, merged columns, checks.
CREATE TABLE base (id integer NOT NULL, name text DEFAULT 'base', n integer, CONSTRAINT id_positive CHECK (id > 0));
CREATE TABLE other (extra text, CONSTRAINT alone CHECK (extra <> '') NO INHERIT);
CREATE TABLE child (own integer) INHERITS (base, other);
CREATE TABLE overriding (name text DEFAULT 'mine', CONSTRAINT id_positive CHECK (id > 0)) INHERITS (base);
CREATE TABLE tightened () INHERITS (base);
ALTER TABLE tightened ALTER COLUMN n SET NOT NULL, ALTER COLUMN name SET DEFAULT 'tight';
CREATE TABLE grandchild (g text) INHERITS (child);
CREATE TABLE adopted (n integer, name text, id integer NOT NULL, mine text, CONSTRAINT id_positive CHECK (id > 0));
ALTER TABLE adopted INHERIT base;
INSERT INTO base VALUES (1); INSERT INTO child (id, extra, own) VALUES (2, 'e', 5);
-- All columns come from the parent, and only the key is its own.
CREATE TABLE animal (id integer PRIMARY KEY, name text);
CREATE TABLE cat (extra integer) INHERITS (animal);
CREATE TABLE dog (PRIMARY KEY (id)) INHERITS (animal);
CREATE TABLE cow (CHECK (id > 0)) INHERITS (animal);
ALTER TABLE animal ADD COLUMN age text;
ALTER TABLE cat ADD COLUMN claws text;
