# SPDX-License-Identifier: Apache-2.0
"""docs/schemas/ballast.toml.json knows exactly the keys that the program reads."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))


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
        figures = re.findall(r'{"(\w+)", (?:true|false)[,}]', source)
        self.assertEqual(set(schema["properties"]["thresholds"]["properties"]), {"window", *figures})

    def test_accepts_what_the_program_accepts(self):
        if jsonschema is None:
            self.skipTest("NO JSONSCHEMA: apt-get install python3-jsonschema")
        if not PROGRAM.exists():
            self.skipTest(f"NO PROGRAM: {PROGRAM} is not built")
        validator = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/schemas/ballast.toml.json").read_text()))
        settings = [f"lock_timeout = {value}" for value in ("5", '"5"', '"30 s"', '" 2min "', '"2m"', '"1h"', "-1", '"1.5s"', '"1 week"', '""')]
        settings += ['schema = ""', 'schema = "s.prisma"', 'ignore = [""]', "ignore = []"]
        settings += [f'[project."{name}"]\nschema = "s.prisma"' for name in ("a", "A-b_c.9", ".a", "a b", "é", "x" * 64, "x" * 65)]
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "s.prisma").write_text('datasource db {\n  provider = "postgresql"\n}\n')
            for text in settings:
                pathlib.Path(folder, "ballast.toml").write_text(text)
                run = subprocess.run([PROGRAM, "release", "show"], cwd=folder, capture_output=True, text=True, check=False)
                self.assertEqual(validator.is_valid(tomllib.loads(text)), "B101" not in run.stderr, text + run.stderr)

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
