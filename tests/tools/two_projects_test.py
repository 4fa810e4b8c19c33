# SPDX-License-Identifier: Apache-2.0
"""Two projects with two databases in one repository: whatever the command, and however the project is chosen,
no command looks at the other's schema, migrations, package or database.

Runs itself below `ballast scratch`, which gives it a server.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))

# Name, folder, variable of the URL. The folders are such that each is a place where the other could be looked for.
PROJECTS = {"apple": ("packages/database", "APPLE_URL"), "banana": ("packages/run-ops", "BANANA_URL")}

SCHEMA = """datasource db {
  provider = "postgresql"
  url      = env("%s")
}

model %s {
  id Int @id
}
"""

# What asks for little; each way of choosing is tried with all of them.
QUICK = [
    ("status",), ("doctor",), ("deploy", "--dry-run", "--sql"), ("deploy", "--dry-run", "--strategy", "release"),
    ("deploy",), ("status", "--strategy", "release", "--branch", "railway-template-v1"), ("log",),
    ("release", "show"), ("release", "list"), ("release", "verify"), ("release", "diff", "v1", "v1"),
    ("schema", "sql"), ("catalog", "fingerprint"), ("resolve", "--all-covered"), ("hotfix", "merge"),
    ("init", "docker"),
]
# What replays; tried with one way each.
SLOW = [
    ("release", "create", "v1"), ("release", "create", "--check", "v1"), ("release", "verify", "--deep"),
    ("release", "pack", "--out", "packed.tar.zst"), ("baseline", "create"), ("schema", "check"), ("lint",),
    ("hotfix", "new", "fix", "--sql", "/dev/null"), ("hotfix", "seal"), ("repair", "--dry-run"),
    ("rollback", "--to", "20240101000000_apple_and_banana", "--dry-run"),
    ("squash", "--dry-run"), ("fleet", "status"),
]


class TwoProjects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.top = pathlib.Path(cls.place.name) / "repository"
        url, _, rest = os.environ["DATABASE_URL"].partition("?")
        cls.environment = {k: v for k, v in os.environ.items()
                           if not k.startswith(("BALLAST_", "RAILWAY_", "DIRECT_", "DATABASE_"))}
        cls.environment.update(HOME=cls.place.name, BALLAST_SCRATCH_URL="")
        for name, (folder, variable) in PROJECTS.items():
            prisma = cls.top / folder / "prisma"
            for number, what in enumerate(("init", "more"), 1):
                migration = prisma / f"migrations/2024010{number}000000_{name}_{what}/migration.sql"
                migration.parent.mkdir(parents=True)
                table = name.capitalize() if what == "init" else f"{name.capitalize()}More"
                migration.write_text(f'CREATE TABLE "{table}" ("id" INTEGER NOT NULL, CONSTRAINT "{table}_pkey" PRIMARY KEY ("id"));\n')
            (prisma / "migrations/migration_lock.toml").write_text('provider = "postgresql"\n')
            (prisma / "schema.prisma").write_text(SCHEMA % (variable, name.capitalize()))
            (cls.top / folder / "src").mkdir()
            (cls.top / folder / "package.json").write_text("{}\n")
            cls.environment[variable] = f"{url[:url.rindex('/') + 1]}{name}_db?{rest}"
        (cls.top / "package.json").write_text("{}\n")
        subprocess.run("git init -q -b railway-template-v1 . && git config user.email t@e && git config user.name t && git add -A && "
                       "git commit -qm start", shell=True, cwd=cls.top, check=True)
        for name, (folder, _) in PROJECTS.items():
            for command in (("release", "create", "v1"), ("baseline", "create"), ("deploy", "--strategy", "history")):
                run = cls.ballast(cls.top / folder, *command)
                assert run.returncode == 0, run.stdout + run.stderr
        subprocess.run("git add -A && git commit -qm packages", shell=True, cwd=cls.top, check=True)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    @classmethod
    def ballast(cls, folder, *arguments, **variables):
        return subprocess.run([PROGRAM, *arguments], cwd=folder, env={**cls.environment, **variables}, capture_output=True,
                              text=True, check=False)

    def ways(self, name):
        """(what it is called, working folder, options, needs ballast.toml) of each way to choose a project."""
        folder, _ = PROJECTS[name]
        other = next(place for key, (place, _) in PROJECTS.items() if key != name)
        schema = f"{folder}/prisma/schema.prisma"
        elsewhere = pathlib.Path(self.place.name)
        return [
            ("its folder", self.top / folder, (), False),
            ("a folder below", self.top / folder / "src", (), False),
            ("its prisma folder", self.top / folder / "prisma", (), False),
            ("-C", self.top, ("-C", folder), False),
            ("-C from the other", self.top / other, ("-C", f"../../{folder}"), False),
            ("--schema", self.top, ("--schema", schema), False),
            ("--schema from the other", self.top / other, ("--schema", str(self.top / schema)), False),
            ("--schema from elsewhere", elsewhere, ("--schema", str(self.top / schema)), False),
            ("--project", self.top, ("--project", name), True),
            ("--project from the other", self.top / other, ("--project", name), True),
            ("its folder, named", self.top / folder, (), True),
            ("--schema, named", self.top, ("--schema", schema), True),
        ]

    def name_projects(self, named):
        file = self.top / "ballast.toml"
        file.unlink(missing_ok=True)
        if named:
            file.write_text("".join(f'[project.{name}]\nschema = "{folder}/prisma/schema.prisma"\npackage = "{folder}/.ballast"\n'
                                    f'url_variable = "{variable}"\n' for name, (folder, variable) in PROJECTS.items()))

    def check(self, name, command, way, folder, options, **variables):
        other = next(key for key in PROJECTS if key != name)
        output = () if command[0] in ("schema",) and command[1] == "sql" else ("--output", "json")
        run = self.ballast(folder, *options, *output, *command, **variables)
        said = run.stdout + run.stderr
        # Paths of the working folder may name the other project; its tables, migrations and database may not.
        said = said.replace(str(self.top / PROJECTS[other][0]), "")
        place = f"{name}, {way}: {' '.join(command)} (exit {run.returncode})\n{said}"
        self.assertIsNone(re.search(rf"{other.capitalize()}\b|{other.capitalize()}More|_{other}_|{other}_db|{PROJECTS[other][1]}", said), place)
        self.assertNotEqual(run.returncode, 70, place)
        self.assertNotIn("B102", said, place)
        if output and run.stdout.startswith("{"):
            target = json.loads(run.stdout).get("target")
            if target:
                self.assertEqual(target["database"], f"{name}_db", place)
        return run, place

    def test_every_way(self):
        for named in (False, True):
            self.name_projects(named)
            for name in PROJECTS:
                for way, folder, options, needs in self.ways(name):
                    if needs != named:
                        continue
                    for command in QUICK:
                        self.check(name, command, way, folder, options)
                        for made in (self.top / "Dockerfile", self.top / PROJECTS[name][0] / "Dockerfile"):
                            made.unlink(missing_ok=True)
        self.name_projects(False)

    def test_what_replays(self):
        self.name_projects(False)
        for name in PROJECTS:
            ways = [way for way in self.ways(name) if not way[3]]
            for number, command in enumerate(SLOW):
                way, folder, options, _ = ways[number % len(ways)]
                self.check(name, command, way, folder, options)
        subprocess.run("git reset -q --hard && git clean -qfdx", shell=True, cwd=self.top, check=True)

    def test_the_other_package_is_refused(self):
        self.name_projects(False)
        for name, (folder, _) in PROJECTS.items():
            other = next(place for key, (place, _) in PROJECTS.items() if key != name)
            package = str(self.top / other / ".ballast")
            for command in (("deploy", "--strategy", "release"), ("status", "--strategy", "release"), ("release", "verify"),
                            ("release", "create", "v1"), ("hotfix", "new", "fix"), ("release", "pack", "--out", "x")):
                run = self.ballast(self.top / folder, "--package", package, *command)
                self.assertEqual(run.returncode, 1, f"{command}\n{run.stdout}{run.stderr}")
                self.assertIn("B409", run.stderr, f"{command}\n{run.stdout}{run.stderr}")

    def test_none_is_chosen(self):
        for named in (False, True):
            self.name_projects(named)
            for command in QUICK + SLOW[:3]:
                if command[0] == "init":
                    continue
                run = self.ballast(self.top, *command)
                self.assertEqual(run.returncode, 2, f"{command}\n{run.stdout}{run.stderr}")
                self.assertIn("several projects could be meant", run.stderr)
        self.name_projects(False)


if __name__ == "__main__":
    if "BALLAST_TWO_PROJECTS" not in os.environ:
        os.environ["BALLAST_TWO_PROJECTS"] = "below"
        os.execv(PROGRAM, [str(PROGRAM), "scratch", "--", sys.executable, *sys.argv])
    unittest.main()
