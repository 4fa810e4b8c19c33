-- Changes that the server accepts only before a dependent object exists, or only after it was dropped.
-- setup
CREATE ROLE ballast_pair;
CREATE SCHEMA other;
CREATE DOMAIN small AS int CONSTRAINT small_ck CHECK (VALUE < 100);
CREATE DOMAIN tiny AS small;
CREATE DOMAIN code AS text;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
CREATE TYPE point2 AS (x int, y int);
CREATE TYPE holder AS (s small, label text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE DOMAIN at_least AS point2;
CREATE FUNCTION is_fine(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE free (id int NOT NULL, n int, s text, m mood);
CREATE TABLE boxes (id int PRIMARY KEY, all_s small[], h holder, t tiny);
CREATE TABLE points (id int PRIMARY KEY, p point2, ps point2[], d at_least);
CREATE TABLE spans (id int PRIMARY KEY, s span, ss span[]);
CREATE TABLE typed OF point2;
CREATE TABLE row_source (a int, b text);
CREATE TABLE row_user (id int, r row_source);
CREATE FUNCTION row_fn(row_source) RETURNS int LANGUAGE sql AS 'SELECT $1.a';
CREATE TABLE key_range (id int NOT NULL, v varchar(10) NOT NULL, n int) PARTITION BY RANGE (id);
CREATE TABLE key_range_1 PARTITION OF key_range FOR VALUES FROM (1) TO (100);
CREATE TABLE key_mood (m mood NOT NULL, n int) PARTITION BY LIST (m);
CREATE TABLE key_mood_sad PARTITION OF key_mood FOR VALUES IN ('sad');
CREATE TABLE key_expr (a int, s varchar(20)) PARTITION BY LIST (lower(s));
CREATE TABLE key_expr_x PARTITION OF key_expr FOR VALUES IN ('x');
CREATE TABLE mother (a int, b text, CONSTRAINT mother_ck CHECK (a > 0));
CREATE TABLE daughter (c int) INHERITS (mother);
CREATE TABLE stray (a int, b text, c int);
CREATE TABLE gen (a int, b int, c int GENERATED ALWAYS AS (a + b) STORED);
CREATE INDEX gen_c ON gen (c);
CREATE VIEW gen_v AS SELECT a, c FROM gen;
CREATE TABLE ident (id int GENERATED ALWAYS AS IDENTITY, n int, CONSTRAINT ident_n UNIQUE (n));
CREATE TABLE owner1 (id int PRIMARY KEY, k int NOT NULL, CONSTRAINT owner1_k UNIQUE (k));
CREATE TABLE owned1 (id int PRIMARY KEY, o int CONSTRAINT owned1_o REFERENCES owner1 (id), k int CONSTRAINT owned1_k REFERENCES owner1 (k));
CREATE TABLE ri (a int NOT NULL, b int NOT NULL, c text);
CREATE UNIQUE INDEX ri_a ON ri (a);
CREATE UNIQUE INDEX ri_b ON ri (b);
ALTER TABLE ri REPLICA IDENTITY USING INDEX ri_a;
CREATE PUBLICATION pub FOR TABLE ri, free;
CREATE TABLE ownless (n int, doubled int GENERATED ALWAYS AS (n * 2) STORED);
ALTER TABLE ownless ALTER doubled SET STATISTICS 77; ALTER TABLE ownless OWNER TO ballast_pair;
CREATE TABLE keyed (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
CREATE TABLE keyed_1 PARTITION OF keyed FOR VALUES FROM (1) TO (10);
CREATE INDEX keyed_n ON keyed (n);
-- pairs
ALTER TABLE keyed DETACH PARTITION keyed_1; DROP TABLE keyed
ALTER TABLE keyed DETACH PARTITION keyed_1; DROP TABLE keyed; CREATE TABLE moved (id int PRIMARY KEY, n int) PARTITION BY RANGE (id); ALTER TABLE moved ATTACH PARTITION keyed_1 FOR VALUES FROM (1) TO (10)
ALTER TABLE keyed DETACH PARTITION keyed_1; DROP TABLE keyed; CREATE TABLE moved (id int, n int) PARTITION BY LIST (n); ALTER TABLE moved ATTACH PARTITION keyed_1 DEFAULT
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small DROP CONSTRAINT small_ck; ALTER DOMAIN small ADD CONSTRAINT small_ck CHECK (VALUE < 50)
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small SET NOT NULL <> ALTER TABLE boxes DROP all_s, DROP h
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small SET NOT NULL
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small SET NOT NULL; ALTER TABLE boxes ADD all_s small[], ADD h holder
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small DROP CONSTRAINT small_ck; ALTER DOMAIN small ADD CONSTRAINT small_ck CHECK (VALUE < 50); ALTER TABLE boxes ADD all_s small[], ADD h holder
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small ADD CONSTRAINT even CHECK (VALUE % 2 = 0); ALTER TABLE boxes ADD h holder
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small ADD CONSTRAINT even CHECK (is_fine(VALUE)); ALTER TABLE boxes ADD all_s small[], ADD h holder
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small ADD CONSTRAINT even CHECK (VALUE % 2 = 0) NOT VALID; ALTER TABLE boxes ADD all_s small[] <> ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small ADD CONSTRAINT even CHECK (VALUE % 2 = 0); ALTER TABLE boxes ADD all_s small[]
ALTER DOMAIN small DROP CONSTRAINT small_ck
ALTER DOMAIN small SET DEFAULT 7
ALTER DOMAIN tiny ADD CONSTRAINT tiny_ck CHECK (VALUE < 9)
ALTER DOMAIN tiny SET NOT NULL; CREATE TABLE tinies (a tiny[])
ALTER DOMAIN code ADD CONSTRAINT code_ck CHECK (VALUE != ''); CREATE TABLE codes (a code[], b code)
ALTER DOMAIN code SET NOT NULL; CREATE TYPE coded AS (c code); CREATE TABLE codes (a coded, b coded[])
CREATE TYPE coded AS (c code); CREATE TABLE codes (a coded) <> ALTER DOMAIN code ADD CONSTRAINT code_ck CHECK (VALUE != ''); CREATE TYPE coded AS (c code); CREATE TABLE codes (a coded)
ALTER DOMAIN code ADD CONSTRAINT code_ck CHECK (VALUE != ''); CREATE TABLE codes (a code[]) PARTITION BY LIST (a); CREATE TABLE codes_1 PARTITION OF codes DEFAULT
CREATE FUNCTION known(code) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 != ''x'''; ALTER DOMAIN code ADD CONSTRAINT code_ck CHECK (known(VALUE)); ALTER TABLE free ADD codes code[]
ALTER DOMAIN at_least ADD CONSTRAINT at_ck CHECK ((VALUE).x > 0)
ALTER TYPE point2 ADD ATTRIBUTE z int CASCADE
ALTER TYPE point2 DROP ATTRIBUTE y CASCADE
ALTER TYPE point2 RENAME ATTRIBUTE y TO why CASCADE
DROP TABLE typed; ALTER TABLE points DROP p, DROP ps, DROP d; ALTER TYPE point2 ALTER ATTRIBUTE x TYPE bigint
DROP TABLE typed; ALTER TYPE point2 ADD ATTRIBUTE z int
DROP TABLE typed; DROP TABLE points; DROP DOMAIN at_least; DROP TYPE point2; CREATE TYPE point2 AS (x text, y holder); CREATE TABLE points (id int PRIMARY KEY, p point2)
ALTER TABLE typed NOT OF; ALTER TABLE typed ADD z int
ALTER TABLE spans DROP s, DROP ss; DROP TYPE span; CREATE TYPE span AS RANGE (subtype = int8); ALTER TABLE spans ADD s span, ADD ss span[]
ALTER TABLE spans DROP s, DROP ss; DROP TYPE span
CREATE TYPE smalls AS RANGE (subtype = small); CREATE TABLE ranged (a smalls)
ALTER TABLE boxes DROP all_s, DROP h; ALTER DOMAIN small ADD CONSTRAINT even CHECK (VALUE % 2 = 0); CREATE TYPE smalls AS RANGE (subtype = small); CREATE TABLE ranged (a smalls)
ALTER TABLE row_source ADD c int
ALTER TABLE row_source DROP b
ALTER TABLE row_user DROP r; ALTER TABLE row_source ALTER a TYPE bigint
ALTER TABLE row_user DROP r; ALTER TABLE row_source ALTER a TYPE bigint; ALTER TABLE row_user ADD r row_source
ALTER TABLE row_user DROP r; ALTER TABLE row_source ADD c int DEFAULT 5; ALTER TABLE row_user ADD r row_source
ALTER TABLE row_user DROP r; ALTER TABLE row_source ADD c uuid DEFAULT gen_random_uuid(); ALTER TABLE row_user ADD rs row_source[]
ALTER TABLE row_user DROP r; ALTER TABLE row_source SET UNLOGGED; ALTER TABLE row_user ADD r row_source
ALTER TABLE row_user ADD rs row_source[]; ALTER TABLE row_source ALTER b SET DEFAULT 'x', ALTER b SET NOT NULL
DROP FUNCTION row_fn; DROP TABLE row_user; DROP TABLE row_source; CREATE TABLE row_user (id int, r text)
DROP TABLE key_range; CREATE TABLE key_range (id bigint NOT NULL, v varchar(10) NOT NULL, n int) PARTITION BY RANGE (id); CREATE TABLE key_range_1 PARTITION OF key_range FOR VALUES FROM (1) TO (100)
ALTER TABLE key_range ALTER n TYPE bigint, ALTER v TYPE text
ALTER TABLE key_range ADD CONSTRAINT key_range_pk PRIMARY KEY (id); CREATE TABLE key_ref (id int REFERENCES key_range (id))
ALTER TABLE key_range DETACH PARTITION key_range_1; ALTER TABLE key_range_1 ALTER n TYPE bigint
ALTER TABLE key_range DETACH PARTITION key_range_1; ALTER TABLE key_range_1 ALTER v DROP NOT NULL, ADD x int
ALTER TABLE key_range DETACH PARTITION key_range_1; ALTER TABLE key_range_1 RENAME TO key_range_old; CREATE TABLE key_range_1 PARTITION OF key_range FOR VALUES FROM (1) TO (50); CREATE TABLE key_range_2 PARTITION OF key_range FOR VALUES FROM (50) TO (100)
ALTER TABLE key_range ALTER n SET NOT NULL; ALTER TABLE key_range ADD CONSTRAINT key_range_n CHECK (n > 0); CREATE TABLE key_range_2 PARTITION OF key_range FOR VALUES FROM (100) TO (200)
ALTER TABLE key_range ADD w text GENERATED ALWAYS AS (v || 'x') STORED; CREATE INDEX key_range_w ON key_range (w)
ALTER TABLE key_range DETACH PARTITION key_range_1; ALTER TABLE key_range ADD CONSTRAINT key_range_n CHECK (n > 0); ALTER TABLE key_range_1 ADD CONSTRAINT key_range_n CHECK (n > 0); CREATE INDEX key_range_ix ON key_range (n); CREATE INDEX key_range_1_ix ON key_range_1 (n)
ALTER TYPE mood ADD VALUE 'great'; CREATE TABLE key_mood_glad PARTITION OF key_mood FOR VALUES IN ('glad')
DROP TABLE key_mood; ALTER TABLE free ALTER m TYPE text; DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad', 'fine'); ALTER TABLE free ALTER m TYPE mood USING NULL; CREATE TABLE key_mood (m mood NOT NULL, n int) PARTITION BY LIST (m); CREATE TABLE key_mood_sad PARTITION OF key_mood FOR VALUES IN ('sad')
DROP TABLE key_mood; ALTER TABLE free DROP m; DROP TYPE mood
DROP TABLE key_expr; CREATE TABLE key_expr (a int, s text) PARTITION BY LIST (lower(s)); CREATE TABLE key_expr_x PARTITION OF key_expr FOR VALUES IN ('x')
CREATE FUNCTION bucket(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 4'; CREATE TABLE by_bucket (a int) PARTITION BY LIST (bucket(a)) <> CREATE FUNCTION bucket(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1 % 4)::text'; CREATE TABLE by_bucket (a int) PARTITION BY LIST (bucket(a))
ALTER TABLE mother DROP CONSTRAINT mother_ck; ALTER TABLE stray INHERIT mother <> ALTER TABLE stray ADD CONSTRAINT mother_ck CHECK (a > 0); ALTER TABLE stray INHERIT mother
ALTER TABLE stray ADD CONSTRAINT mother_ck CHECK (a > 0); ALTER TABLE stray INHERIT mother
ALTER TABLE mother ADD d int NOT NULL; ALTER TABLE stray ADD d int NOT NULL; ALTER TABLE stray ADD CONSTRAINT mother_ck CHECK (a > 0); ALTER TABLE stray INHERIT mother
ALTER TABLE daughter NO INHERIT mother; ALTER TABLE mother ALTER a TYPE bigint
ALTER TABLE daughter NO INHERIT mother; ALTER TABLE mother ADD d int; ALTER TABLE mother ADD CONSTRAINT mother_d CHECK (d > 0)
ALTER TABLE daughter NO INHERIT mother; DROP TABLE mother
ALTER TABLE daughter NO INHERIT mother; ALTER TABLE daughter DROP CONSTRAINT mother_ck, DROP b
ALTER TABLE daughter NO INHERIT mother; ALTER TABLE daughter DROP CONSTRAINT mother_ck, ADD CONSTRAINT mother_ck CHECK (a > 5)
ALTER TABLE stray ADD CONSTRAINT mother_ck CHECK (a > 0); ALTER TABLE stray INHERIT mother <> ALTER TABLE stray ADD CONSTRAINT mother_ck CHECK (a > 0)
ALTER TABLE key_range ADD CONSTRAINT key_range_n CHECK (n > 0) <> ALTER TABLE key_range DETACH PARTITION key_range_1
ALTER TABLE key_range ADD CONSTRAINT key_range_n CHECK (n > 0) <> ALTER TABLE key_range ADD CONSTRAINT key_range_n CHECK (n > 0); ALTER TABLE key_range DETACH PARTITION key_range_1
ALTER TABLE mother RENAME CONSTRAINT mother_ck TO mother_check
ALTER TABLE mother DROP CONSTRAINT mother_ck; ALTER TABLE mother ADD CONSTRAINT mother_ck CHECK (a > 0) NO INHERIT
ALTER TABLE daughter ALTER c SET NOT NULL; CREATE TABLE grandchild () INHERITS (daughter); ALTER TABLE mother ADD e int DEFAULT 4
CREATE TABLE grandchild (z int) INHERITS (daughter) <> CREATE TABLE grandchild (z int) INHERITS (mother)
CREATE TABLE grandchild (z int) INHERITS (daughter) <> CREATE TABLE grandchild (z int) INHERITS (daughter, stray)
DROP VIEW gen_v; ALTER TABLE gen DROP c; ALTER TABLE gen ALTER a TYPE bigint; ALTER TABLE gen ADD c bigint GENERATED ALWAYS AS (a * b) STORED; CREATE INDEX gen_c ON gen (c); CREATE VIEW gen_v AS SELECT a, c FROM gen
DROP VIEW gen_v; ALTER TABLE gen DROP c; ALTER TABLE gen DROP a; ALTER TABLE gen ADD c int GENERATED ALWAYS AS (b + 1) STORED
ALTER TABLE gen ALTER c DROP EXPRESSION; ALTER TABLE gen ADD a2 int GENERATED ALWAYS AS (a * 2) STORED
ALTER TABLE gen ADD d boolean GENERATED ALWAYS AS (is_fine(a)) STORED <> DROP FUNCTION is_fine; CREATE FUNCTION is_fine(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; ALTER TABLE gen ADD d int GENERATED ALWAYS AS (is_fine(a)) STORED
ALTER TABLE gen ADD d tiny GENERATED ALWAYS AS (a) STORED <> DROP TABLE boxes; DROP DOMAIN tiny; CREATE DOMAIN tiny AS bigint; ALTER TABLE gen ADD d tiny GENERATED ALWAYS AS (a) STORED
ALTER TABLE ident ALTER id DROP IDENTITY, ALTER id DROP NOT NULL
ALTER TABLE ident ALTER id DROP IDENTITY; ALTER TABLE ident ALTER id SET DEFAULT 3
ALTER TABLE ident ALTER id DROP IDENTITY; ALTER TABLE ident ALTER id DROP NOT NULL, ALTER id TYPE text
ALTER TABLE ident ALTER id TYPE bigint <> ALTER TABLE ident ALTER id TYPE smallint
ALTER TABLE ident ALTER n SET NOT NULL, ALTER n ADD GENERATED ALWAYS AS IDENTITY, ALTER id DROP IDENTITY
ALTER TABLE ident DROP CONSTRAINT ident_n; ALTER TABLE ident ADD CONSTRAINT ident_n PRIMARY KEY (n)
ALTER TABLE ident DROP id; ALTER TABLE ident ADD id int GENERATED ALWAYS AS (1) STORED
ALTER TABLE owned1 SET UNLOGGED <> ALTER TABLE owned1 SET UNLOGGED; ALTER TABLE owner1 SET UNLOGGED
ALTER TABLE owned1 SET UNLOGGED; ALTER TABLE owner1 SET UNLOGGED
ALTER TABLE owned1 DROP CONSTRAINT owned1_o, DROP CONSTRAINT owned1_k; ALTER TABLE owner1 DROP CONSTRAINT owner1_pkey; ALTER TABLE owner1 ALTER id TYPE bigint; ALTER TABLE owner1 ADD CONSTRAINT owner1_pkey PRIMARY KEY (id, k); ALTER TABLE owned1 ADD CONSTRAINT owned1_o FOREIGN KEY (o, k) REFERENCES owner1 (id, k)
ALTER TABLE owned1 DROP CONSTRAINT owned1_k; ALTER TABLE owner1 DROP CONSTRAINT owner1_k; ALTER TABLE owner1 ALTER k DROP NOT NULL; CREATE UNIQUE INDEX owner1_k ON owner1 (k); ALTER TABLE owned1 ADD CONSTRAINT owned1_k FOREIGN KEY (k) REFERENCES owner1 (k)
ALTER TABLE owned1 DROP CONSTRAINT owned1_k, DROP CONSTRAINT owned1_o; DROP TABLE owner1; CREATE TABLE owner1 (id int PRIMARY KEY, k int) PARTITION BY RANGE (id); ALTER TABLE owned1 ADD CONSTRAINT owned1_o FOREIGN KEY (o) REFERENCES owner1 (id)
ALTER TABLE owned1 DROP CONSTRAINT owned1_o; ALTER TABLE owned1 RENAME o TO owner; ALTER TABLE owned1 ADD CONSTRAINT owned1_o FOREIGN KEY (owner) REFERENCES owner1 (id)
ALTER TABLE ri REPLICA IDENTITY DEFAULT; ALTER TABLE ri ALTER a DROP NOT NULL
ALTER TABLE ri REPLICA IDENTITY USING INDEX ri_b; ALTER TABLE ri ALTER a DROP NOT NULL; ALTER TABLE ri ALTER b TYPE bigint
ALTER TABLE ri REPLICA IDENTITY USING INDEX ri_b; DROP INDEX ri_a
ALTER TABLE ri CLUSTER ON ri_b; DROP INDEX ri_a; CREATE UNIQUE INDEX ri_a ON ri (a, b); ALTER TABLE ri REPLICA IDENTITY USING INDEX ri_a
ALTER PUBLICATION pub DROP TABLE free; ALTER TABLE free SET UNLOGGED
[15] ALTER PUBLICATION pub SET TABLE ri (a, b) WHERE (a > 0), free; ALTER TABLE ri ALTER c TYPE varchar(5)
[15] ALTER PUBLICATION pub SET TABLE ri WHERE (a > 0) <> ALTER TABLE ri ALTER a TYPE bigint; ALTER PUBLICATION pub SET TABLE ri WHERE (a > 0)
[15] ALTER PUBLICATION pub SET TABLE ri (a, b) <> ALTER TABLE ri DROP b; ALTER PUBLICATION pub SET TABLE ri (a)
[14] CREATE FUNCTION body() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT n FROM free; END <> ALTER TABLE free ALTER n TYPE bigint; CREATE FUNCTION body() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT n FROM free; END
[14] CREATE FUNCTION body() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT s FROM free; END <> ALTER TABLE free DROP s; CREATE FUNCTION body() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT c FROM ri; END
CREATE TRIGGER free_t BEFORE UPDATE OF n ON free FOR EACH ROW EXECUTE FUNCTION fire() <> ALTER TABLE free ALTER n TYPE text; CREATE TRIGGER free_t BEFORE UPDATE OF n ON free FOR EACH ROW EXECUTE FUNCTION fire()
CREATE TRIGGER free_t BEFORE UPDATE ON free FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION fire() <> ALTER TABLE free ALTER n TYPE bigint; CREATE TRIGGER free_t BEFORE UPDATE ON free FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION fire()
CREATE POLICY free_p ON free USING (n > 1) <> ALTER TABLE free ALTER n TYPE bigint; CREATE POLICY free_p ON free USING (n > 1)
CREATE POLICY free_p ON free USING (EXISTS (SELECT FROM ri WHERE ri.a = n)) <> ALTER TABLE ri ALTER a TYPE bigint; CREATE POLICY free_p ON free USING (EXISTS (SELECT FROM ri WHERE ri.a = n))
CREATE RULE free_r AS ON DELETE TO free DO ALSO UPDATE gen SET a = OLD.n <> ALTER TABLE free ALTER n TYPE bigint; CREATE RULE free_r AS ON DELETE TO free DO ALSO UPDATE gen SET a = OLD.n
CREATE STATISTICS free_st ON n, s FROM free <> ALTER TABLE free ALTER n TYPE bigint; CREATE STATISTICS free_st ON n, s FROM free
CREATE STATISTICS free_st ON n, s FROM free <> ALTER TABLE free DROP s
[14] CREATE STATISTICS free_st ON (n + 1), s FROM free <> ALTER TABLE free ALTER n TYPE bigint; CREATE STATISTICS free_st ON (n + 1), s FROM free
CREATE VIEW whole AS SELECT f FROM free f <> ALTER TABLE free ADD extra int; CREATE VIEW whole AS SELECT f FROM free f
CREATE VIEW whole AS SELECT f FROM free f <> ALTER TABLE free ALTER n TYPE bigint; CREATE VIEW whole AS SELECT f FROM free f
CREATE VIEW whole AS SELECT * FROM free <> ALTER TABLE free RENAME n TO m2; CREATE VIEW whole AS SELECT * FROM free
CREATE VIEW narrow WITH (check_option = local) AS SELECT id FROM free WHERE id > 0 <> CREATE VIEW narrow AS SELECT max(id) AS id FROM free
CREATE SEQUENCE sq AS int; ALTER TABLE free ALTER n SET DEFAULT nextval('sq') <> CREATE SEQUENCE sq AS bigint OWNED BY free.n; ALTER TABLE free ALTER n SET DEFAULT nextval('sq')
CREATE SEQUENCE sq OWNED BY free.n <> ALTER TABLE free DROP n; CREATE SEQUENCE sq
CREATE FUNCTION defaulted() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER TABLE free ALTER n SET DEFAULT defaulted() <> CREATE FUNCTION defaulted() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; ALTER TABLE free ALTER n TYPE bigint, ALTER n SET DEFAULT defaulted()
ALTER TABLE free ALTER m SET DEFAULT 'ok' <> ALTER TABLE free ALTER m TYPE text, ALTER m SET DEFAULT 'ok'
ALTER TABLE free ADD CONSTRAINT free_ck CHECK (m != 'sad') <> ALTER TABLE free ALTER m TYPE text; ALTER TABLE free ADD CONSTRAINT free_ck CHECK (m != 'sad')
CREATE INDEX free_ix ON free ((s || 'x')) WHERE n > 1 <> ALTER TABLE free ALTER n TYPE bigint, ALTER s TYPE varchar(9); CREATE INDEX free_ix ON free ((s || 'x')) WHERE n > 1
CREATE COLLATION here FROM "C"; ALTER TABLE free ALTER s TYPE text COLLATE here; CREATE INDEX free_s ON free (s)
CREATE OPERATOR CLASS reverse_ops FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int, int); CREATE INDEX free_n ON free (n reverse_ops)
CREATE TYPE inner_t AS (a int); CREATE TYPE outer_t AS (i inner_t); ALTER TABLE free ADD o outer_t <> CREATE TYPE inner_t AS (a bigint); CREATE TYPE outer_t AS (i inner_t, j int); ALTER TABLE free ADD o outer_t
CREATE TYPE with_mood AS (m mood); ALTER TABLE free ADD o with_mood[] <> ALTER TABLE free ALTER m TYPE text; DROP TABLE key_mood; DROP TYPE mood; CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TYPE with_mood AS (m mood); ALTER TABLE free ADD o with_mood[]
CREATE DOMAIN good AS mood CHECK (VALUE != 'sad'); ALTER TABLE free ALTER m TYPE good <> ALTER TABLE free ALTER m TYPE text; DROP TABLE key_mood; DROP TYPE mood; CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN good AS mood CHECK (VALUE != 'sad'); ALTER TABLE free ALTER m TYPE good USING m::mood
CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree (id)) <> CREATE TABLE tree (id bigint PRIMARY KEY, up bigint REFERENCES tree (id))
CREATE TABLE ring_a (id int PRIMARY KEY, b int); CREATE TABLE ring_b (id int PRIMARY KEY, a int REFERENCES ring_a); ALTER TABLE ring_a ADD CONSTRAINT ring FOREIGN KEY (b) REFERENCES ring_b <> CREATE UNLOGGED TABLE ring_a (id int PRIMARY KEY, b int); CREATE UNLOGGED TABLE ring_b (id int PRIMARY KEY, a int REFERENCES ring_a); ALTER TABLE ring_a ADD CONSTRAINT ring FOREIGN KEY (b) REFERENCES ring_b
CREATE TABLE swap (a int, b text) <> CREATE VIEW swap AS SELECT 1 AS a, 'x'::text AS b
CREATE VIEW swap AS SELECT 1 AS a; CREATE VIEW on_swap AS SELECT a FROM swap <> CREATE MATERIALIZED VIEW swap AS SELECT 1 AS a; CREATE VIEW on_swap AS SELECT a FROM swap
CREATE TYPE swap AS (a int); ALTER TABLE free ADD w swap <> CREATE TABLE swap (a int); ALTER TABLE free ADD w swap
CREATE TYPE swap AS ENUM ('a'); ALTER TABLE free ADD w swap <> CREATE DOMAIN swap AS text; ALTER TABLE free ADD w swap
CREATE SEQUENCE swap <> CREATE TABLE swap (a int)
ALTER TABLE ownless ADD s SERIAL
ALTER TABLE ownless DROP doubled, ADD doubled int GENERATED ALWAYS AS (n * 3) STORED; ALTER TABLE ownless ALTER doubled SET STATISTICS 77
ALTER TABLE mother ALTER b SET DEFAULT 'x' <> ALTER TABLE mother ALTER b SET DEFAULT 'x'; CREATE TABLE grandchild (z int) INHERITS (mother); ALTER TABLE grandchild ALTER b DROP DEFAULT
CREATE TABLE grandchild (z int) INHERITS (mother); ALTER TABLE grandchild ALTER b SET DEFAULT 'y' <> ALTER TABLE mother ALTER b SET DEFAULT 'x'; CREATE TABLE grandchild (z int) INHERITS (mother)
CREATE TABLE grandchild (z int) INHERITS (mother); ALTER TABLE grandchild ALTER a SET NOT NULL, ALTER a ADD GENERATED ALWAYS AS IDENTITY
ALTER TABLE mother ADD e int DEFAULT 4; ALTER TABLE daughter ALTER e DROP DEFAULT
ALTER TABLE mother ADD e int; ALTER TABLE daughter ALTER e SET DEFAULT 4
ALTER TABLE mother ADD e int; ALTER TABLE daughter ALTER e SET NOT NULL, ALTER e ADD GENERATED ALWAYS AS IDENTITY
ALTER SEQUENCE ident_id_seq AS bigint <> ALTER SEQUENCE ident_id_seq AS bigint; ALTER TABLE ident RENAME id TO id2
ALTER TYPE span RENAME TO span2
ALTER TYPE span RENAME TO span2 <> ALTER TYPE span RENAME TO span3; CREATE TABLE spans3 (s span3)
ALTER TABLE mother ADD e boolean DEFAULT is_fine(3) <> ALTER FUNCTION is_fine(int) RENAME TO is_good; ALTER TABLE mother ADD e boolean DEFAULT is_good(3); CREATE TABLE grandchild (z int) INHERITS (mother)
