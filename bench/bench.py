# SPDX-License-Identifier: Apache-2.0
"""What the benches share: a server of their own, runs of a program with time and memory, a project
in a folder of its own."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from libpq import Connection

ROOT = pathlib.Path(__file__).resolve().parent.parent
BALLAST = os.environ.get("BALLAST", str(ROOT / "build/release/ballast"))


def on_a_server_of_its_own():
    """Starts this program again under `ballast scratch`, so that it needs no server; returns in the
    inner one only."""
    if os.environ.get("BALLAST_BENCH_INSIDE") == "1":
        return
    environment = dict(os.environ, BALLAST_BENCH_INSIDE="1")
    ran = subprocess.run([BALLAST, "scratch", "--", sys.executable, *sys.argv], env=environment,
                         check=False)
    sys.exit(ran.returncode)


class Server:
    """The server that DATABASE_URL leads to; one database of the bench at a time."""

    def __init__(self):
        self.url = os.environ["DATABASE_URL"]
        self.socket = f"{os.environ['PGHOST']}/.s.PGSQL.{os.environ['PGPORT']}"
        self.database = "ballast_bench"

    def url_of(self, database, port=None):
        if port is not None:
            return f"postgresql://postgres@127.0.0.1:{port}/{database}?sslmode=disable"
        return re.sub(r"/[^/?]+\?", f"/{database}?", self.url)

    def run(self, sql):
        with Connection(self.url) as connection:
            connection.run(sql)

    def drop(self, database=None):
        self.run(f"DROP DATABASE IF EXISTS {database or self.database} WITH (FORCE)")

    def fresh(self):
        self.drop()
        self.run(f"CREATE DATABASE {self.database}")
        return self.url_of(self.database)


class Project:
    """A copy of the project in `directory`, with caches of its own."""

    def __init__(self, directory):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-bench-"))
        self.path = self.folder / "project"
        shutil.copytree(directory, self.path,
                        ignore=shutil.ignore_patterns(".ballast", ".railway", "node_modules", ".git"))
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith(("BALLAST_", "RAILWAY_"))}
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "cache")
        self.migrations = sorted((self.path / "prisma/migrations").glob("*/migration.sql"))

    def ballast(self, *arguments, url=None, program=BALLAST, **variables):
        """(seconds, peak memory in MB of the process or of the largest that it waited for, JSON)"""
        environment = dict(self.environment, **variables)
        if url:
            environment.update(DATABASE_URL=url, DIRECT_URL=url)
        command = [program, *arguments, "--output", "json"]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.perf_counter()
            process = subprocess.Popen(command, cwd=self.path, env=environment, stdout=out,
                                       stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            taken = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            text = out.read().decode()
            if process.returncode != 0:
                err.seek(0)
                sys.exit(f"{' '.join(command)}: {process.returncode}\n{text}{err.read().decode()}")
        return taken, usage.ru_maxrss / 1024, json.loads(text)

    def forget_package(self):
        for folder in (".ballast", ".railway"):
            shutil.rmtree(self.path / folder, ignore_errors=True)

    def baseline(self):
        return next(self.path.glob(".*/release-migrations/0_baseline/migration.sql"))

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def sample(folder, migrations, tables):
    """A generated project: tools/sample."""
    maker = ROOT / "build/release/ballast-sample"
    subprocess.run([maker, "--migrations", str(migrations), "--tables", str(tables), "--seed", "2",
                    "--plain", folder], check=True)
    return folder


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
