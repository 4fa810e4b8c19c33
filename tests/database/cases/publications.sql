-- Publications.
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION "some" FOR TABLE a, b WITH (publish = 'insert, delete', publish_via_partition_root = true);
CREATE PUBLICATION "none" WITH (publish = '');
COMMENT ON PUBLICATION "some" IS 'some';
