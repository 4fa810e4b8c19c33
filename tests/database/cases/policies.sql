-- roles: ballast_case_reader, ballast_case_writer
-- Row level security and policies.
DO $$ BEGIN CREATE ROLE ballast_case_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE ballast_case_writer; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE t (a integer, owner text);
INSERT INTO t VALUES (1, 'x');
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY all_of_it ON t USING (owner = current_user) WITH CHECK (a > 0);
CREATE POLICY "read only" ON t AS RESTRICTIVE FOR SELECT TO ballast_case_reader, ballast_case_writer USING (a < 100);
CREATE TABLE allowed (a integer);
CREATE POLICY looks ON t FOR DELETE TO ballast_case_writer USING (EXISTS (SELECT 1 FROM allowed WHERE allowed.a = t.a));
CREATE POLICY writes ON t FOR INSERT WITH CHECK (true);
CREATE POLICY dormant ON allowed FOR UPDATE USING (false) WITH CHECK (true);
COMMENT ON POLICY writes ON t IS 'writes';
