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
        self.assertEqual(set(schema["properties"]) - {"project", "lint"}, set(every))
        project = schema["properties"]["project"]["additionalProperties"]["properties"]
        twice = {key for key in every if every.count(key) == 2}
        self.assertEqual(set(project), twice)


if __name__ == "__main__":
    unittest.main()
