-- from 18: names of NOT NULL, virtual columns, constraints that are not enforced, temporal keys.
CREATE TABLE named (a integer CONSTRAINT must NOT NULL, b integer NOT NULL NO INHERIT, c serial);
ALTER TABLE named RENAME TO renamed;
CREATE TABLE late (a integer, b integer);
INSERT INTO late VALUES (NULL, 1);
ALTER TABLE late ADD CONSTRAINT not_yet NOT NULL a NOT VALID;
CREATE TABLE virtual (a integer PRIMARY KEY, b integer GENERATED ALWAYS AS (a + 1), c integer GENERATED ALWAYS AS (a + 2) STORED);
CREATE TABLE loose (a integer REFERENCES virtual NOT ENFORCED, CONSTRAINT wish CHECK (a > 0) NOT ENFORCED);
INSERT INTO loose VALUES (-1);
CREATE TABLE temporal (id int4range, during daterange, CONSTRAINT temporal_pk PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE temporal_child (
    id int4range, during daterange, parent int4range, UNIQUE (id, during WITHOUT OVERLAPS),
    FOREIGN KEY (parent, PERIOD during) REFERENCES temporal (id, PERIOD during)
);
CREATE TABLE inheriting () INHERITS (renamed);
COMMENT ON CONSTRAINT must ON renamed IS 'a must';
CREATE DOMAIN filled AS text CONSTRAINT never_null NOT NULL;
-- Names that are cut to the same: a table, and its partition, whose constraint has the name from above.
CREATE TABLE long_name_that_leaves_hardly_any_room_for_its_column_0000_a (ident integer NOT NULL) PARTITION BY LIST (ident);
CREATE TABLE long_name_that_leaves_hardly_any_room_for_its_column_0000_b PARTITION OF long_name_that_leaves_hardly_any_room_for_its_column_0000_a DEFAULT;
-- The name goes with the column to a child in another schema.
CREATE TABLE "first" (a integer NOT NULL);
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.a_copy (LIKE "first");
CREATE TABLE a_child () INHERITS (elsewhere.a_copy);
