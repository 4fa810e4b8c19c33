# SPDX-License-Identifier: Apache-2.0
"""packaging/checksums: SHA256SUMS of what tools/dist made, and its signature, as docs/install.md checks them."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ["ballast-1.2.3-linux-amd64.tar.gz", "ballast_1.2.3_amd64.deb", "ballast.rb", "image/index.json", "npm/scope-cli-1.2.3.tgz",
         "a file"]
OTHERS = ["ballast-1.2.2-linux-amd64.tar.gz", "ballast_1.2.2_amd64.deb", "ballast-db-cli-1.2.2.tgz"]


class Checksums(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.dist = self.place / "dist"
        for name in FILES + OTHERS:
            (self.dist / name).parent.mkdir(parents=True, exist_ok=True)
            (self.dist / name).write_text(name)

    def run_in(self, folder, *command, status=0, **more):
        run = subprocess.run([str(word) for word in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, check=False, **more)
        self.assertEqual(run.returncode, status, run.stdout)
        return run.stdout

    def checksums(self, *more, status=0, **options):
        return self.run_in(ROOT, "packaging/checksums", "1.2.3", self.dist, *more, status=status, **options)

    def keys(self, name, *options, password=""):
        """(secret, public)"""
        if not shutil.which("minisign"):
            self.fail("minisign is not installed: tools/setup")
        secret, public = self.place / f"{name}.key", self.place / f"{name}.pub"
        self.run_in(self.place, "minisign", "-G", *options, "-p", public, "-s", secret, input=password)
        return secret, public

    def test_files_of_this_version_are_listed_and_a_changed_one_is_found(self):
        self.checksums()
        listed = [line[66:] for line in (self.dist / "SHA256SUMS").read_text().splitlines()]
        self.assertEqual(listed, sorted(FILES))
        self.run_in(self.dist, "sha256sum", "--check", "--quiet", "SHA256SUMS")
        (self.dist / "ballast.rb").write_text("changed")
        self.assertIn("ballast.rb: FAILED", self.run_in(self.dist, "sha256sum", "--check", "SHA256SUMS", status=1))

    def test_the_signature_is_that_of_the_public_key(self):
        secret, public = self.keys("ballast", "-W")
        self.checksums(secret, public)
        verify = ["minisign", "-Vm", "SHA256SUMS", "-p", public]
        self.assertIn("ballast 1.2.3", self.run_in(self.dist, *verify))
        # Once more: the signature of before is no file of the release.
        self.checksums(secret, public)
        self.assertNotIn("minisig", (self.dist / "SHA256SUMS").read_text())
        self.run_in(self.dist, *verify)
        with (self.dist / "SHA256SUMS").open("a") as sums:
            sums.write(f"{'0' * 64}  another\n")
        self.run_in(self.dist, *verify, status=1)

    def test_a_key_with_a_password(self):
        secret, public = self.keys("ballast", password="s3cret\ns3cret\n")
        self.assertIn("Password:", self.checksums(secret, public, input="s3cret\n"))
        self.run_in(self.dist, "minisign", "-Vm", "SHA256SUMS", "-p", public)

    def test_another_public_key_is_refused(self):
        secret, _ = self.keys("ballast", "-W")
        _, other = self.keys("other", "-W")
        self.assertIn("other.pub is not the public key of", self.checksums(secret, other, status=1))
        self.assertFalse((self.dist / "SHA256SUMS.minisig").exists())


if __name__ == "__main__":
    unittest.main()
