#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`cmake --install`: what is installed is whole, and works where it is."""
import gzip
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = os.environ["BALLAST_BUILD"]
COMPLETIONS = ("bash-completion/completions/ballast", "zsh/site-functions/_ballast", "fish/vendor_completions.d/ballast.fish")


def output(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=True, **more).stdout


class InstallTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ballast install ")  # with a space
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def install(self, prefix, destdir=None):
        environment = {**os.environ, **({"DESTDIR": str(destdir)} if destdir else {})}
        done = subprocess.run(["cmake", "--install", BUILD, "--prefix", str(prefix)], env=environment, cwd=self.folder,
                              capture_output=True, text=True, umask=0o022)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assert_whole(self, prefix):
        program, share = prefix / "bin/ballast", prefix / "share"
        version = re.search(r"^project\(ballast VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M)[1]
        self.assertIn(version, output(program, "--version", cwd="/"))
        commands = set(re.findall(r"^  ([a-z]+) ", output(program, "--help", cwd="/"), re.M)) - {"ballast"}
        self.assertIn("deploy", commands)
        pages = {page.name for page in (share / "man/man1").iterdir()}
        self.assertEqual([], sorted(name for name in commands if not any(
            re.fullmatch(rf"ballast-{name}(-[a-z-]+)?\.1\.gz", page) for page in pages)))
        self.assertIn("ballast.1.gz", pages)
        self.assertIn(".SH", gzip.decompress((share / "man/man1/ballast-deploy.1.gz").read_bytes()).decode())
        for file in COMPLETIONS:
            self.assertIn("ballast", (share / file).read_text(), file)
        documents = share / "doc/ballast"
        for name in ("LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md", "docs/errors.md", "docs/images/deploy.svg"):
            source = ROOT / name
            self.assertEqual((documents / name).read_bytes(), source.read_bytes(), name)
        installed = {file.relative_to(prefix).parts[0] for file in prefix.rglob("*") if file.is_file()}
        self.assertEqual(installed, {"bin", "share"})
        needed = {True: 0o755, False: 0o644}
        self.assertEqual([], [str(path) for path in prefix.rglob("*") if ~path.stat().st_mode & needed[path.is_dir()]])
        self.assertTrue(os.access(program, os.X_OK))

    def test_below_a_prefix(self):
        self.install(self.folder / "usr")
        self.assert_whole(self.folder / "usr")

    def test_below_destdir(self):
        self.install("/usr", self.folder / "stage")
        self.assert_whole(self.folder / "stage/usr")
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["stage"])

    def test_below_a_relative_prefix(self):
        self.install("here")
        self.assert_whole(self.folder / "here")


if __name__ == "__main__":
    unittest.main(verbosity=2)
