# SPDX-License-Identifier: Apache-2.0
"""CONTRIBUTING.md and ARCHITECTURE.md name files, folders and identifiers; each of them exists."""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GUIDES = ("CONTRIBUTING.md", "ARCHITECTURE.md")
FILE = re.compile(r"[\w./*-]+\.(?:cc|h|py|cmake|txt|md|toml|json)")
IDENTIFIER = re.compile(r"k?[A-Z][a-z]+\w*|\w+_\w+")


def named(guide):
    """What stands in backticks outside of code blocks and the table of words, as single words."""
    text = re.sub(r"```.*?```", "", (ROOT / guide).read_text(), flags=re.DOTALL)
    text = text.split("\n## Style")[0]
    return {word for word in re.findall(r"`([^`\s]+)`", text)}


def tracked():
    return subprocess.run(["git", "ls-files"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.split()


def words(files):
    """All words of the code; `plan_test` and its like are programs that CMake makes of the folders."""
    found = {pathlib.Path(file).parent.name + "_test" for file in files if file.endswith("_test.cc")}
    for file in files:
        if file.startswith(("src/", "tests/", "cmake/")) and file.endswith((".cc", ".h", ".py", ".cmake", "CMakeLists.txt")):
            found.update(re.findall(r"\w+", (ROOT / file).read_text(errors="replace")))
    return found


class GuidesTest(unittest.TestCase):
    def test_files_exist(self):
        files = tracked()
        names = {word for guide in GUIDES for word in named(guide) if FILE.fullmatch(word)}
        self.assertGreater(len(names), 20)
        for name in sorted(names):
            pattern = re.compile("(.*/)?" + re.escape(name).replace(r"\*", ".*"))
            with self.subTest(name):
                self.assertTrue(name.isupper() or "NAME" in name or any(pattern.fullmatch(file) for file in files))

    def test_identifiers_exist(self):
        names = {word.removesuffix("()").split("::")[-1] for guide in GUIDES for word in named(guide)}
        names = {name for name in names if IDENTIFIER.fullmatch(name) and not name.isupper()}
        self.assertGreater(len(names), 20)
        self.assertEqual(sorted(names - words(tracked())), [])


if __name__ == "__main__":
    unittest.main()
