-- Constraints of every kind.
CREATE TABLE parent (a integer, b integer, c text, PRIMARY KEY (b, a), UNIQUE (c));
CREATE TABLE keys (
    id integer CONSTRAINT "odd name" PRIMARY KEY,
    a integer CONSTRAINT positive CHECK (a > 0), b integer, c text, r int4range,
    CONSTRAINT uq UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT covering UNIQUE (b) INCLUDE (c) WITH (fillfactor = 70),
    CONSTRAINT no_heirs CHECK (b < 100) NO INHERIT,
    CONSTRAINT no_overlap EXCLUDE USING gist (r WITH &&) WITH (fillfactor = 60) WHERE (a > 5) DEFERRABLE,
    CONSTRAINT plain_exclude EXCLUDE (c WITH =)
);
ALTER TABLE keys ADD CONSTRAINT later CHECK (c <> 'bad') NOT VALID;
CREATE TABLE deferrable_key (id integer PRIMARY KEY DEFERRABLE);
CREATE TABLE covering_key (id integer, extra text, PRIMARY KEY (id) INCLUDE (extra));
CREATE TABLE filled_key (id integer PRIMARY KEY WITH (fillfactor = 50));
CREATE TABLE child (
    id integer PRIMARY KEY, a integer, b integer, c text REFERENCES parent (c) ON UPDATE CASCADE ON DELETE SET NULL,
    self integer REFERENCES child (id) ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (b, a) REFERENCES parent MATCH FULL ON DELETE RESTRICT
);
ALTER TABLE child ADD CONSTRAINT unchecked FOREIGN KEY (id) REFERENCES keys (id) NOT VALID;
CREATE UNIQUE INDEX promoted ON child (a);
ALTER TABLE child ADD CONSTRAINT promoted UNIQUE USING INDEX promoted;
INSERT INTO keys (id, a, b, c) VALUES (1, 1, 1, 'x');
COMMENT ON CONSTRAINT positive ON keys IS 'more than nothing';
COMMENT ON CONSTRAINT "odd name" ON keys IS 'the key';
COMMENT ON INDEX "odd name" IS 'the index of the key';
COMMENT ON CONSTRAINT later ON keys IS 'not yet';
CREATE TABLE row_check (a integer, b integer);
CREATE FUNCTION is_fine(row_check) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a < $1.b $$;
ALTER TABLE row_check ADD CONSTRAINT whole_row CHECK (is_fine(row_check.*));
INSERT INTO row_check VALUES (1, 2);
