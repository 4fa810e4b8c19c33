# SPDX-License-Identifier: Apache-2.0
"""Every report of --output json has the form that docs/schemas/ states: of success, refusal and error.

Runs itself below `ballast scratch`, which gives it a server.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import http.server
import threading

import jsonschema

from small_project import LOCK, MIGRATION, SCHEMA

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in (ROOT / "docs/schemas").glob("*.json")
           if path.name != "ballast.toml.json"}

RESOLVER = jsonschema.RefResolver("", {}, store={name + ".json": schema for name, schema in SCHEMAS.items()})


def validate(value, name):
    jsonschema.Draft202012Validator(SCHEMAS[name], resolver=RESOLVER).validate(value)


def undocumented(value, schema, path=""):
    """The keys that the schema does not name; an object without `properties` may have any."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].removesuffix(".json")]
    if isinstance(value, list):
        for item in value:
            yield from undocumented(item, schema.get("items", {}), path + "[]")
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null":
            schema = choice
    if isinstance(value, dict) and "properties" in schema:
        for key, item in value.items():
            if key not in schema["properties"]:
                yield f"{path}.{key}"
            yield from undocumented(item, schema["properties"].get(key, {}), f"{path}.{key}")


class Reports(unittest.TestCase):
    seen = set()

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.project = pathlib.Path(place.name)
        self.environment = {**{k: v for k, v in os.environ.items() if not k.startswith(("BALLAST_", "PG", "DIRECT_"))},
                            "HOME": place.name, "DATABASE_URL": self.url("reports_" + self._testMethodName)}
        self.write("prisma/schema.prisma", SCHEMA)
        self.write("prisma/migrations/migration_lock.toml", LOCK)
        self.migration("20240101000000_init", MIGRATION)

    @staticmethod
    def url(database):
        before, _, after = os.environ["DATABASE_URL"].partition("?")
        return before[:before.rindex("/") + 1] + database + "?" + after

    def write(self, path, text):
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def migration(self, name, text):
        self.write(f"prisma/migrations/{name}/migration.sql", text)

    def psql(self, sql):
        subprocess.run(["psql", "-qXd", self.environment["DATABASE_URL"], "-c", sql], check=True, capture_output=True)

    def report(self, schema, *arguments, status=0, code=None, **variables):
        run = subprocess.run([PROGRAM, "--output", "json", *arguments], cwd=self.project, capture_output=True, text=True,
                             env={**self.environment, **variables}, check=False)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        report = json.loads(run.stdout)
        validate(report, schema)
        self.assertEqual(list(undocumented(report, SCHEMAS[schema])), [], f"docs/schemas/{schema}.json does not name these keys")
        error = report.get("error")
        self.assertEqual(error and error["code"], code, run.stdout)
        Reports.seen.add(schema)
        return report

    def test_help_and_version(self):
        self.assertIn("Usage: ballast", self.report("help")["help"])
        self.assertIn("Usage: ballast", self.report("help", "help")["help"])
        self.assertIn("ballast deploy [OPTIONS]", self.report("help", "deploy", "--help")["help"])
        self.assertRegex(self.report("version", "--version")["version"], r"^[0-9.]+$")

    def test_deploy_status_doctor(self):
        self.report("deploy", "deploy", "--dry-run")
        self.report("status", "status", status=1)
        self.report("deploy", "deploy")
        self.report("deploy", "deploy")
        self.report("status", "status")
        self.report("doctor", "doctor")
        self.migration("20240102000000_wrong", 'ALTER TABLE "User" ADD "x" int;\nSELECT nothing;\n')
        self.report("deploy", "deploy", "--dry-run", "--sql")
        self.report("status", "status", status=1)
        self.report("deploy", "deploy", status=1, code="P3018")
        self.psql("INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, logs) "
                  "VALUES ('1', 'x', '20240102000000_wrong', now(), 'ERROR: no')")
        self.report("deploy", "deploy", status=1, code="P3009")
        self.report("status", "status", status=1)
        self.report("doctor", "doctor", status=1)
        self.report("resolve", "resolve", "--rolled-back", "20240102000000_wrong")
        self.report("resolve", "resolve", "--applied", "20240101000000_init", status=1, code="P3008")
        self.report("resolve", "resolve", "--rolled-back", "nothing", status=1, code="P3011")
        nowhere = "postgresql://postgres@127.0.0.1:1/x"
        for name in ("deploy", "status"):
            self.report(name, name, "--database-url", nowhere, status=3, code="P1001")
        self.report("doctor", "doctor", "--database-url", nowhere, status=1)

    def test_adopt_and_convert(self):
        self.report("deploy", "deploy")
        self.psql("DROP TABLE _prisma_migrations")
        self.report("deploy", "deploy", status=1, code="P3005")
        self.report("status", "status", status=1)
        self.psql('ALTER TABLE "User" ALTER "name" DROP NOT NULL')
        self.report("deploy", "deploy", "--adopt", status=1, code="B506")
        self.psql('ALTER TABLE "User" ALTER "name" SET NOT NULL')
        self.report("release-create", "baseline", "create")
        self.report("deploy", "deploy", "--adopt")
        self.report("release-create", "release", "create", "v1")
        self.report("resolve", "resolve", "--all-covered", "--strategy", "release")
        self.report("deploy", "deploy", "--strategy", "release")
        self.psql('ALTER TABLE "User" DROP COLUMN "name"')
        self.report("status", "status", "--strategy", "release", status=1)

    def test_template(self):
        self.report("release-create", "baseline", "create")
        self.report("release-create", "baseline", "create", "--check")
        self.report("deploy", "deploy", "--strategy", "development", "--template")
        self.migration("20240102000000_more", 'ALTER TABLE "User" ADD "more" int;\n')
        self.report("release-create", "baseline", "create", "--check", status=1, code="B407")

    def test_releases(self):
        self.report("release-show", "release", "show", status=1, code="B400")
        self.report("release-verify", "release", "verify", status=1, code="B400")
        self.report("release-list", "release", "list")
        self.report("release-create", "release", "create", "v1")
        self.report("release-create", "release", "create", "v1")
        self.report("release-create", "release", "create", "v1", "--check")
        self.report("release-verify", "release", "verify")
        self.report("release-verify", "release", "verify", "--deep")
        self.report("release-show", "release", "show")
        self.report("release-pack", "release", "pack", "--out", "v1.tar.zst")
        self.report("release-pack", "release", "pack", "--out", "/dev/null/v1.tar.zst", status=3, code="B105")
        (self.project / ".ballast").rename(self.project / "v1")
        self.migration("20240102000000_more", 'ALTER TABLE "User" ADD "more" int;\nINSERT INTO "User" VALUES (1, \'a\', 1);\n')
        self.report("release-create", "release", "create", "v2", "--from-release", "v1")
        self.report("release-list", "release", "list")
        self.report("release-diff", "release", "diff", "v1", ".ballast")
        self.report("release-diff", "release", "diff", "v1", "nowhere", status=1, code="B400")
        self.report("hotfix", "hotfix", "new", "empty")
        self.report("hotfix", "hotfix", "seal", status=1, code="P3015")
        empty = next(self.project.glob(".ballast/release-migrations/*_empty/migration.sql"))
        empty.write_text('CREATE INDEX "User_id_idx" ON "User"("id");\n')
        self.report("hotfix", "hotfix", "seal")
        self.write("fix.sql", 'CREATE INDEX "User_name_idx" ON "User"("name");\n')
        self.report("hotfix", "hotfix", "new", "fix", "--sql", "fix.sql")
        self.report("hotfix-merge", "hotfix", "merge", "nothing", status=1, code="P3017")
        self.report("hotfix-merge", "hotfix", "merge", "fix")
        self.write("wrong.sql", "SELECT nothing;\n")
        self.report("hotfix", "hotfix", "new", "wrong", "--sql", "wrong.sql", status=1, code="P3018")
        self.report("key-new", "key", "new", BALLAST_KEY_PASSWORD="secret")
        self.report("key-new", "key", "new", status=3, code="B105", BALLAST_KEY_PASSWORD="secret")
        self.migration("20240103000000_wrong", "SELECT nothing;\n")
        self.report("release-create", "release", "create", "v3", status=1, code="B300")

    def test_schema_and_catalog(self):
        self.report("schema-sql", "schema", "sql")
        self.report("schema-check", "schema", "check")
        self.report("deploy", "deploy")
        self.psql("CREATE TABLE other (t text)")
        self.report("schema-check", "schema", "check", "--live", status=1)
        self.report("catalog-fingerprint", "catalog", "fingerprint")
        self.report("catalog-diff", "catalog", "diff", os.environ["DATABASE_URL"], self.environment["DATABASE_URL"], status=1)
        self.report("catalog-diff", "catalog", "diff", self.url("nowhere"), self.environment["DATABASE_URL"], status=3, code="P1003")
        self.report("catalog-fingerprint", "catalog", "fingerprint", "--database-url", self.url("nowhere"), status=3, code="P1003")
        self.write("prisma/schema.prisma", SCHEMA.replace("name String", "name String\n  city Nope"))
        self.report("schema-sql", "schema", "sql", status=1, code="P1012")
        self.report("schema-check", "schema", "check", status=1, code="P1012")

    def test_runs(self):
        """The journal, and what ballast sends to a webhook and to a collector of run reports."""
        bodies = {}

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                bodies.setdefault(self.path, []).append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}"
        self.report("deploy", "deploy", "--notify", url + "/notify", BALLAST_REPORT_URL=url + "/report")
        for schema, path in (("notification", "/notify"), ("run-report", "/report")):
            self.assertEqual(len(bodies[path]), 1)
            validate(bodies[path][0], schema)
            self.assertEqual(list(undocumented(bodies[path][0], SCHEMAS[schema])), [])
            Reports.seen.add(schema)
        self.report("log", "log")
        self.report("log", "log", "--summary")
        self.report("log", "log", "--database-url", self.url("nowhere"), status=3, code="P1003")

    def test_fleets(self):
        one, two = self.url("reports_fleet_one"), self.url("reports_fleet_two")
        where = ("--targets-env", "TENANT_", "--strategy", "history")
        tenants = {"TENANT_ONE": one, "TENANT_TWO": two}
        self.report("fleet-status", "fleet", "status", *where, status=1, **tenants)
        self.report("fleet-deploy", "fleet", "deploy", *where, "--no-create-databases", status=3, code="P1003", **tenants)
        self.report("fleet-deploy", "fleet", "deploy", *where, "--dry-run", **tenants)
        self.report("fleet-deploy", "fleet", "deploy", *where, "--canary", "1", "--shard", "1/1", **tenants)
        self.report("fleet-status", "fleet", "status", *where, **tenants)
        self.migration("20240102000000_wrong", 'ALTER TABLE "User" ADD "x" int;\nSELECT nothing;\n')
        report = self.report("fleet-deploy", "fleet", "deploy", *where, status=1, code="P3018", **tenants)
        failed = next(target for target in report["targets"] if target["outcome"] == "failed")
        self.assertEqual((failed["error"]["file"], failed["error"]["line"]), ("20240102000000_wrong", 2))
        self.assertIn("details", failed["error"])
        self.report("fleet-status", "fleet", "status", *where, status=3, code="P1001", TENANT_NOWHERE="postgresql://postgres@127.0.0.1:1/x", **tenants)
        self.report("fleet-deploy", "fleet", "deploy", "--strategy", "history", status=2, code="B100")

    def test_repair_and_rollback(self):
        self.report("release-create", "release", "create", "v1")
        self.report("repair", "repair", "--strategy", "release", status=3, code="P1003")
        self.report("deploy", "deploy", "--strategy", "release")
        shutil.copytree(self.project / ".ballast", self.project / "v1")
        self.migration("20240102000000_more", 'ALTER TABLE "User" ADD "x" int;\nCREATE TABLE "More" ("id" int PRIMARY KEY);\n')
        created = self.report("release-create", "release", "create", "v2", "--from-release", "v1")
        self.assertEqual(created["rollbacks"][0]["path"], "rollback/v1.sql")
        self.report("deploy", "deploy", "--strategy", "release")
        self.psql('INSERT INTO "User" VALUES (1, \'a\', 2); INSERT INTO "More" VALUES (1)')
        self.report("rollback", "rollback", "--strategy", "release", "--to", "v0", status=1, code="B512")
        self.report("rollback", "rollback", "--strategy", "release", "--to", "v1", status=1, code="B509")
        self.report("rollback", "rollback", "--strategy", "release", "--to", "v1", "--keep-data", "--sql")
        self.report("rollback", "rollback", "--strategy", "release", "--to", "v1", "--keep-data")
        self.report("deploy", "deploy", "--strategy", "release")
        self.psql('ALTER TABLE "More" DROP CONSTRAINT "More_pkey"; INSERT INTO "More" VALUES (1)')
        self.report("repair", "repair", "--strategy", "release", status=1, code="B508")
        self.psql('DELETE FROM "More"; CREATE INDEX others ON "User" ("name")')
        self.report("repair", "repair", "--strategy", "release", "--sql")
        self.report("repair", "repair", "--strategy", "release")
        self.report("repair", "repair", "--strategy", "release", "--database-url", self.url("nowhere"), status=3, code="P1003")

    def test_squash_and_lint(self):
        self.report("deploy", "deploy", "--strategy", "history")
        self.migration("20240102000000_more", 'CREATE INDEX "User_name_idx" ON "User" ("name");\nALTER TABLE "User" DROP COLUMN "name";\n')
        self.report("lint", "lint", "--since", "nothing", status=2, code="B100")
        self.assertEqual([check["verdict"] for check in self.report("check", "check", status=1)["checks"]], ["failed", "passed"])
        found = self.report("lint", "lint", "--database-url", self.environment["DATABASE_URL"], status=1, code="B514")
        self.assertTrue(found["findings"])
        self.report("squash", "squash", "--dry-run")
        self.report("squash", "squash")
        self.report("squash", "squash", "--check")

    def test_others(self):
        self.report("init", "init", "docker")
        self.report("init", "init", "docker")
        self.report("init", "init", "nope", status=2, code="B100")
        self.write("Dockerfile.ballast", "FROM scratch\n")
        self.report("serve", "serve", "--listen", "127.0.0.1:x", status=2, code="B100")
        self.report("error", "deploy", "--stricd", status=2, code="B100")
        self.report("error", "scratch", "--major", "9", "--", "true", status=3, code="B600")


if __name__ == "__main__":
    if "BALLAST_REPORTS" not in os.environ:
        if not PROGRAM.exists():
            sys.exit(f"NO PROGRAM: {PROGRAM} is not built")
        os.environ["BALLAST_REPORTS"] = "below"
        os.execv(PROGRAM, [str(PROGRAM), "scratch", "--", sys.executable, *sys.argv])
    program = unittest.main(exit=False)
    missing = set(SCHEMAS) - Reports.seen
    if missing and len(sys.argv) == 1:
        sys.exit(f"no report was compared with docs/schemas/: {', '.join(sorted(missing))}")
    sys.exit(not program.result.wasSuccessful())
