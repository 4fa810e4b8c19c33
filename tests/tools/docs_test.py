# SPDX-License-Identifier: Apache-2.0
"""The pages for users, tried as a stranger does: each command of their console blocks, in order, in a small
project. Runs itself below `ballast scratch`, which gives it a server."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from console_blocks import commands, missing

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))

# The project of the pages: three migrations.
SHOP = ROOT / "tests/stories/slow/from_prisma.txtar"

# What the reader does in between, before the command that begins so; None: the command is not run here.
NAME_COLUMN = (
    "mkdir -p prisma/migrations/20991201000000_name && "
    "echo 'ALTER TABLE \"User\" ADD COLUMN \"name\" TEXT;' > prisma/migrations/20991201000000_name/migration.sql && "
    "git add -A && git commit -qm name")
INDEX = "echo 'CREATE INDEX \"Order_total_idx\" ON \"Order\"(\"total\");' | tee index.sql > fix.sql"
RELEASE = "git checkout -qb railway-template-v4.0.0 && ballast release create && git add -A && git commit -qm v4.0.0"
EDITS = {
    "quickstart.md": {
        "cd my-app": None,
        "export DATABASE_URL": None,
    },
    "releases.md": {
        "ballast hotfix new": INDEX,
        "git checkout -b railway-template-v4.1.0": NAME_COLUMN,
    },
    "hotfixes.md": {
        "git checkout railway-template-v4.0.0": RELEASE,
        "ballast hotfix new": INDEX,
    },
    "from-prisma.md": {
        "prisma migrate deploy": None,
        "ballast resolve --all-covered": "ballast release create v1 && ballast deploy --strategy release",
    },
    "monorepo.md": {},
    "release-format.md": {},
    "what-the-proof-covers.md": {"ballast deploy": RELEASE},
    "operations.md": {},
    "journal.md": {"ballast log": "ballast baseline create && ballast deploy"},
    "doctor.md": {
        "ballast doctor": RELEASE.replace("4.0.0", "4.5.9") + " && ballast deploy && mkdir prisma/migrations/20240101120000_late && "
                          "echo 'SELECT 1;' > prisma/migrations/20240101120000_late/migration.sql && "
                          "psql -qX \"$DATABASE_URL\" -c \"INSERT INTO _prisma_migrations (id, checksum, migration_name, "
                          "started_at) VALUES ('1', 'x', '20990401080000_index', now())\"",
    },
    "fleets.md": {
        "ballast fleet status": "ballast baseline create && ballast deploy && psql -qX \"$DATABASE_URL\" -c 'CREATE TABLE tenants (database text, "
                                "region text, schema text)' -c \"INSERT INTO tenants VALUES ('docs_eu', 'eu', 'one'), "
                                "('docs_us', 'us', 'two')\"",
    },
    "commands/README.md": {},
    "commands/baseline.md": {},
    "commands/deploy.md": {
        "ballast deploy --strategy history --to": "RESET",
        "ballast deploy --wait-for-database": "RESET",
        "ballast deploy": RELEASE.replace("4.0.0", "1.0.0"),
        "ballast deploy --output json": "RESET; ballast deploy" if shutil.which("jq") else None,
    },
    "commands/status.md": {"ballast status": "git checkout -q main && ballast baseline create && ballast deploy"},
    "commands/hotfix.md": {
        "ballast hotfix new": INDEX + " && " + RELEASE.replace("4.0.0", "1.0.0"),
        "git checkout main": "git add -A && git commit -qm hotfix",
    },
    "commands/release.md": {
        "ballast release create": "git checkout -qb railway-template-v1.0.0",
        "ballast release list": "git add -A && git commit -qm v1.0.0",
    },
    "commands/check.md": {
        "ballast check": "git checkout -q main && ballast release create v4.0.0 && mkdir prisma/migrations/20240401000000_title && "
                         "echo 'ALTER TABLE \"Order\" ADD COLUMN \"title\" TEXT NOT NULL;' > prisma/migrations/20240401000000_title/migration.sql && "
                         "sed -i 's/^model Order {/&\\n  title String/' prisma/schema.prisma",
    },
    "commands/schema.md": {
        "ballast schema check --accept": "echo 'model Extra {\n  id Int @id\n}' >> prisma/schema.prisma",
    },
    "commands/resolve.md": {
        "ballast status": "echo 'SELECT nothing;' > prisma/migrations/20240201000000_index/migration.sql; "
                          "ballast deploy; psql -qX \"$DATABASE_URL\" -c \"INSERT INTO _prisma_migrations "
                          "(id, checksum, migration_name, started_at) VALUES "
                          "('1', 'x', '20240201000000_index', now())\"",
    },
    "commands/catalog.md": {"ballast catalog diff": None},
    "commands/completion.md": {"source <(ballast completion zsh)": None, "ballast completion fish": None},
    "commands/init.md": {},
    "commands/key.md": {},
    "commands/log.md": {"ballast log": "ballast deploy"},
    "commands/scratch.md": {
        "ballast scratch --deployed -- npm test": "npm() { echo \"$@\"; }",
        "ballast scratch --template --scratch-url \"$SERVER_URL\" -- npm test": "npm() { echo \"$@\"; }",
        "ballast scratch -- npx": None,
        "ballast scratch --major 16": None,
    },
}
FLEET_STATUS = "ballast fleet status --targets fleet.toml                        # the state of each target"
# Commands that end with another status, as the page explains.
STATUS = {("commands/resolve.md", "ballast status"): 1, ("commands/check.md", "ballast check"): 1, ("doctor.md", "ballast doctor"): 1,
          ("fleets.md", FLEET_STATUS): 1}


def write_project(folder):
    files, name = {}, None
    for line in SHOP.read_text().splitlines(keepends=True):
        if line.startswith("-- ") and line.rstrip().endswith(" --"):
            name = line.strip()[3:-3]
            files[name] = ""
        elif name:
            files[name] += line
    for name, text in files.items():
        if name.startswith("prisma/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    (folder / "server.js").write_text("console.log('listening')\n")  # the application


def toml_of(page):
    return page.split("```toml\n", 1)[1].split("```", 1)[0]


def write_monorepo(folder, page):
    """The two projects that the page's ballast.toml names."""
    (folder / "ballast.toml").write_text(toml_of(page))
    for place, model, variable in (("database", "User", "DATABASE_URL"), ("run-ops-database", "Run", "RUNS_DATABASE_URL")):
        prisma = folder / "packages" / place / "prisma"
        (prisma / "migrations/20240101000000_init").mkdir(parents=True)
        (prisma / "schema.prisma").write_text(
            f'datasource db {{\n  provider = "postgresql"\n  url = env("{variable}")\n}}\n\nmodel {model} {{\n  id Int @id\n}}\n')
        (prisma / "migrations/migration_lock.toml").write_text('provider = "postgresql"\n')
        (prisma / "migrations/20240101000000_init/migration.sql").write_text(
            f'CREATE TABLE "{model}" ("id" INTEGER NOT NULL, CONSTRAINT "{model}_pkey" PRIMARY KEY ("id"));\n')


class Reader:
    """Types what a page says."""

    def __init__(self, name, folder, number):
        self.name, self.folder = name, folder / "shop"
        self.fresh = f"docs_{number}_fresh"
        self.page = (ROOT / "docs" / name).read_text()
        self.folder.mkdir()
        url, _, rest = os.environ["DATABASE_URL"].partition("?")
        server = url[:url.rindex("/") + 1]
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("BALLAST_", "RAILWAY_", "DIRECT_"))}
        self.environment.update(PATH=f"{PROGRAM.parent}:{os.environ['PATH']}", HOME=str(folder), NO_COLOR="1",
                                BALLAST_KEY_PASSWORD="secret", DATABASE_URL=f"{server}docs_{number}?{rest}",
                                RUNS_DATABASE_URL=f"{server}docs_{number}_runs?{rest}",
                                SERVER_URL=f"{server}postgres?{rest}",
                                ACME_DATABASE_URL=f"{server}docs_acme?{rest}",
                                GLOBEX_DATABASE_URL=f"{server}docs_globex?{rest}",
                                CONTROL_URL=f"{server}docs_{number}?{rest}", TENANT_URL=f"{server}{{database}}?{rest}")
        for who in ("AUTHOR", "COMMITTER"):
            self.environment.update({f"GIT_{who}_NAME": "t", f"GIT_{who}_EMAIL": "t@example.org"})
        if name == "monorepo.md":
            write_monorepo(self.folder, self.page)
        else:
            write_project(self.folder)
        if name == "fleets.md":
            (self.folder / "fleet.toml").write_text(toml_of(self.page))
        self.type("git init -q -b main . && git add -A && git commit -qm start && "
                  "git init -q --bare ../origin.git && git remote add origin ../origin.git")

    def type(self, command):
        command = command.replace("postgresql://postgres:secret@localhost/fresh",
                                  "'" + self.environment["DATABASE_URL"].replace("?", "_fresh?", 1) + "'")
        command = command.replace("BALLAST_KEY_PASSWORD=… ", "").replace("--pause 30s", "--pause 1s")
        return subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def as_on_page(self, printed):
        """With the names that the page has for the database and the server."""
        return re.sub(r" at /(?:dev/shm|tmp)/\S+", " at localhost:5432", printed.replace(self.fresh, "fresh"))

    def reset(self):
        self.type('psql -qX "$DATABASE_URL" -c "DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS ballast CASCADE; CREATE SCHEMA public"')

    def read(self):
        failed, edits = 0, dict(EDITS[self.name])
        for command, lines in commands(self.page):
            start = next((key for key in sorted(edits, key=len, reverse=True) if command.startswith(key)), None)
            if start and edits[start] is None:
                continue
            prelude = edits.pop(start) if start else ""
            if prelude.startswith("RESET"):
                self.reset()
                prelude = prelude.removeprefix("RESET").removeprefix("; ")
            if prelude.startswith("npm()"):
                command = prelude + "; export -f npm; " + command.replace("npm test", "bash -c 'npm test'")
            elif prelude:
                before = self.type(prelude)
                if before.returncode != 0 and "ballast deploy;" not in prelude:
                    print(f"FAILED: {self.name}: {prelude}\n{before.stdout}")
                    failed += 1
            run = self.type(command)
            lacks = missing(lines, self.as_on_page(run.stdout))
            right = run.returncode == STATUS.get((self.name, command), 0) and not lacks
            failed += not right
            print(f"{'ok' if right else 'FAILED'}: {self.name}: {command}")
            if not right:
                print(f"exit {run.returncode}; the page has {lacks}, the command printed:\n{run.stdout}")
        return failed


def main(names):
    failed = 0
    for number, name in enumerate(names or EDITS):
        with tempfile.TemporaryDirectory() as place:
            failed += Reader(name, pathlib.Path(place), number).read()
    return 1 if failed else 0


if __name__ == "__main__":
    if "BALLAST_DOCS" not in os.environ:
        os.environ["BALLAST_DOCS"] = "below"
        os.execv(PROGRAM, [str(PROGRAM), "scratch", "--", sys.executable, *sys.argv])
    sys.exit(main(sys.argv[1:]))
