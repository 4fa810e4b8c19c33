-- Columns that a parent got after its children had columns of their own.
CREATE TABLE base (id integer NOT NULL);
CREATE TABLE child (own integer) INHERITS (base);
CREATE TABLE grandchild (more text) INHERITS (child);
ALTER TABLE base ADD COLUMN late text DEFAULT 'late';
CREATE TABLE second_heir (own2 integer) INHERITS (base);
ALTER TABLE base ADD COLUMN later integer NOT NULL DEFAULT 3;
ALTER TABLE base ADD CONSTRAINT late_check CHECK (late <> '');
CREATE INDEX base_late ON base (late);
ALTER TABLE base ADD PRIMARY KEY (later);
INSERT INTO child VALUES (1, 2, 'x', 3);
