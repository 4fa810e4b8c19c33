-- What Amazon RDS and Aurora have before anything is deployed
-- (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html).
-- provides: extension aws_*, schema aws_*, extension rds_tools, schema rds_tools, extension apg_plan_mgmt, schema apg_plan_mgmt, event trigger rds*
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rdsadmin', 'rds_superuser', 'rds_replication', 'rds_password',
    'rds_iam', 'rds_ad', 'rdsproxyadmin'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
END $$;
