# SPDX-License-Identifier: Apache-2.0
"""docs/schemas/ballast.toml.json knows exactly the keys that the program reads."""
import json
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ConfigSchema(unittest.TestCase):
    def test_has_the_keys_of_the_program(self):
        schema = json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text())
        every = re.findall(r'key == "(\w+)"', (ROOT / "src/workspace/config.cc").read_text())
        self.assertEqual(set(schema["properties"]) - {"project", "lint", "serve", "thresholds"}, set(every))
        project = schema["properties"]["project"]["additionalProperties"]["properties"]
        twice = {key for key in every if every.count(key) == 2}
        self.assertEqual(set(project), twice)

    def test_has_the_keys_of_serve(self):
        schema = json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text())["properties"]["serve"]
        known = set(re.findall(r'setting == "(\w+)"', (ROOT / "src/workspace/config.cc").read_text()))
        database = schema["properties"]["database"]["additionalProperties"]["properties"]
        self.assertEqual(set(schema["properties"]) | set(database), known)

    def test_has_the_key_figures_of_the_program(self):
        schema = json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text())
        source = (ROOT / "src/workspace/config.cc").read_text()
        figures = re.findall(r'{"(\w+)", (?:true|false)}', source)
        self.assertEqual(set(schema["properties"]["thresholds"]["properties"]), {"window", *figures})


if __name__ == "__main__":
    unittest.main()
