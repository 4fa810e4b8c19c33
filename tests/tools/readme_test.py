# SPDX-License-Identifier: Apache-2.0
"""README's five minutes, line by line as README.md has them, in a checkout of trigger.dev, and once more
for the next release; then its history on another database. Runs itself below `ballast scratch`, which gives
it a server."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from console_blocks import commands, missing

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))
CORPUS = pathlib.Path(os.environ.get("BALLAST_SHARED", ROOT.parent / "shared")) / "corpora/trigger.dev"


def section():
    return (ROOT / "README.md").read_text().split("## Five minutes", 1)[1].split("\n## ", 1)[0]


def checkout(folder, point):
    database = folder / "internal-packages/database"
    (database / "prisma/migrations").mkdir(parents=True, exist_ok=True)
    shutil.copy(CORPUS / f"schemas/{point}.prisma", database / "prisma/schema.prisma")
    for name in (CORPUS / f"schemas/{point}.migrations").read_text().split():
        shutil.copytree(CORPUS / "migrations" / name, database / "prisma/migrations" / name, dirs_exist_ok=True)
    shutil.copy(CORPUS / "migrations/migration_lock.toml", database / "prisma/migrations")
    (folder / "package.json").write_text('{"name": "triggerdotdev", "private": true}\n')


def next_release(story):
    """The commands of README from the release's branch to the deploy, for the release after it, which has the hotfix."""
    def first(words):
        return next(i for i, step in enumerate(story) if words in step[0])
    return [(command.replace("v4.0.0", "v4.1.0"), []) for command, _ in story[first("checkout -b"):first("hotfix new")]]


def with_name(url, name):
    """The URL with another database."""
    start, _, rest = url.partition("?")
    return f"{start[:start.rindex('/') + 1]}{name}?{rest}"


def main():
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith(("BALLAST_", "RAILWAY_"))},
                   "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    for who in ("AUTHOR", "COMMITTER"):
        environment.update({f"GIT_{who}_NAME": "t", f"GIT_{who}_EMAIL": "t@example.org"})
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "trigger.dev"
        checkout(folder, "691")
        (folder.parent / "fix.sql").write_text('CREATE INDEX "TaskRun_fix_idx" ON "TaskRun"("createdAt");\n')
        start = ("git init -q -b main . && git init -q --bare ../origin.git && git remote add origin ../origin.git "
                 "&& git add -A && git commit -qm start")
        development = "git checkout -q main && ballast baseline create && git add -A && git commit -qm baseline"
        story = commands(section())
        url = f"'{with_name(os.environ['DATABASE_URL'], 'history')}'"
        history = f"ballast deploy --strategy history --database-url {url}"
        equal = f'ballast catalog diff "$DATABASE_URL" {url}'
        steps = [(start, []), *story, (development, []), (None, []), *next_release(story),
                 ("ballast status", ["Release: v4.1.0"]),
                 (history, ["All migrations have been successfully applied."]), (equal, []),
                 (history, ["No pending migrations to apply."])]
        for command, lines in steps:
            if command is None:
                checkout(folder, "692")
                command = "git add -A && git commit -qm more"
            run = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, text=True, check=False,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            lacks = missing(lines, run.stdout)
            failed += run.returncode != 0 or bool(lacks)
            print(f"{'ok' if run.returncode == 0 and not lacks else 'FAILED'}: {command}")
            if run.returncode != 0 or lacks:
                print(f"exit {run.returncode}; README has {lacks}, the command printed:\n{run.stdout}")
    return 1 if failed else 0


if __name__ == "__main__":
    if not CORPUS.is_dir():
        print(f"NOT TESTED: {CORPUS} does not exist; set BALLAST_SHARED")
        sys.exit(0)
    if "BALLAST_README" not in os.environ:
        os.environ["BALLAST_README"] = "below"
        os.execv(PROGRAM, [str(PROGRAM), "scratch", "--", sys.executable, *sys.argv])
    sys.exit(main())
