# SPDX-License-Identifier: Apache-2.0
"""tools/corpora, against repositories on this machine."""
import importlib.machinery
import importlib.util
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def load(path):
    loader = importlib.machinery.SourceFileLoader("tool", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("tool", loader))
    loader.exec_module(module)
    return module


def git(folder, *arguments):
    identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "t"), ("EMAIL", "t@example.org"))}
    run = subprocess.run(["git", "-C", str(folder), *arguments], check=True, stdout=subprocess.PIPE,
                         env={**os.environ, **identity})
    return run.stdout.decode().strip()


os.environ.pop("BALLAST_PRISMA", None)  # printing the golden scripts is not what is tested


class Corpora(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        self.tool = load(ROOT / "tools/corpora")
        self.tool.SERVER = f"file://{self.folder}/server"
        self.repository = self.folder / "server/owner/project"
        self.repository.mkdir(parents=True)
        git(self.repository, "init", "--quiet")
        git(self.repository, "config", "uploadpack.allowFilter", "true")
        git(self.repository, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.write("LICENSE", "the licence\n")
        self.write("prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n')

    def write(self, path, text):
        file = self.repository / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, migration):
        self.write(f"prisma/migrations/{migration}/migration.sql", f"SELECT '{migration}';\n")
        git(self.repository, "add", ".")
        git(self.repository, "commit", "--quiet", "--message", migration)
        return git(self.repository, "rev-parse", "--short=10", "HEAD")

    def get(self, **versions):
        project = self.tool.Project("project", "owner/project", "prisma", {k.strip("_"): v for k, v in versions.items()})
        target = self.folder / "corpora/project"
        target.parent.mkdir()
        self.tool.get(project, target)
        return target

    def test_a_project_has_the_files_of_its_commit(self):
        first = self.commit("1_first")
        self.commit("2_second")
        got = self.get(_=first)
        self.assertEqual((got / "LICENSE").read_text(), "the licence\n")
        self.assertIn("postgresql", (got / "schema.prisma").read_text())
        self.assertEqual([entry.name for entry in (got / "migrations").iterdir()], ["1_first"])

    def test_versions_share_a_folder_of_migrations_and_list_their_own(self):
        first, second = self.commit("1_first"), self.commit("2_second")
        git(self.repository, "rm", "--quiet", "-r", "prisma/migrations/1_first")
        third = self.commit("3_third")
        got = self.get(a=first, b=second, c=third)
        names = sorted(entry.name for entry in (got / "migrations").iterdir())
        self.assertEqual(names, ["1_first", "2_second", "3_third"])
        self.assertEqual((got / "schemas/b.migrations").read_text(), "1_first\n2_second\n")
        self.assertEqual((got / "schemas/c.migrations").read_text(), "2_second\n3_third\n")
        self.assertTrue((got / "schemas/a.prisma").is_file())

    def test_what_failed_leaves_nothing(self):
        self.commit("1_first")
        with self.assertRaises(subprocess.SubprocessError):
            self.get(_="0123456789")
        self.assertEqual(list((self.folder / "corpora").iterdir()), [])

    def test_prisma_6_is_given_a_url(self):
        schema = 'datasource db {\n  provider = "postgresql"\n}\nview V {\n  a Int\n  @@id([a])\n}\nmodel M {\n  a Int\n  @@id([a])\n}\n'
        shown = self.tool.for_prisma_6(schema)
        self.assertIn('url = "postgresql://', shown)
        self.assertIn("view V {\n  a Int\n  @@unique([a])", shown)
        self.assertIn("model M {\n  a Int\n  @@id([a])", shown)
        self.assertEqual(self.tool.for_prisma_6(shown), shown)


if __name__ == "__main__":
    unittest.main()
