-- What ALTER COLUMN sets for the columns of materialized views.
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a, 'x'::text AS b;
ALTER MATERIALIZED VIEW mv ALTER COLUMN a SET (n_distinct = 4, n_distinct_inherited = -0.5);
ALTER MATERIALIZED VIEW mv ALTER COLUMN b SET STORAGE EXTERNAL;
