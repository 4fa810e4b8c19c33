# SPDX-License-Identifier: Apache-2.0
"""docs/schemas/ballast.toml.json knows exactly the keys that the program reads."""
import json
import pathlib
import re
import tomllib
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ConfigSchema(unittest.TestCase):
    def test_has_the_keys_of_the_program(self):
        schema = json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text())
        source = (ROOT / "src/workspace/config.cc").read_text()

        def keys(table):
            return set(re.findall(r'^    {"(\w+)",', source.split(f"{table}[] = {{")[1].split("};")[0], re.M))

        self.assertEqual(set(schema["properties"]) - {"project", "lint", "serve", "thresholds"}, keys("kConfigKeys"))
        project = schema["properties"]["project"]["additionalProperties"]["properties"]
        self.assertEqual(set(project), keys("kProjectKeys"))

    def test_has_the_keys_of_serve(self):
        schema = json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text())["properties"]["serve"]
        known = set(re.findall(r'setting == "(\w+)"', (ROOT / "src/workspace/config_serve.cc").read_text()))
        database = schema["properties"]["database"]["additionalProperties"]["properties"]
        self.assertEqual(set(schema["properties"]) | set(database), known)

    def test_has_the_key_figures_of_the_program(self):
        schema = json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text())
        source = (ROOT / "src/workspace/config_thresholds.cc").read_text()
        figures = re.findall(r'{"(\w+)", (?:true|false)}', source)
        self.assertEqual(set(schema["properties"]["thresholds"]["properties"]), {"window", *figures})

    def test_accepts_the_examples_of_the_documentation(self):
        if jsonschema is None:
            self.skipTest("NO JSONSCHEMA: apt-get install python3-jsonschema")
        schema = json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text())
        examples = [(page.name, text) for page in sorted(ROOT.glob("docs/**/*.md"))
                    for text in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)]
        written = (ROOT / "src/commands/init_files.cc").read_text()
        config = re.search(r'kConfig =\s+R"\((.*?)\)"', written, re.DOTALL)[1]
        examples.append(("init", re.sub(r"^# (\w+ = )", r"\1", config, flags=re.MULTILINE)))
        for name, text in examples:
            settings = tomllib.loads(text)
            if "target" in settings:  # a file of a fleet's targets (docs/fleets.md)
                continue
            errors = [f"{error.json_path}: {error.message}" for error in jsonschema.Draft202012Validator(schema).iter_errors(settings)]
            self.assertEqual(errors, [], f"{name}:\n{text}")
        self.assertGreater(len(examples), 5)


if __name__ == "__main__":
    unittest.main()
