-- from 15: NULLS NOT DISTINCT, and foreign keys that set only some columns to null.
CREATE TABLE parent (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE child (
    a integer, b integer, c text, UNIQUE NULLS NOT DISTINCT (c),
    FOREIGN KEY (a, b) REFERENCES parent ON DELETE SET NULL (b)
);
CREATE UNIQUE INDEX nnd ON child (b) NULLS NOT DISTINCT WHERE a > 1;
CREATE VIEW invoker WITH (security_invoker = true) AS SELECT a FROM child;
CREATE UNLOGGED SEQUENCE fast;
