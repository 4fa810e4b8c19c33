#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checks of this repository find what they are for: tools/check_words.py and tools/version.py."""
import pathlib
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import check_words  # noqa: E402
import version  # noqa: E402


class CheckWords(unittest.TestCase):
    def test_names_are_split(self):
        for name, words in [("MayGoOnAfter", "may go on after"), ("may_go_on_after", "may go on after"),
                            ("kRightsSQLText", "k rights sql text"), ("plain", "plain")]:
            self.assertEqual(check_words.words_of(name), words)

    def test_names_with_old_words(self):
        patterns = check_words.Patterns({**check_words.WORDS, **check_words.NAMES})
        for line, name in [("  if (!GoesOnAfter(wave)) break;", "GoesOnAfter"), ("std::string baseline_facts;", "baseline_facts"),
                           ("  auto HeirsOf(const Table&);", "HeirsOf")]:
            self.assertEqual([found for found, _ in check_words.findings_in_names(line, patterns)], [name])
        for line in ["int continued_after = 0;", 'Say("may_go_on");', "TrimRight(text);"]:
            self.assertEqual(list(check_words.findings_in_names(line, patterns)), [])


class Version(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        for name in version.FILES + ["CMakeLists.txt", "CHANGELOG.md"]:
            (self.root / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)

    def tearDown(self):
        self.folder.cleanup()

    def test_all_places_are_found(self):
        self.assertEqual(list(version.differences(self.root)), [])
        old = version.version(self.root)
        project = self.root / "CMakeLists.txt"
        project.write_text(project.read_text().replace(f"VERSION {old}", "VERSION 9.8.7"))
        places = list(version.differences(self.root))
        for name in version.FILES + ["CHANGELOG.md"]:
            self.assertTrue(any(place.startswith(name) for place in places), name)

    def test_one_command_changes_them(self):
        version.change(self.root, "9.8.7")
        self.assertEqual(version.version(self.root), "9.8.7")
        self.assertEqual([place.split(":")[0] for place in version.differences(self.root)], ["CHANGELOG.md"])


if __name__ == "__main__":
    unittest.main()
