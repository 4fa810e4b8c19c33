# SPDX-License-Identifier: Apache-2.0
"""What tests of the scripts of action.yml share: a project in a clone of a bare repository on this machine."""
import http.server
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest

from small_project import LOCK, MIGRATION, SCHEMA

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))


class ActionCase(unittest.TestCase):
    def setUp(self):
        if not PROGRAM.exists():
            self.skipTest(f"NO PROGRAM: {PROGRAM} is not built")
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.environment = {
            **os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "HOME": str(self.place),
            "RUNNER_TEMP": str(self.place), "GITHUB_REPOSITORY": "owner/project", "GITHUB_TOKEN": "secret",
            "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org",
            "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org",
            **{name: str(self.place / name) for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}}
        self.origin = self.place / "origin.git"
        self.clone = self.place / "project"
        self.run_in(self.place, "git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.run_in(self.place, "git", "clone", "--quiet", str(self.origin), str(self.clone))
        self.run_in(self.clone, "git", "checkout", "--quiet", "-B", "main")
        self.write("prisma/schema.prisma", SCHEMA)
        self.write("prisma/migrations/migration_lock.toml", LOCK)
        self.write("prisma/migrations/20240101000000_init/migration.sql", MIGRATION)
        self.commit("a project")

    def run_in(self, folder, *command, status=0, **variables):
        run = subprocess.run(command, cwd=folder, env={**self.environment, **variables}, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(run.returncode, status, run.stdout)
        return run.stdout

    def serve(self, handler):
        """A server on this machine until the test ends; returns its URL."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def write(self, path, text):
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, message):
        self.run_in(self.clone, "git", "add", ".")
        self.run_in(self.clone, "git", "commit", "--quiet", "--message", message)
        self.run_in(self.clone, "git", "push", "--quiet", "origin", "main")

    def reset(self):
        """The state of main again, without the package that a release leaves in the work tree."""
        self.run_in(self.clone, "git", "checkout", "--quiet", "--force", "main")
        self.run_in(self.clone, "git", "clean", "--quiet", "--force", "-d", ":/")

    def action(self, name, **options):
        return self.run_in(self.clone, str(ROOT / "packaging/action" / name), **options)

    def tag(self, name, **options):
        return self.action("release", GITHUB_REF_TYPE="tag", GITHUB_REF_NAME=name, **options)

    def written(self, name):
        file = self.place / name
        return file.read_text() if file.exists() else ""

    def migrate(self, name, column):
        """One more migration, also in the schema, committed and pushed."""
        self.write(f"prisma/migrations/{name}/migration.sql", f'ALTER TABLE "User" ADD COLUMN "{column}" TEXT;\n')
        schema = (self.clone / "prisma/schema.prisma").read_text()
        self.write("prisma/schema.prisma", schema.replace("  name String\n", f"  name String\n  {column} String?\n"))
        self.commit(name)

    def checked_out(self, tag):
        """A checkout of the tag as actions/checkout makes it: one commit, and no branch."""
        checkout = self.place / f"checkout-{tag}"
        shutil.rmtree(checkout, ignore_errors=True)
        self.run_in(self.place, "git", "clone", "--quiet", "--depth=1", "--branch", tag, f"file://{self.origin}", str(checkout))
        return checkout

    def push_tag(self, tag):
        self.run_in(self.clone, "git", "tag", tag)
        self.run_in(self.clone, "git", "push", "--quiet", "origin", tag)

    def release(self, tag, status=0, **variables):
        """The job of a tag that was pushed."""
        return self.run_in(self.checked_out(tag), str(ROOT / "packaging/action/release"), status=status,
                           GITHUB_REF_TYPE="tag", GITHUB_REF_NAME=tag, **variables)

    def released(self, branch, *command):
        """What git prints about a branch at the remote."""
        return self.run_in(self.origin, "git", *command, branch)
