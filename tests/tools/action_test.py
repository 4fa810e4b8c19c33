# SPDX-License-Identifier: Apache-2.0
"""The scripts of action.yml, run as a workflow runs them, against a bare repository on this machine."""
import base64
import hashlib
import http.server
import json
import platform
import shutil
import subprocess
import tarfile
import unittest

from action_case import PROGRAM, ActionCase
from small_project import SCHEMA

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine())


class Workflow(ActionCase):
    def test_a_tag_becomes_a_release_branch_that_deploys(self):
        self.tag("v1.0.0")
        self.assertIn("branch=railway-template-v1.0.0", self.written("GITHUB_OUTPUT"))
        self.assertIn("Release v1.0.0", self.written("GITHUB_STEP_SUMMARY"))
        copy = self.place / "copy"
        self.run_in(self.place, "git", "clone", "--quiet", "--branch", "railway-template-v1.0.0", str(self.origin), str(copy))
        self.run_in(copy, "ballast", "release", "verify")
        deployed = self.run_in(copy, "ballast", "scratch", "--", "sh", "-c", "ballast deploy && ballast status")
        self.assertIn("Release Version: v1.0.0", deployed)
        changed = self.run_in(copy, "git", "diff", "--name-only", "origin/main", "HEAD").split()
        self.assertTrue(all(name.startswith(".ballast/") for name in changed), changed)

    def test_a_tag_that_is_run_again_changes_nothing_and_another_package_is_refused(self):
        self.tag("v1.0.0")
        first = self.run_in(self.origin, "git", "rev-parse", "railway-template-v1.0.0")
        self.reset()
        self.assertIn("already", self.tag("v1.0.0"))
        self.reset()
        self.migrate("20240201000000_more", "more")
        output = self.tag("v1.0.0", status=1)
        self.assertIn("::error title=ballast::railway-template-v1.0.0 exists with another package, and a release never changes", output)
        self.assertIn("1 migration is not covered (20240201000000_more)", output)
        self.assertEqual(self.run_in(self.origin, "git", "rev-parse", "railway-template-v1.0.0"), first)

    def test_two_projects_of_one_repository_are_released_on_one_branch(self):
        for name in ("main", "runs"):
            shutil.copytree(self.clone / "prisma", self.clone / name / "prisma")
        shutil.rmtree(self.clone / "prisma")
        self.write("runs/prisma/migrations/20240201000000_more/migration.sql", 'ALTER TABLE "User" ADD COLUMN "more" TEXT;\n')
        self.write("ballast.toml", "".join(f'[project.{name}]\nschema = "{name}/prisma/schema.prisma"\n' for name in ("main", "runs")))
        self.commit("two projects")
        for name in ("main", "runs", "main", "runs"):
            self.reset()
            self.tag("v1.0.0", BALLAST_ACTION_PROJECT=name)
        copy = self.place / "copy"
        self.run_in(self.place, "git", "clone", "--quiet", "--branch", "railway-template-v1.0.0", str(self.origin), str(copy))
        commits = self.run_in(copy, "git", "log", "--format=%s", "origin/main..HEAD").splitlines()
        self.assertEqual(len(commits), 2, commits)
        for name, migrations in (("main", "1"), ("runs", "2")):
            shown = json.loads(self.run_in(copy, "ballast", "--project", name, "release", "show", "--output", "json"))
            self.assertIn(f'"migration_count": {migrations}', json.dumps(shown))
        self.run_in(self.clone, "git", "checkout", "--quiet", "--force", "railway-template-v1.0.0")
        self.assertIn("release package", self.action("check", status=1, BALLAST_ACTION_PROJECT="runs"))  # the schema lacks "more"
        self.action("check", BALLAST_ACTION_PROJECT="main")

    def test_upgrade_paths_are_proven_where_only_the_tag_was_checked_out(self):
        """As actions/checkout does: one commit, and no other branch."""
        self.push_tag("v1.0.0")
        self.assertIn("pushed railway-template-v1.0.0", self.release("v1.0.0"))
        self.migrate("20240201000000_more", "more")
        self.push_tag("v1.1.0")
        self.assertIn("Upgrade path from v1.0.0: 1 migration, proven", self.release("v1.1.0"))
        # Both again: a later release is no input of an earlier one.
        for tag in ("v1.0.0", "v1.1.0"):
            self.assertIn(f"railway-template-{tag} has this package already", self.release(tag))

    def test_a_branch_is_no_tag(self):
        output = self.action("release", GITHUB_REF_TYPE="branch", GITHUB_REF_NAME="main", status=2)
        self.assertIn("::error", output)

    def test_a_project_below_the_top_of_the_repository(self):
        (self.clone / "app").mkdir()
        self.run_in(self.clone, "git", "mv", "prisma", "app/prisma")
        self.commit("a folder")
        self.clone = self.clone / "app"
        self.assertIn("pushed railway-template-v1.0.0", self.tag("v1.0.0"))
        top = self.clone.parent
        changed = self.run_in(top, "git", "diff", "--name-only", "origin/main", "origin/railway-template-v1.0.0").split()
        self.assertTrue(changed and all(name.startswith(".ballast/") for name in changed), changed)
        self.reset()
        output = self.action("baseline", status=3, GITHUB_REF_NAME="main", GITHUB_API_URL="http://127.0.0.1:1")
        self.assertIn("ballast/development-baseline was pushed", output)
        self.reset()
        self.write("prisma/migrations/20240201000000_more/migration.sql", "CREATE TABLE;\n")
        output = self.action("check", status=1)
        self.assertIn("::error file=app/prisma/migrations/20240201000000_more/migration.sql,line=1,"
                      "title=schema and migrations agree::Error P3018", output)

    def test_a_package_folder_that_ballast_toml_names(self):
        self.write("ballast.toml", 'package = "deploy/pkg"\n')
        self.commit("another folder")
        self.tag("v1.0.0")
        changed = self.run_in(self.clone, "git", "diff", "--name-only", "origin/main", "origin/railway-template-v1.0.0").split()
        self.assertTrue(changed and all(name.startswith("deploy/pkg/") for name in changed), changed)

    def test_a_package_that_git_ignores_is_refused_with_the_rule(self):
        self.write(".gitignore", "# made\n.ballast/\n")
        self.commit("ignored")
        self.assertIn("::error title=ballast::git ignores .ballast (.gitignore:2:.ballast/)", self.tag("v1.0.0", status=2))

    def test_rules_of_gitignore_that_matter(self):
        self.write(".gitignore", ".*\n!.gitignore\n!.ballast/\n!.gitattributes\n*.zst\n!*.zst\n")
        self.commit("an exception")
        self.assertIn("pushed railway-template-v1.0.0", self.tag("v1.0.0"))
        self.reset()
        self.write(".gitignore", "*.zst\n")
        self.commit("a part")
        self.assertIn("history.tar.zst (.gitignore:1:*.zst), a part of the package", self.tag("v1.1.0", status=2))

    def test_a_second_project_whose_earlier_package_is_on_main(self):
        for name in ("main", "runs"):
            shutil.copytree(self.clone / "prisma", self.clone / name / "prisma")
        shutil.rmtree(self.clone / "prisma")
        self.write("ballast.toml", "".join(f'[project.{name}]\nschema = "{name}/prisma/schema.prisma"\n' for name in ("main", "runs")))
        for name in ("main", "runs"):
            self.run_in(self.clone, "ballast", "--project", name, "release", "create", "v0.9.0")
        self.commit("packages on main")
        for name in ("main", "runs"):
            self.write(f"{name}/prisma/migrations/20240201000000_more/migration.sql", 'ALTER TABLE "User" ADD COLUMN "more" TEXT;\n')
        self.commit("more")
        for name in ("main", "runs", "runs"):
            self.reset()
            self.tag("v1.0.0", BALLAST_ACTION_PROJECT=name)
        commits = self.run_in(self.clone, "git", "log", "--format=%s", "main..origin/railway-template-v1.0.0").splitlines()
        self.assertEqual(len(commits), 2, commits)

    def test_the_branch_follows_release_branches(self):
        self.write("ballast.toml", 'release_branches = ["release/*"]\n')
        self.commit("other branches")
        self.assertIn("pushed release/v1.0.0", self.tag("v1.0.0"))
        self.reset()
        output = self.tag("v1.1.0", status=2, BALLAST_BRANCH_PREFIX="rel-")
        self.assertIn('rel-v1.1.0 would not deploy its package', output)
        self.assertIn('release_branches = ["rel-*"]', output)
        self.reset()
        self.migrate("20240201000000_more", "more")
        self.assertIn("Upgrade path from v1.0.0: 1 migration, proven", self.tag("v1.1.0", BALLAST_BRANCH_PREFIX="release/"))

    def test_the_token_pushes_in_place_of_the_credentials_of_the_checkout(self):
        seen = []

        class Git(http.server.BaseHTTPRequestHandler):
            def serve(handler):
                seen.append(handler.headers.get_all("Authorization") or [])
                path, _, query = handler.path.partition("?")
                body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
                environment = {**self.environment, "GIT_PROJECT_ROOT": str(self.place), "GIT_HTTP_EXPORT_ALL": "1",
                               "REMOTE_USER": "somebody", "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": handler.command,
                               "CONTENT_TYPE": handler.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body))}
                encoding = handler.headers.get("Content-Encoding")
                if encoding:
                    environment["HTTP_CONTENT_ENCODING"] = encoding
                answer = subprocess.run(["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE, check=True).stdout
                head, _, content = answer.partition(b"\r\n\r\n")
                fields = [line.split(": ", 1) for line in head.decode().split("\r\n")]
                handler.send_response(int(dict(fields).get("Status", "200").split()[0]))
                for name, value in fields:
                    if name != "Status":
                        handler.send_header(name, value)
                handler.end_headers()
                handler.wfile.write(content)

            do_GET = do_POST = serve

            def log_message(self, *arguments):
                pass

        host = self.serve(Git)
        self.run_in(self.clone, "git", "remote", "set-url", "origin", f"{host}/origin.git")
        self.run_in(self.clone, "git", "config", f"http.{host}/.extraheader", "AUTHORIZATION: basic Y2hlY2tvdXQ=")
        self.tag("v1.0.0", GITHUB_SERVER_URL=host)
        self.assertEqual(set(map(tuple, seen)), {("basic Y2hlY2tvdXQ=",)})
        self.reset()
        self.migrate("20240201000000_more", "more")
        self.run_in(self.clone, "git", "branch", "--delete", "--remotes", "origin/railway-template-v1.0.0")
        seen.clear()
        output = self.tag("v1.1.0", GITHUB_SERVER_URL=host, BALLAST_PUSH_TOKEN="pat")
        self.assertIn("Upgrade path from v1.0.0", output)  # it was fetched
        self.assertNotIn("pat", output.replace("path", ""))
        self.assertEqual(set(map(tuple, seen)), {("basic " + base64.b64encode(b"x-access-token:pat").decode(),)})

    def test_an_unknown_input_run_is_named(self):
        output = self.action("run", status=2, BALLAST_ACTION="relaese")
        self.assertIn("the input run is 'relaese'; use install, check, release or baseline", output)
        self.assertIn("agree", self.action("run", BALLAST_ACTION="check"))

    def test_checks_are_annotated_and_summed_up(self):
        self.tag("v1.0.0")
        self.assertIn("agree", self.action("check"))
        self.assertIn("| release package | passed |", self.written("GITHUB_STEP_SUMMARY"))
        package = self.clone / ".ballast/release-migrations/0_baseline/migration.sql"
        package.write_text(package.read_text() + "SELECT 1;\n")
        self.write("prisma/schema.prisma", SCHEMA.replace("name String", "name String\n  mail String"))
        output = self.action("check", status=1)
        self.assertIn("::error file=.ballast/release-migrations/0_baseline/migration.sql,line=1,title=release package::Error B401", output)
        self.assertRegex(output, "::error title=schema and migrations agree::.*%0A.*mail")
        self.assertRegex(self.written("GITHUB_STEP_SUMMARY"), "schema and migrations agree . failed . .*<br>.*mail")
        self.assertIn("| release package | failed | Error", self.written("GITHUB_STEP_SUMMARY"))
        self.assertNotIn("::⏳", output)
        self.assertNotIn("| ⏳", self.written("GITHUB_STEP_SUMMARY"))

    def test_a_baseline_without_the_newest_migration_is_a_warning(self):
        self.run_in(self.clone, PROGRAM, "baseline", "create")
        self.write("prisma/migrations/20240201000000_more/migration.sql", 'ALTER TABLE "User" ADD COLUMN "mail" TEXT;\n')
        self.write("prisma/schema.prisma", SCHEMA.replace("name String", "name String\n  mail String?"))
        output = self.action("check")
        self.assertIn("::warning title=development baseline::Error B407", output)
        self.assertIn("| development baseline | behind |", self.written("GITHUB_STEP_SUMMARY"))
        self.write("prisma/migrations/20240101000000_init/migration.sql", 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY);\n')
        self.assertIn("::error title=development baseline", self.action("check", status=1))

    def test_a_package_without_the_newest_migration_is_a_warning_except_for_release_branches(self):
        self.run_in(self.clone, PROGRAM, "release", "create", "v1.0.0")
        self.migrate("20240201000000_more", "more")
        output = self.action("check", GITHUB_BASE_REF="main")
        self.assertIn("::warning title=release package is up to date::Error B410", output)
        self.assertIn("| release package is up to date | behind |", self.written("GITHUB_STEP_SUMMARY"))
        self.run_in(self.clone, "git", "push", "--quiet", "origin", "main:railway-template-v1.0.0")
        output = self.action("check", status=1, GITHUB_BASE_REF="railway-template-v1.0.0")
        self.assertIn("::error title=release package is up to date::Error B410", output)

    def test_findings_of_lint_are_annotations_of_their_lines(self):
        self.write("prisma/migrations/20240201000000_drop/migration.sql", 'SELECT 1;\nALTER TABLE "User" DROP COLUMN "name";\n')
        self.write("prisma/schema.prisma", SCHEMA.replace("  name String\n", ""))
        output = self.action("check", status=1, GITHUB_BASE_REF="main")
        self.assertIn("::error file=prisma/migrations/20240201000000_drop/migration.sql,line=2,title=ballast drops-column::", output)
        self.assertIn("| schema and migrations agree | passed |", self.written("GITHUB_STEP_SUMMARY"))
        self.assertIn("| pending migrations | failed | drops column name of User", self.written("GITHUB_STEP_SUMMARY"))

    def test_a_checkout_without_the_base_branch(self):
        (self.clone / "a, b:%").mkdir()
        self.run_in(self.clone, "git", "mv", "prisma", "a, b:%/prisma")
        self.commit("a folder")
        self.run_in(self.clone, "git", "checkout", "--quiet", "-b", "feature")
        self.write("a, b:%/prisma/migrations/20240201000000_drop/migration.sql", 'ALTER TABLE "User" DROP COLUMN "name";\n')
        self.write("a, b:%/prisma/schema.prisma", SCHEMA.replace("  name String\n", ""))
        self.run_in(self.clone, "git", "add", ".")
        self.run_in(self.clone, "git", "commit", "--quiet", "--message", "drop")
        self.run_in(self.clone, "git", "push", "--quiet", "origin", "feature")
        checkout = self.checked_out("feature")
        self.clone = checkout / "a, b:%"
        output = self.action("check", status=1, GITHUB_BASE_REF="main")
        self.assertIn("::error file=a%2C b%3A%25/prisma/migrations/20240201000000_drop/migration.sql,line=1,title=ballast drops-column::",
                      output)
        self.assertNotIn("20240101000000_init/migration.sql,line", output)
        output = self.action("check", status=1, GITHUB_BASE_REF="deleted")
        self.assertIn("::warning title=ballast::the base branch deleted is not in the checkout", output)
        self.assertIn("fetch-depth: 0", output)

    def test_a_pinned_version_is_installed_and_a_changed_one_is_refused(self):
        name = f"ballast-9.9.9-linux-{ARCHITECTURE}"
        program = self.place / name / "bin/ballast"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho ballast 9.9.9\n")
        program.chmod(0o755)
        release = self.place / "downloads/v9.9.9"
        release.mkdir(parents=True)
        with tarfile.open(release / f"{name}.tar.gz", "w:gz") as tar:
            tar.add(self.place / name, name)
        shutil.rmtree(self.place / name)
        digest = hashlib.sha256((release / f"{name}.tar.gz").read_bytes()).hexdigest()
        (release / "SHA256SUMS").write_text(f"{digest}  {name}.tar.gz\n")
        variables = {"BALLAST_VERSION": "9.9.9", "BALLAST_DOWNLOADS": f"file://{self.place}/downloads"}
        self.assertIn("ballast 9.9.9", self.action("install", **variables))
        self.assertIn("ballast 9.9.9", self.action("install", BALLAST_SHA256=digest.upper(), **variables))
        self.assertIn("ballast 9.9.9", self.action("install", **{**variables, "BALLAST_VERSION": "v9.9.9"}))
        installed = self.written("GITHUB_PATH").split()[0]
        self.assertIn("9.9.9", self.run_in(self.place, f"{installed}/ballast", "--version"))
        self.action("install", BALLAST_SHA256="0" * 64, status=1, **variables)
        (release / "SHA256SUMS").write_text(f"{'0' * 64}  {name}.tar.gz\n")
        self.assertIn("checksum", self.action("install", status=1, **variables))
        output = self.action("install", status=3, **{**variables, "BALLAST_VERSION": "9.9.10"})
        self.assertRegex(output, "::error title=ballast::.*v9.9.10/.* could not be downloaded .*; is 9.9.10 a version on ")

    def test_another_system_is_refused(self):
        uname = self.place / "bin/uname"
        uname.parent.mkdir()
        uname.write_text('#!/bin/sh\n[ "$1" = -s ] && echo Darwin || echo arm64\n')
        uname.chmod(0o755)
        output = self.action("install", status=3, BALLAST_VERSION="9.9.9", PATH=f"{uname.parent}:{self.environment['PATH']}")
        self.assertIn("::error title=ballast::ballast has no program for Darwin on arm64", output)


if __name__ == "__main__":
    unittest.main()
