# SPDX-License-Identifier: Apache-2.0
"""run: release of action.yml: what gets into a release, and what it says about the branch of another job."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from action_case import ROOT, ActionCase

BRANCH = "railway-template-v1.0.0"
SQL = 'ALTER TABLE "User" ADD COLUMN "more" TEXT;\n'


class Release(ActionCase):
    def two_projects(self):
        for name in ("main", "runs"):
            shutil.copytree(self.clone / "prisma", self.clone / name / "prisma")
        shutil.rmtree(self.clone / "prisma")
        self.write("runs/prisma/migrations/20240201000000_more/migration.sql", SQL)
        self.write("ballast.toml", "".join(f'[project.{name}]\nschema = "{name}/prisma/schema.prisma"\n' for name in ("main", "runs")))
        self.commit("two projects")

    def test_only_the_files_of_the_package_are_committed(self):
        self.write(".ballast/deploy.sh", "exit\n")
        self.commit("a script")
        self.write(".npmrc", "token=secret\n")
        self.write(".ballast/deploy.env", "SECRET=1\n")
        self.write(".ballast/rollback/notes.txt", "SECRET=1\n")
        self.write(".ballast/deploy.sh", "changed\n")
        self.run_in(self.clone, "git", "add", ".npmrc", ".ballast/deploy.sh")
        staged = self.run_in(self.clone, "git", "diff", "--cached", "HEAD")
        self.tag("v1.0.0")
        files = self.released(BRANCH, "ls-tree", "-r", "--name-only")
        for name in (".npmrc", "deploy.env", "notes.txt"):
            self.assertNotIn(name, files)
        self.assertEqual(self.run_in(self.origin, "git", "show", f"{BRANCH}:.ballast/deploy.sh"), "exit\n")
        self.assertEqual(self.run_in(self.clone, "git", "diff", "--cached", "HEAD"), staged)
        self.assertEqual(self.run_in(self.clone, "git", "branch", "--show-current"), "main\n")

    def test_a_release_of_uncommitted_inputs_is_refused(self):
        self.write(".gitignore", "prisma/migrations/3*\n")
        self.write("ballast.toml", "# settings\n")
        self.commit("settings")
        changes = {"prisma/migrations/20240201000000_more/migration.sql": SQL, "prisma/migrations/30240201000000_more/migration.sql": SQL,
                   "prisma/schema.prisma": "// changed\n", "ballast.toml": "# others\n"}
        for path, text in changes.items():
            self.write(path, text)
            output = self.tag("v1.0.0", status=2)
            self.assertRegex(output, f"::error title=ballast::the release v1.0.0 is made from what is committed.*: {path}\n")
            self.run_in(self.clone, "git", "clean", "--quiet", "--force", "-d", "-x")
            self.run_in(self.clone, "git", "checkout", "--quiet", ".")
        (self.clone / "prisma/migrations/20240101000000_init/migration.sql").unlink()
        self.assertIn("20240101000000_init/migration.sql", self.tag("v1.0.0", status=2))
        self.run_in(self.clone, "git", "checkout", "--quiet", ".")
        self.write("prisma/generated.ts", "made by another step\n")
        self.assertIn("pushed", self.tag("v1.0.0"))

    def test_a_first_migration_that_the_tag_lacks_is_refused(self):
        self.run_in(self.clone, "git", "rm", "-r", "--quiet", "prisma/migrations")
        self.commit("no migrations")
        self.assertIn("prisma/migrations/0_init/migration.sql", self.tag("v1.0.0", status=2))

    def test_an_older_tag_whose_branch_has_a_name_of_before(self):
        self.push_tag("v1.0.0")
        self.release("v1.0.0")
        self.write("ballast.toml", 'release_branches = ["rel/*"]\n')
        self.migrate("20240201000000_more", "more")
        self.push_tag("v1.1.0")
        output = self.release("v1.1.0")
        self.assertIn("pushed rel/v1.1.0", output)
        self.assertIn(f"::warning title=ballast::the release branch of the tag v1.0.0 is {BRANCH}, which release_branches [rel/*] does not match", output)
        # What the warning recommends.
        command = re.search(r"\((git fetch .*?)\)", output)[1]
        self.run_in(self.clone, "sh", "-c", command)
        self.run_in(self.origin, "git", "branch", "--quiet", "-D", "rel/v1.1.0")
        output = self.release("v1.1.0")
        self.assertIn("Upgrade path from v1.0.0: 1 migration, proven", output)
        self.assertNotIn("::warning", output)

    def test_an_older_tag_without_its_release_is_named(self):
        self.push_tag("v0.9.0")
        self.write(".github/workflows/ballast.yml", "# with: { run: release }\n")
        self.commit("a workflow")
        self.push_tag("v1.0.0")
        self.migrate("20240201000000_more", "more")
        self.push_tag("v1.1.0")
        output = self.release("v1.1.0")
        self.assertIn(f"::warning title=ballast::the tag v1.0.0 has no release branch {BRANCH}", output)
        self.assertNotIn("v0.9.0", output)  # its workflows have no release
        output = self.release("v1.0.0")
        self.assertIn(f"pushed {BRANCH}", output)
        self.assertIn("::warning title=ballast::the release v1.1.0 was made before v1.0.0", output)
        output = self.release("v1.1.0")
        self.assertIn("railway-template-v1.1.0 has this package already", output)
        self.assertRegex(output, "::warning .*%0A   it lacks the upgrade path from v1.0.0")
        # What the warnings recommend.
        self.run_in(self.clone, "git", "push", "--quiet", "origin", "--delete", "railway-template-v1.1.0")
        output = self.release("v1.1.0")
        self.assertIn("Upgrade path from v1.0.0: 1 migration, proven", output)
        self.assertNotIn("::warning", output)
        self.migrate("20240301000000_third", "third")
        self.push_tag("v1.2.0-rc.1")
        self.push_tag("v1.2.0")
        self.assertNotIn("::warning", self.release("v1.2.0-rc.1"))
        self.assertNotIn("::warning", self.release("v1.2.0"))

    def test_two_projects_as_two_steps_of_one_job_and_again(self):
        self.two_projects()
        self.push_tag("v1.0.0")
        for expected in ("pushed", "already"):
            checkout = self.checked_out("v1.0.0")
            for name in ("main", "runs"):
                output = self.run_in(checkout, str(ROOT / "packaging/action/release"), GITHUB_REF_TYPE="tag", GITHUB_REF_NAME="v1.0.0",
                                     BALLAST_ACTION_PROJECT=name)
                self.assertIn(expected, output)
        commit = self.run_in(self.clone, "git", "rev-parse", "main").strip()
        for name in ("main", "runs"):
            manifest = json.loads(self.run_in(self.origin, "git", "show", f"{BRANCH}:.ballast/{name}/release-migrations/manifest.json"))
            self.assertEqual(manifest["source"]["commit"], commit)

    def test_a_project_whose_package_is_committed_at_the_tag(self):
        self.two_projects()
        self.run_in(self.clone, "ballast", "--project", "runs", "release", "create", "v1.0.0")
        self.commit("a package")
        for name in ("main", "runs"):
            self.reset()
            output = self.tag("v1.0.0", BALLAST_ACTION_PROJECT=name)
        self.assertIn("already", output)

    def test_a_branch_that_another_job_changes_meanwhile(self):
        self.two_projects()
        self.tag("v1.0.0", BALLAST_ACTION_PROJECT="main")
        self.reset()
        faster = self.run_in(self.origin, "git", "rev-parse", BRANCH).strip()
        self.run_in(self.origin, "git", "update-ref", "-d", f"refs/heads/{BRANCH}")
        hook = self.origin / "hooks/update"
        hook.write_text(f"#!/bin/sh\nunset GIT_QUARANTINE_PATH\nrm -f hooks/update\ngit update-ref refs/heads/{BRANCH} {faster}\nexit 1\n")
        hook.chmod(0o755)
        output = self.tag("v1.0.0", BALLAST_ACTION_PROJECT="runs")
        self.assertIn("has changed at the remote meanwhile; trying again", output)
        files = self.released(BRANCH, "ls-tree", "-r", "--name-only")
        for name in ("main", "runs"):
            self.assertIn(f".ballast/{name}/release-migrations/manifest.json", files)
        hook.write_text("#!/bin/sh\necho not allowed\nexit 1\n")
        hook.chmod(0o755)
        self.reset()
        output = self.tag("v1.1.0", BALLAST_ACTION_PROJECT="runs", status=1)
        self.assertRegex(output, "::error title=ballast::railway-template-v1.1.0 could not be pushed: .*not allowed")

    def test_a_branch_with_hotfixes_has_the_package(self):
        self.push_tag("v1.0.0")
        self.release("v1.0.0")
        self.run_in(self.clone, "git", "fetch", "--quiet")
        self.run_in(self.clone, "git", "checkout", "--quiet", BRANCH)
        self.write("fix.sql", 'CREATE INDEX ON "User" ("name");\n')
        self.run_in(self.clone, "ballast", "hotfix", "new", "name", "--sql", "fix.sql")
        self.run_in(self.clone, "git", "add", ".ballast")
        self.run_in(self.clone, "git", "commit", "--quiet", "--message", "hotfix")
        self.run_in(self.clone, "git", "push", "--quiet", "origin", "HEAD")
        self.assertIn(f"{BRANCH} has this package already (v1.0.0+hotfix.1)", self.release("v1.0.0"))

    def test_a_tag_that_was_moved(self):
        self.push_tag("v1.0.0")
        self.release("v1.0.0")
        self.assertIn(f"{BRANCH} has this package already", self.release("v1.0.0"))
        self.write("app.js", "// other code\n")
        self.commit("other code")
        self.run_in(self.clone, "git", "tag", "--force", "v1.0.0")
        self.run_in(self.clone, "git", "push", "--quiet", "--force", "origin", "v1.0.0")
        self.assertIn("the tag was moved, and a release never changes", self.release("v1.0.0", status=1))

    def test_a_package_that_another_server_has_proven(self):
        programs = pathlib.Path(os.environ.get("BALLAST_TEST_POSTGRES", "/none")) / "16/bin"
        if not programs.exists():
            self.skipTest("NO POSTGRESQL 16: BALLAST_TEST_POSTGRES (tools/judges)")
        self.push_tag("v1.0.0")
        self.release("v1.0.0")
        output = self.release("v1.0.0", BALLAST_POSTGRES_BIN=str(programs))
        self.assertIn(f"{BRANCH} has this package already", output)
        self.assertRegex(output, "::warning .*it was proven on PostgreSQL [0-9.]*, and now on PostgreSQL 16")

    def test_a_branch_without_a_package(self):
        self.push_tag("v1.0.0")
        self.run_in(self.clone, "git", "push", "--quiet", "origin", f"main:refs/heads/{BRANCH}")
        self.assertIn(f"pushed {BRANCH}", self.release("v1.0.0"))
        self.assertIn("manifest.json", self.released(BRANCH, "ls-tree", "-r", "--name-only"))
        self.migrate("20240201000000_more", "more")
        self.run_in(self.clone, "git", "push", "--quiet", "--force", "origin", f"main:refs/heads/{BRANCH}")
        self.assertIn("its schema or migrations are not those of the tag", self.release("v1.0.0", status=1))

    def test_hooks_of_the_project_do_not_run(self):
        hooks = self.clone / ".husky"
        hooks.mkdir()
        for name in ("pre-commit", "commit-msg", "pre-push", "post-checkout", "reference-transaction"):
            (hooks / name).write_text(f"#!/bin/sh\necho {name} ran\nexit 1\n")
            (hooks / name).chmod(0o755)
        self.commit("hooks")
        self.run_in(self.clone, "git", "config", "core.hooksPath", ".husky")
        output = self.tag("v1.0.0")
        self.assertIn("pushed", output)
        self.assertNotIn(" ran", output)

    def test_filters_do_not_change_the_package(self):
        self.write(".gitattributes", "*.zst filter=lfs\n* text eol=crlf\n")
        self.run_in(self.clone, "git", "config", "filter.lfs.clean", "echo pointer")
        self.run_in(self.clone, "git", "config", "filter.lfs.smudge", "echo pointer")
        self.commit("attributes")
        self.tag("v1.0.0")
        copy = self.place / "copy"
        self.run_in(self.place, "git", "clone", "--quiet", "--config", "filter.lfs.smudge=echo pointer", "--branch", BRANCH,
                    str(self.origin), str(copy))
        self.run_in(copy, "ballast", "release", "verify")
        self.assertEqual(self.run_in(copy, "git", "status", "--short"), "")
        self.reset()
        self.write(".ballast/.gitattributes", "*.sql text\n")
        self.commit("own attributes")
        output = self.tag("v1.1.0", status=2)
        self.assertRegex(output, "::error title=ballast::git changes .ballast/.* when it is checked out .*eol=crlf")

    def test_errors_are_annotations(self):
        self.write("prisma/migrations/20240201000000_more/migration.sql", "ALTER TABLE nowhere ADD COLUMN x int;\n")
        self.commit("a broken migration")
        output = self.tag("v1.0.0", status=1)
        self.assertRegex(output, "::error title=ballast::Error B300: .*nowhere")
        self.run_in(self.clone, "git", "remote", "set-url", "origin", str(self.place / "nowhere.git"))
        self.assertRegex(self.tag("v1.0.0", status=128), "::error title=ballast::fatal: .*nowhere.git")
        self.run_in(self.clone, "git", "rm", "-r", "--quiet", "prisma")
        self.assertIn("::error title=ballast::Error B102", self.tag("v1.0.0", status=2))

    def test_branches_of_patterns(self):
        cases = [(["railway-template-v*"], "v4.0.0", "railway-template-v4.0.0"), (["release/*"], "v4", "release/v4"),
                 (["release/*/prod-*", "prod/*"], "v4", "prod/v4"), (["x-v*-eu"], "v4", "x-v4-eu"), (["*", "r/*"], "v4", "r/v4"),
                 (["*"], "v4", ""), (["a?*"], "v4", ""), (["main"], "v4", "")]
        for patterns, tag, branch in cases:
            script = f'. "{ROOT}/packaging/action/release-branches"; patterns=("$@"); branch_of_tag {tag}'
            printed = subprocess.run(["bash", "-c", script, "x", *patterns], stdout=subprocess.PIPE, text=True, check=True).stdout
            self.assertEqual(printed.strip(), branch, patterns)
        self.write("ballast.toml", 'release_branches = ["release/*/prod-*"]\n')
        self.commit("a pattern")
        self.assertRegex(self.tag("v1.0.0", status=2), "::error .*names no branch for v1.0.0; give the input branch-prefix")
        self.assertIn("pushed release/eu/prod-v1.0.0", self.tag("v1.0.0", BALLAST_BRANCH_PREFIX="release/eu/prod-"))

    def test_two_tags_of_one_branch_are_refused(self):
        self.push_tag("v1.0.0")
        self.assertIn(f"pushed {BRANCH}", self.release("v1.0.0"))
        self.migrate("20240201000000_more", "more")
        self.push_tag("1.0.0")
        output = self.release("1.0.0", status=1)
        self.assertIn(f"the tags 1.0.0 and v1.0.0 have the same release branch, {BRANCH}", output)
        self.push_tag("1.1.0")
        self.assertIn("pushed railway-template-v1.1.0", self.release("1.1.0"))

    def test_a_folder_whose_name_json_escapes(self):
        self.write("ballast.toml", "package = 'a \"b\" [c]'\n")
        self.commit("a folder")
        self.tag("v1.0.0")
        self.assertIn("release-migrations/manifest.json", self.released(BRANCH, "ls-tree", "-r", "-z", "--name-only"))


if __name__ == "__main__":
    unittest.main()
