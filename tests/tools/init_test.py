# SPDX-License-Identifier: Apache-2.0
"""What `ballast init` writes, run as the platforms run it, and judged by their own schemas: Compose's by Debian's
docker-compose, Kubernetes' and GitHub's by npm packages (tools/judge/platforms)."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))
TARGETS = ["railway", "docker", "compose", "kubernetes", "github"]
JUDGE = os.environ.get("BALLAST_PLATFORMS", "")
KUBERNETES = """
import { readFileSync } from 'node:fs'
import { Deployment } from 'kubernetes-models/apps/v1'
import { Job } from 'kubernetes-models/batch/v1'
import { ConfigMap } from 'kubernetes-models/v1'
import { parseAllDocuments } from 'yaml'
const kinds = { Deployment, Job, ConfigMap }
for (const document of parseAllDocuments(readFileSync(process.argv[1], 'utf8'))) {
  const value = document.toJS()
  new kinds[value.kind](value).validate()
  console.log('valid', value.kind)
}
"""
# The package imports JSON files without the attribute that Node.js wants.
GITHUB = """
import { readFileSync } from 'node:fs'
import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(`import { readFileSync } from 'node:fs'
export async function load(url, context, next) {
  if (!url.endsWith('.json')) return next(url, context)
  const source = 'export default ' + readFileSync(new URL(url), 'utf8')
  return { format: 'module', shortCircuit: true, source }
}`))
const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser')
const content = readFileSync(process.argv[1], 'utf8')
const { context } = parseWorkflow({ name: 'ballast.yml', content }, new NoOperationTraceWriter())
for (const error of context.errors.getErrors()) console.log('error', error.message)
console.log('errors:', context.errors.getErrors().length)
"""


class Init(unittest.TestCase):
    def setUp(self):
        if not PROGRAM.exists():
            self.skipTest(f"NO PROGRAM: {PROGRAM} is not built")
        if yaml is None:
            self.skipTest("NO YAML: apt-get install python3-yaml")
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.project = pathlib.Path(place.name, "project")
        shutil.copytree(ROOT / "examples/testing/prisma", self.project / "prisma")
        # The program has its usual name, wherever the tested one is.
        self.programs = pathlib.Path(place.name, "programs")
        self.programs.mkdir()
        (self.programs / "ballast").symlink_to(PROGRAM)

    def run_here(self, *command, status=0, path=None, folder=None, **variables):
        environment = {**os.environ, "PATH": f"{path or self.programs}:{os.environ['PATH']}", **variables}
        run = subprocess.run([str(word) for word in command], cwd=folder or self.project, text=True, env=environment,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        self.assertEqual(run.returncode, status, run.stdout)
        return run.stdout

    def with_database(self, script, **options):
        return self.run_here(PROGRAM, "scratch", "--", "sh", "-ec", script, **options)

    def files(self):
        return {path.relative_to(self.project).as_posix(): (path.read_bytes(), path.stat().st_mode)
                for path in self.project.rglob("*") if path.is_file()}

    def judged(self, script, file):
        if not JUDGE:
            self.skipTest("NO JUDGE: BALLAST_PLATFORMS (tools/judges)")
        return subprocess.run(["node", "--input-type=module", "--eval", script, self.project / file], cwd=JUDGE, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout

    def copied(self, dockerfile):
        """What Docker copies from the project now. A pattern may have no match, a path may not."""
        found = set()
        for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE):
            source, _ = json.loads(line) if line.startswith("[\"") else line.split()
            matches = [path.relative_to(self.project).as_posix() for path in self.project.glob(source)]
            self.assertTrue(matches or "[" in source, source)
            found |= set(matches)
        return found

    def test_the_image_has_the_package_in_whatever_order_files_and_package_are_made(self):
        steps = {"docker": ("init", "docker"), "railway": ("init", "railway"), "package": ("release", "create", "v1.0.0")}
        for order in (("docker", "railway", "package"), ("docker", "package", "railway"), ("package", "railway", "docker")):
            with self.subTest(order):
                for name in self.project.iterdir():
                    if name.name != "prisma":
                        shutil.rmtree(name) if name.is_dir() else name.unlink()
                for step in order:
                    self.run_here("ballast", *steps[step])
                    self.run_here("ballast", *steps[step])  # changes nothing
                shown = json.loads(self.run_here("ballast", "release", "show", "--output", "json"))
                self.assertIn("v1.0.0", json.dumps(shown))
                copied = self.copied((self.project / "Dockerfile.ballast").read_text())
                packages = {path.parts[0] for path in
                            (file.relative_to(self.project) for file in self.project.rglob("manifest.json"))}
                self.assertEqual(len(packages), 1)
                self.assertLessEqual(packages, copied)

    def two_projects(self):
        for name in ("main", "runs"):
            shutil.copytree(self.project / "prisma", self.project / "packages" / name / "prisma")
        shutil.rmtree(self.project / "prisma")
        more = self.project / "packages/runs/prisma/migrations/20990101000000_more"
        more.mkdir()
        (more / "migration.sql").write_text('CREATE TABLE "OfRuns" ("id" INTEGER);\n')
        (self.project / "ballast.toml").write_text(
            '[project.main]\nschema = "packages/main/prisma/schema.prisma"\n'
            '[project.runs]\nschema = "packages/runs/prisma/schema.prisma"\nurl_variable = "RUNS_URL"\n')

    def test_each_project_of_a_repository_has_files_of_its_own(self):
        self.two_projects()
        self.run_here("ballast", "init", "railway", status=2)
        for _ in range(2):
            for name in ("main", "runs"):
                self.run_here("ballast", "--project", name, "init", *TARGETS)
        for name in ("main", "runs"):
            self.run_here(f".railway/{name}/generate-release-baseline.sh", "v1.0.0")
            self.assertTrue((self.project / f".railway/{name}/release-migrations").exists())
            command, = json.loads((self.project / f"railway.{name}.json").read_text())["deploy"]["preDeployCommand"]
            written = yaml.safe_load((self.project / f"compose.{name}.ballast.yaml").read_text())["services"]
            compose = " ".join(["ballast", *written[f"migrate-{name}"]["command"]])
            pods = list(yaml.safe_load_all((self.project / f"kubernetes.{name}.ballast.yaml").read_text()))
            container, = pods[1]["spec"]["template"]["spec"]["containers"]
            variable = "RUNS_URL" if name == "runs" else "DATABASE_URL"
            self.assertEqual(list(written[f"migrate-{name}"]["environment"]), [variable, "PGPASSWORD"])
            docker = (self.project / f"Dockerfile.{name}.ballast").read_text()
            self.assertEqual(self.copied(docker), {f"ballast-entrypoint.{name}.sh", f"packages/{name}/prisma", "ballast.toml",
                                                   f".railway/{name}"})
            lines = (command, compose, " ".join(container["command"]), f"sh ballast-entrypoint.{name}.sh true")
            output = self.with_database(
                f"url=$DATABASE_URL; unset DATABASE_URL; export {variable}=$url; {'; '.join(lines)}; "
                f"""psql -At "$url" -c "SELECT 'runs: ' || (to_regclass('\\"OfRuns\\"') IS NOT NULL)" """)
            self.assertIn(f"runs: {'true' if name == 'runs' else 'false'}", output)
            workflow = yaml.safe_load((self.project / f".github/workflows/ballast-{name}.yml").read_text())
            for job in workflow["jobs"].values():
                self.assertEqual(job["steps"][-1]["with"]["project"], name)
            self.assertEqual(workflow["jobs"]["release"]["concurrency"], f"ballast-release-{name}")

    def test_the_workflow_of_a_folder_is_where_github_looks(self):
        (self.project / ".git").mkdir()
        for name in ("apps", "others"):
            shutil.copytree(self.project / "prisma", self.project / name / "prisma")
        shutil.rmtree(self.project / "prisma")
        (self.project / "apps").rename(self.project / "@acme")
        self.run_here("ballast", "-C", "@acme", "init", "github", "docker")
        workflow = yaml.safe_load((self.project / ".github/workflows/ballast.yml").read_text())
        for job in workflow["jobs"].values():
            self.assertEqual(job["steps"][-1]["with"]["working-directory"], "@acme")

    def test_files_are_named_from_where_the_user_is(self):
        (self.project / ".git").mkdir()
        folder = self.project / "prisma/migrations"
        report = json.loads(self.run_here("ballast", "init", "docker", "railway", "--output", "json", folder=folder))
        self.assertIn("../../ballast-entrypoint.sh", report["written"])
        for name in report["written"]:
            self.assertTrue((folder / name).is_file(), name)
        report = json.loads(self.run_here("ballast", "init", "docker", "--output", "json"))
        self.assertIn("ballast-entrypoint.sh", report["unchanged"])

    def test_a_second_folder_has_a_workflow_of_its_own(self):
        (self.project / ".git").mkdir()
        for name in ("@acme", "my apps/b"):
            shutil.copytree(self.project / "prisma", self.project / name / "prisma")
        shutil.rmtree(self.project / "prisma")
        for _ in range(2):
            for name in ("@acme", "my apps/b"):
                self.run_here("ballast", "-C", name, "init", "github")
        for name, file in (("@acme", "ballast.yml"), ("my apps/b", "ballast-my-apps-b.yml")):
            workflow = yaml.safe_load((self.project / ".github/workflows" / file).read_text())
            for job in workflow["jobs"].values():
                self.assertEqual(job["steps"][-1]["with"]["working-directory"], name)
            self.assertEqual(workflow["name"], pathlib.Path(file).stem)

    def test_the_entrypoint_in_the_docs_is_the_one_that_is_written(self):
        self.run_here("ballast", "init", "docker")
        written = [line for line in (self.project / "ballast-entrypoint.sh").read_text().splitlines() if not line.startswith("# ")]
        shown = re.search(r"```sh\n(#!/bin/sh\n.*?)```", (ROOT / "docs/docker.md").read_text(), re.DOTALL)[1]
        self.assertEqual(written, shown.splitlines())

    def test_docker_copies_the_package_and_the_configuration_wherever_they_are(self):
        (self.project / "the db").mkdir()
        (self.project / "prisma").rename(self.project / "the db/prisma")
        for name in ("prisma7.config.ts", ".config/prisma.ts", ".config/prisma.config.mts"):
            (self.project / name).parent.mkdir(exist_ok=True)
            (self.project / name).write_text("export default {}\n")
        (self.project / "ballast.toml").write_text(
            '[project.Run_Ops]\nschema = "the db/prisma/schema.prisma"\npackage = ".railway/runs"\n')
        self.run_here("ballast", "init", "docker")
        self.run_here("ballast", "release", "create", "v1.0.0")
        self.assertTrue((self.project / ".railway/runs/release-migrations").exists())
        copied = self.copied((self.project / "Dockerfile.ballast").read_text())
        self.assertLessEqual({"the db/prisma", ".railway/runs", "ballast.toml"}, copied)
        shutil.rmtree(self.project / "the db")
        shutil.rmtree(self.project / ".railway")
        shutil.copytree(ROOT / "examples/testing/prisma", self.project / "prisma")
        for name in ("ballast.toml", "Dockerfile.ballast", "ballast-entrypoint.sh"):
            (self.project / name).unlink()
        for name in ("prisma7.config.ts", ".config/prisma.ts", ".config/prisma.config.mts"):
            (self.project / name).write_text("export default { schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } }\n")
        self.run_here("ballast", "init", "docker")
        copied = self.copied((self.project / "Dockerfile.ballast").read_text())
        self.assertLessEqual({"prisma7.config.ts", ".config/prisma.ts", ".config/prisma.config.mts"}, copied)

    def test_written_files_that_a_checkout_has_changed(self):
        self.run_here("ballast", "init", *TARGETS)
        first = self.files()
        for name in first:
            path = self.project / name
            if not name.startswith("prisma/"):
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
                path.chmod(0o644)
        report = json.loads(self.run_here("ballast", "init", *TARGETS, "--output", "json"))
        self.assertEqual({name.rpartition(".")[2] for name in report["written"]}, {"sh"})
        for name, (content, mode) in first.items():
            if name.endswith(".sh"):
                self.assertEqual(((self.project / name).read_bytes(), (self.project / name).stat().st_mode), (content, mode))

    def test_a_configuration_of_railway_stays(self):
        for name, text in (("railway.json", '{ "build": { "builder": "NIXPACKS" } }\n'), ("railway.toml", '[build]\nbuilder = "NIXPACKS"\n')):
            with self.subTest(name):
                (self.project / name).write_text(text)
                output = self.run_here("ballast", "init", "railway")
                self.assertIn(f"{name} is not changed: add ", output)
                self.assertIn('["sh .railway/migrate.sh"]', output)
                self.assertEqual((self.project / name).read_text(), text)
                self.assertTrue((self.project / ".railway/migrate.sh").exists())
                self.assertEqual(len(list(self.project.glob("railway.*"))), 1)
                with_command = {"railway.json": '{ "deploy": { "preDeployCommand": ["sh .railway/migrate.sh"] } }\n'}
                (self.project / name).write_text(with_command.get(name, text + "# sh .railway/migrate.sh\n"))
                self.assertIn(f"unchanged {name}", self.run_here("ballast", "init", "railway"))
                (self.project / name).unlink()

    def test_a_second_run_changes_nothing(self):
        self.run_here("ballast", "init", *TARGETS)
        first = self.files()
        report = json.loads(self.run_here("ballast", "init", *TARGETS, "--output", "json"))
        self.assertEqual(report["written"], [])
        self.assertEqual(self.files(), first)
        self.run_here("ballast", "init")
        self.assertIn("docs/schemas/ballast.toml.json", (self.project / ".railway/ballast.toml").read_text()
                      if (self.project / ".railway/ballast.toml").exists() else (self.project / "ballast.toml").read_text())
        for name, (content, _) in first.items():
            if not name.startswith("prisma/") and not name.endswith(".json"):
                self.assertIn(b"# ", b"\n".join(content.splitlines()[:2]), name)  # says what it is

    def test_railway(self):
        self.run_here("ballast", "init", "railway")
        self.run_here(".railway/generate-release-baseline.sh", "v1.0.0")
        commands = json.loads((self.project / "railway.json").read_text())["deploy"]["preDeployCommand"]
        for shell in ("sh", "bash"):
            line = " && ".join(commands).replace("sh ", f"{shell} ", 1)
            output = self.with_database(f"{line}; {line}", RAILWAY_GIT_BRANCH="railway-template-v1.0.0")
            self.assertIn("Release Version: v1.0.0", output)
        # A program that only the project's node_modules has.
        binaries = self.project / "node_modules/.bin"
        binaries.mkdir(parents=True)
        (binaries / "ballast").symlink_to(PROGRAM)
        for shell in ("sh", "bash"):
            line = " && ".join(commands).replace("sh ", f"{shell} ", 1)
            output = self.with_database(line, path="/nonexistent", RAILWAY_GIT_BRANCH="railway-template-v1.0.0")
            self.assertIn("Release migration complete", output)
        (self.project / "sub").mkdir()
        output = self.with_database("cd sub && /bin/sh ../.railway/migrate.sh", path="/nonexistent",
                                    RAILWAY_GIT_BRANCH="railway-template-v1.0.0")
        self.assertIn("Release migration complete", output)

    def test_scripts_work_on_their_own_project(self):
        (self.project / ".git").mkdir()
        shutil.copytree(self.project / "prisma", self.project / "apps/n/prisma")
        more = self.project / "apps/n/prisma/migrations/20990101000000_more"
        more.mkdir()
        (more / "migration.sql").write_text('CREATE TABLE "OfN" ("id" INTEGER);\n')
        self.run_here("ballast", "-C", "apps/n", "init", "railway")
        scripts = self.project / "apps/n/.railway"
        for folder, name in ((self.project, "apps/n/.railway/migrate.sh"), ("/", scripts / "migrate.sh"), (scripts, "migrate.sh")):
            output = self.with_database(f"cd {folder}; sh {name}; "
                                        """psql -At "$DATABASE_URL" -c "SELECT 'found: ' || count(*) FROM \\"OfN\\"" """)
            self.assertIn("found: 0", output)
        self.run_here("sh", "apps/n/.railway/generate-release-baseline.sh", "v1.0.0")
        self.assertTrue((scripts / "release-migrations").exists())
        self.assertFalse((self.project / ".railway").exists())

    def test_a_configuration_that_railway_cannot_read(self):
        self.run_here("ballast", "init", "railway")
        with (self.project / "railway.json").open("a") as file:
            file.write("edited\n")
        self.assertIn("railway.json is not valid JSON", self.run_here("ballast", "init", "railway", status=2))
        self.run_here("ballast", "init", "railway", "--force")
        json.loads((self.project / "railway.json").read_text())

    def test_docker_copies_what_the_configuration_imports(self):
        (self.project / "config").mkdir()
        (self.project / "config/env.ts").write_text('import "./more";\n')
        (self.project / "config/more.ts").write_text("export {};\n")
        (self.project / "prisma.config.ts").write_text('import "./config/env";\nexport default { schema: "prisma/schema.prisma" };\n')
        self.run_here("ballast", "init", "docker")
        copied = self.copied((self.project / "Dockerfile.ballast").read_text())
        self.assertEqual(copied, {"ballast-entrypoint.sh", "prisma", "config/env.ts", "config/more.ts", "prisma.config.ts"})

    def test_docker_copies_no_other_files_than_those_of_the_project(self):
        for path in (self.project / "prisma").iterdir():
            path.rename(self.project / path.name)
        (self.project / "prisma").rmdir()
        (self.project / ".env").write_text("SECRET=1\n")
        self.run_here("ballast", "init", "docker")
        copied = self.copied((self.project / "Dockerfile.ballast").read_text())
        self.assertEqual(copied, {"ballast-entrypoint.sh", "schema.prisma", "migrations"})

    def test_railway_with_yarn_plug_and_play(self):
        (self.project / ".pnp.cjs").write_text('["@ballast-db/cli", [["npm:0.2.0"]]]')
        self.run_here("ballast", "init", "railway")
        programs = self.project / "programs"
        programs.mkdir()
        (programs / "yarn").write_text(f'#!/bin/sh\nshift\nexec {PROGRAM} "$@"\n')
        (programs / "yarn").chmod(0o755)
        self.run_here(".railway/generate-release-baseline.sh", "v1.0.0", path=programs)

    def test_railway_finds_the_program_that_the_project_pins(self):
        """In a workspace, at its top; before one that is installed elsewhere."""
        subprocess.run(["git", "init", "-q", self.project], check=True)
        package = self.project / "packages/a"
        package.mkdir(parents=True)
        (self.project / "prisma").rename(package / "prisma")
        (package / "package.json").write_text("{}")
        shutil.copytree(package, self.project / "packages/b")
        self.run_here("ballast", "init", "railway", folder=package)
        pinned = self.project / "node_modules/.bin"
        pinned.mkdir(parents=True)
        (pinned / "ballast").symlink_to(PROGRAM)
        elsewhere = self.project / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "ballast").write_text("#!/bin/sh\necho not the pinned one\nexit 9\n")
        (elsewhere / "ballast").chmod(0o755)
        self.run_here("sh", ".railway/generate-release-baseline.sh", "v1.0.0", path=elsewhere, folder=package)

    def test_railway_with_a_command_of_its_own(self):
        (self.project / "railway.json").write_text('{"deploy": {"preDeployCommand": ["npx prisma migrate deploy"]}}')
        self.assertIn("replace the preDeployCommand", self.run_here("ballast", "init", "railway"))

    def test_a_link_to_nothing_is_not_replaced(self):
        (self.project / "Dockerfile.ballast").symlink_to("/nonexistent/file")
        self.assertIn("exists with different content", self.run_here("ballast", "init", "docker", status=3))
        self.assertTrue((self.project / "Dockerfile.ballast").is_symlink())

    def test_docker(self):
        self.run_here("ballast", "init", "docker")
        self.run_here("ballast", "release", "create", "v1.0.0")
        text = (self.project / "Dockerfile.ballast").read_text()
        self.assertEqual(self.copied(text), {"ballast-entrypoint.sh", "prisma", ".ballast"})
        entrypoint = json.loads(re.search(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[1])
        self.assertEqual(os.path.basename(entrypoint[1]), "ballast-entrypoint.sh")
        run = "sh ballast-entrypoint.sh"
        output = self.with_database(f"{run} sh -c 'echo started as $$'; {run} echo again")
        self.assertIn("Release migration complete", output)
        self.assertRegex(output, "started as [0-9]+")
        self.assertIn("again", output)
        # It becomes the application: one process.
        output = self.with_database("sh ballast-entrypoint.sh sh -c 'echo $$' & echo $!; wait $!")
        numbers = [line for line in output.split("\n") if re.fullmatch("[0-9]+", line)]
        self.assertEqual(len(numbers), 2, output)
        self.assertEqual(*numbers)
        failed = self.run_here("sh", "ballast-entrypoint.sh", "echo", "started", status=3,
                               DATABASE_URL="postgresql://nobody@localhost:1/none?connect_timeout=1")
        self.assertNotIn("started\n", failed)

    def test_compose(self):
        self.run_here("ballast", "init", "compose")
        (self.project / "compose.yaml").write_text("version: '3.9'\nservices:\n  app:\n    image: my-app\n    depends_on: [db]\n"
                                                  "  db:\n    image: postgis/postgis:16-3.4\n    environment: {POSTGRES_PASSWORD: mine}\n")
        written = yaml.safe_load((self.project / "compose.ballast.yaml").read_text())
        migrate = written["services"]["migrate"]
        output = self.with_database(" ".join(["ballast", *migrate["command"]]))
        self.assertIn("migrations have been", output)
        self.assertIn("condition", written["services"]["app"]["depends_on"]["migrate"])
        if not shutil.which("docker-compose"):
            self.skipTest("NO COMPOSE: apt-get install docker-compose")
        merged = self.run_here("docker-compose", "-f", "compose.yaml", "-f", "compose.ballast.yaml", "config",
                               POSTGRES_PASSWORD="mine", POSTGRES_DB="app")
        services = yaml.safe_load(merged)["services"]
        self.assertEqual(services["db"], {"image": "postgis/postgis:16-3.4", "environment": {"POSTGRES_PASSWORD": "mine"}})
        self.assertEqual(services["migrate"]["environment"], {
            "DATABASE_URL": "postgresql://postgres@db:5432/app?dbname=postgres", "PGPASSWORD": "mine"})
        self.assertEqual(services["app"]["depends_on"]["migrate"], {"condition": "service_completed_successfully"})
        self.assertIn("db", services["app"]["depends_on"])

    def test_compose_sets_every_variable_of_the_datasource(self):
        schema = self.project / "prisma/schema.prisma"
        url = 'url = env("DATABASE_URL")'
        text = re.sub(r"url\s*=\s*env\(\"DATABASE_URL\"\)", url, schema.read_text())
        for change, names in ((url, ["DATABASE_URL"]), (url + '\n  directUrl = env("DIRECT_URL")', ["DATABASE_URL", "DIRECT_URL"]),
                              ('url = env("POOLED")\n  directUrl = env("UNPOOLED")', ["POOLED", "UNPOOLED"])):
            schema.write_text(text.replace(url, change))
            (self.project / "compose.ballast.yaml").unlink(missing_ok=True)
            self.run_here("ballast", "init", "compose")
            variables = yaml.safe_load((self.project / "compose.ballast.yaml").read_text())["services"]["migrate"]["environment"]
            self.assertEqual(list(variables), [*names, "PGPASSWORD"])
            self.assertEqual(len({variables[name] for name in names}), 1)

    def test_compose_with_a_database_named_after_its_user_and_any_password(self):
        self.run_here("ballast", "init", "compose")
        variables = yaml.safe_load((self.project / "compose.ballast.yaml").read_text())["services"]["migrate"]["environment"]

        def filled(text, **given):
            return re.sub(r"\$\{(\w+):-(\w*)\}", lambda match: given.get(match[1], match[2]), text)

        script = """unset DIRECT_URL; psql -qAtX "$DATABASE_URL" -c "CREATE ROLE app LOGIN CREATEDB PASSWORD 'a@b/c#d'" -c 'CREATE DATABASE app OWNER app'\n"""
        for given, database in (({"POSTGRES_USER": "app"}, "app"), ({"POSTGRES_USER": "app", "POSTGRES_DB": "shop"}, "shop")):
            url = filled(variables["DATABASE_URL"], **given).replace("@db:5432", "@localhost:$PGPORT") + "&host=$PGHOST"
            password = filled(variables["PGPASSWORD"], POSTGRES_PASSWORD="a@b/c#d")
            script += f"""DATABASE_URL="{url}" PGPASSWORD='{password}' ballast deploy\n"""
            script += f"""psql -qAtX "$DATABASE_URL" -c "SELECT 'made ' || datname FROM pg_database WHERE datname = '{database}'"\n"""
        output = self.with_database(script)
        for database in ("app", "shop"):
            self.assertIn(f"{database} on ", output)
            self.assertIn(f"made {database}", output)

    def test_kubernetes(self):
        self.run_here("ballast", "init", "kubernetes")
        deployment, job = yaml.safe_load_all((self.project / "kubernetes.ballast.yaml").read_text())
        pod = deployment["spec"]["template"]["spec"]
        container, = pod["initContainers"]
        line = " ".join(container["command"])
        replicas = deployment["spec"]["replicas"]
        self.assertGreater(replicas, 1)
        # All replicas at once, then the job, which finds nothing to do.
        at_once = " ".join(f"{line} --output json >{number} &" for number in range(replicas))
        waits = " ".join(f"wait %{number + 1};" for number in range(replicas))
        self.with_database(f"{at_once} {waits}\n{' '.join(job['spec']['template']['spec']['containers'][0]['command'])}")
        reports = [json.loads((self.project / str(number)).read_text()) for number in range(replicas)]
        self.assertEqual(sorted(report["decision"] for report in reports), ["apply"] + ["nothing"] * (replicas - 1))
        for name in ([], ["--fleet"]):
            self.run_here("ballast", "init", "kubernetes", *name)
        for file, kinds in (("kubernetes.ballast.yaml", ["Deployment", "Job"]),
                            ("kubernetes.fleet.ballast.yaml", ["ConfigMap", "Job"])):
            self.assertEqual(self.judged(KUBERNETES, file), "".join(f"valid {kind}\n" for kind in kinds))

    def test_github(self):
        self.run_here("ballast", "init", "github")
        file = ".github/workflows/ballast.yml"
        text = (self.project / file).read_text()
        page = (ROOT / "docs/github-actions.md").read_text()
        self.assertIn(text.split("\n", 1)[1].strip(), page)
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        for job in yaml.safe_load(text)["jobs"].values():
            step = job["steps"][-1]
            inputs = step.get("with", {})
            self.assertLessEqual(set(inputs), set(action["inputs"]))
            script = inputs.get("run", action["inputs"]["run"]["default"])
            self.assertTrue(os.access(ROOT / "packaging/action" / script, os.X_OK), script)
        self.assertEqual(self.judged(GITHUB, file), "errors: 0\n")

    def test_the_workflow_follows_the_default_branch(self):
        self.run_here("git", "init", "--quiet", "--initial-branch=master", ".")
        self.run_here("ballast", "init", "github")
        workflow = yaml.safe_load((self.project / ".github/workflows/ballast.yml").read_text())
        self.assertEqual(workflow[True]["push"]["branches"], ["master"])
        self.assertEqual(workflow["jobs"]["baseline"]["if"], "github.ref == 'refs/heads/master'")

    def test_a_guessed_default_branch_is_said(self):
        self.run_here("git", "init", "--quiet", "--initial-branch=feature-x", ".")
        self.run_here("git", "-c", "user.name=a", "-c", "user.email=a", "commit", "--quiet", "--allow-empty", "-m", "one")
        self.assertNotIn("feature-x", self.run_here("ballast", "init", "github"))
        self.run_here("git", "update-ref", "refs/remotes/origin/feature-x", "HEAD")
        self.assertIn("the workflow runs for pushes to feature-x", self.run_here("ballast", "init", "github"))


if __name__ == "__main__":
    unittest.main()
