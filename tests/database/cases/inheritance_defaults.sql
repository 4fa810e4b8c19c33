-- Defaults that parents got after their children, and that would conflict in CREATE TABLE … INHERITS.
CREATE TABLE a (x int DEFAULT 1, y int);
CREATE TABLE b (x int DEFAULT 1, z int DEFAULT 2);
CREATE TABLE ab (w int) INHERITS (a, b);
CREATE TABLE below (k int) INHERITS (ab);
ALTER TABLE a ALTER x SET DEFAULT 7;
ALTER TABLE ONLY b ALTER z SET DEFAULT 3;
ALTER TABLE ab ALTER x DROP DEFAULT;
CREATE TABLE only_b () INHERITS (b);
-- With a default of its own.
CREATE TABLE ab2 (v int, x int DEFAULT 3) INHERITS (a, b);
-- A child that drops what it inherits, and its children.
CREATE TABLE c (x int DEFAULT 1);
CREATE TABLE d () INHERITS (c);
ALTER TABLE d ALTER x DROP DEFAULT;
CREATE TABLE e () INHERITS (d);
CREATE TABLE f (y int) INHERITS (e, c);
CREATE TABLE g () INHERITS (f);
ALTER TABLE g ALTER x SET DEFAULT 9;
-- A column that was there before the parent.
CREATE TABLE h (x int, q int);
ALTER TABLE h INHERIT c;
-- Sequences of two parents.
CREATE TABLE s1 (id serial);
CREATE TABLE s2 (id serial);
CREATE TABLE s12 (id int DEFAULT nextval('s1_id_seq')) INHERITS (s1, s2);
CREATE TABLE s3 (z int) INHERITS (s1);
ALTER TABLE s3 ALTER id DROP DEFAULT;
-- Until 17, a child can drop NOT NULL.
CREATE TABLE n1 (x int NOT NULL);
CREATE TABLE n2 () INHERITS (n1);
CREATE TABLE n3 (y int, x int) INHERITS (n1);
DO $$ BEGIN IF current_setting('server_version_num')::int < 180000 THEN ALTER TABLE n2 ALTER x DROP NOT NULL; ALTER TABLE n3 ALTER x DROP NOT NULL; END IF; END $$;
CREATE TABLE n4 () INHERITS (n2);
