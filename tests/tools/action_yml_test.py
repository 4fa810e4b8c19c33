# SPDX-License-Identifier: Apache-2.0
"""action.yml itself: its steps run as GitHub runs them, with inputs and contexts filled in."""
import hashlib
import os
import pathlib
import platform
import re
import shutil
import tarfile
import unittest

import yaml

from action_case import PROGRAM, ROOT, ActionCase

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine())


def value(expression, contexts):
    """Expressions that action.yml uses: a name of a context, a string, ||, == and !=."""
    for operator in ("||", "!=", "=="):
        left, found, right = expression.partition(f" {operator} ")
        if found:
            left, right = value(left, contexts), value(right, contexts)
            return left or right if operator == "||" else (left == right) == (operator == "==")
    expression = expression.strip()
    if expression.startswith("'"):
        return expression[1:-1]
    found = contexts
    for name in expression.split("."):
        found = found[name]
    return found


def filled(text, contexts):
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: str(value(match[1], contexts)), text)


class Action(ActionCase):
    def setUp(self):
        super().setUp()
        # The release that the action downloads contains the program that is tested.
        version = ACTION["inputs"]["version"]["default"]
        name = f"ballast-{version}-linux-{ARCHITECTURE}"
        release = self.place / f"downloads/v{version}"
        release.mkdir(parents=True)
        with tarfile.open(release / f"{name}.tar.gz", "w:gz", compresslevel=1) as tar:
            tar.add(PROGRAM, f"{name}/bin/ballast")
        digest = hashlib.sha256((release / f"{name}.tar.gz").read_bytes()).hexdigest()
        (release / "SHA256SUMS").write_text(f"{digest}  {name}.tar.gz\n")
        # No other ballast is on the PATH.
        self.path = ":".join(folder for folder in os.environ["PATH"].split(":") if not (pathlib.Path(folder) / "ballast").exists())
        self.environment |= {"BALLAST_DOWNLOADS": f"file://{self.place}/downloads", "GITHUB_ACTION_PATH": str(ROOT), "PATH": self.path}

    def uses(self, status=0, event=None, **given):
        """Runs the action; `given` are inputs. Returns what the steps print, and the outputs."""
        unknown = set(given) - {name.replace("-", "_") for name in ACTION["inputs"]}
        self.assertFalse(unknown)
        inputs = {name: given.get(name.replace("-", "_"), field["default"]) for name, field in ACTION["inputs"].items()}
        contexts = {"inputs": inputs, "github": {"token": "token of the job"}, "steps": {}}
        environment = dict(event or {})
        said = ""
        for number, step in enumerate(ACTION["runs"]["steps"]):
            outputs = self.place / f"outputs-{number}"
            outputs.write_text("")
            contexts["steps"][step.get("id", number)] = {"outputs": outputs}
            if not value(step.get("if", "'always'"), contexts):
                continue
            self.assertEqual(step["shell"], "bash")
            added = [line for line in self.written("GITHUB_PATH").split("\n") if line]
            variables = {name: filled(text, contexts) for name, text in step.get("env", {}).items()}
            last = number == len(ACTION["runs"]["steps"]) - 1
            said += self.run_in(self.clone / filled(step.get("working-directory", "."), contexts),
                                "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled(step["run"], contexts),
                                status=status if last else 0,
                                **{**environment, **variables, "GITHUB_OUTPUT": str(outputs), "PATH": ":".join([*added, self.path])})
        for step in contexts["steps"].values():
            lines = step["outputs"].read_text().splitlines()
            step["outputs"] = {"branch": "", **dict(line.split("=", 1) for line in lines)}
        return said, {name: filled(field["value"], contexts) for name, field in ACTION["outputs"].items()}

    def test_a_release_of_a_project_below_the_top(self):
        (self.clone / "an app").mkdir()
        self.run_in(self.clone, "git", "mv", "prisma", "an app/prisma")
        self.commit("a folder")
        tag = {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1.0.0"}
        self.write("an app/ballast.toml", 'release_branches = ["rel-*"]\n')
        self.commit("branches")
        said, outputs = self.uses(event=tag, run="release", working_directory="an app", branch_prefix="rel-")
        self.assertIn("pushed rel-v1.0.0", said)
        self.assertEqual(outputs, {"branch": "rel-v1.0.0"})

    def test_check_is_the_default(self):
        said, outputs = self.uses()
        self.assertIn("schema and migrations agree", said)
        self.assertEqual(outputs, {"branch": ""})
        shutil.move(self.clone / "prisma", self.clone / "db")
        said, _ = self.uses(schema="db/schema.prisma")
        self.assertIn("| schema and migrations agree | passed |", self.written("GITHUB_STEP_SUMMARY"))
        said, _ = self.uses(status=2, schema="other.prisma")
        self.assertIn("::error", said)

    def test_install_alone(self):
        said, _ = self.uses(run="install")
        self.assertNotIn("agree", said)
        added = self.written("GITHUB_PATH").strip()
        self.assertIn("ballast", self.run_in(self.place, "ballast", "--version", PATH=f"{added}:{self.path}"))

    def test_every_input_is_used_and_documented(self):
        steps = str(ACTION["runs"]["steps"])
        page = (ROOT / "docs/github-actions.md").read_text()
        self.assertEqual(set(re.findall(r"inputs\.([\w-]+)", steps)), set(ACTION["inputs"]))
        self.assertEqual(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE), list(ACTION["inputs"]))
        # What a step sets, a script reads.
        scripts = "".join(file.read_text() for file in (ROOT / "packaging/action").iterdir())
        for step in ACTION["runs"]["steps"]:
            for name in step["env"]:
                self.assertIn(name, scripts)


if __name__ == "__main__":
    unittest.main()
