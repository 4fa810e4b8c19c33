# SPDX-License-Identifier: Apache-2.0
"""The TypeScript types of the JSON reports: packaging/npm/types makes one interface for each schema."""
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class NpmTypes(unittest.TestCase):
    def test_every_schema_has_an_interface(self):
        made = subprocess.run([sys.executable, ROOT / "packaging/npm/types"], stdout=subprocess.PIPE, text=True, check=True).stdout
        schemas = {path.stem for path in (ROOT / "docs/schemas").glob("*.json")} - {"ballast.toml"}
        names = {"".join(word.capitalize() for word in stem.split("-")) + "Report" for stem in schemas}
        self.assertEqual(set(re.findall(r"export interface (\w+)", made)), names)
        self.assertEqual(made.count("{"), made.count("}"))


if __name__ == "__main__":
    unittest.main()
