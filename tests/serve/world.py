# SPDX-License-Identifier: Apache-2.0
"""A project with releases, databases at several states, and a running `ballast serve`, for tests."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse

BALLAST = os.environ.get("BALLAST_PROGRAM", "ballast")
SERVER = os.environ.pop("DATABASE_URL")  # `ballast scratch` gives it: a superuser's
os.environ.pop("DIRECT_URL", None)
TOKEN = "0123456789abcdef0123456789abcdef"

SCHEMA = """datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
"""
MIGRATIONS = {
    "20240101000000_init": """CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL, "name" TEXT);
CREATE UNIQUE INDEX "User_email_key" ON "User" ("email");
CREATE TABLE "Post" ("id" SERIAL PRIMARY KEY, "title" TEXT NOT NULL, "authorId" INTEGER NOT NULL REFERENCES "User" ("id"));
CREATE INDEX "Post_authorId_idx" ON "Post" ("authorId");
""",
    "20240102000000_tags": """CREATE TABLE "Tag" ("id" SERIAL PRIMARY KEY, "label" TEXT NOT NULL);
CREATE TABLE "PostTag" ("postId" INTEGER NOT NULL REFERENCES "Post" ("id"), "tagId" INTEGER NOT NULL REFERENCES "Tag" ("id"),
  PRIMARY KEY ("postId", "tagId"));
""",
    "20240103000000_published": """ALTER TABLE "Post" ADD COLUMN "published" BOOLEAN NOT NULL DEFAULT false;
""",
}


def run(*argv, env=None, check=True, cwd=None):
    done = subprocess.run(argv, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{argv} gave {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def name_of(url):
    """The database of a URL."""
    return urllib.parse.urlsplit(url).path[1:]


def sql(url, text):
    return run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", url, "-c", text).stdout.strip()


class World:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-serve-"))
        self.env = {"XDG_STATE_HOME": str(self.folder / "state"), "RAILWAY_GIT_BRANCH": "", "BALLAST_BRANCH": ""}
        self.project = self.folder / "shop"
        self.made = []
        (self.project / "prisma/migrations").mkdir(parents=True)
        (self.project / "prisma/schema.prisma").write_text(SCHEMA)
        (self.project / "prisma/migrations/migration_lock.toml").write_text('provider = "postgresql"\n')

    def close(self):
        for url in self.made:
            run("psql", "-XqAt", SERVER, "-c", f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)', check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name):
        """A fresh database; its URL."""
        full = f"serve_{os.getpid()}_{name}"
        sql(SERVER, f'CREATE DATABASE "{full}"')
        url = self.url_of(full)
        self.made.append(url)
        return url

    @staticmethod
    def url_of(name, user=None, password=None):
        parts = urllib.parse.urlsplit(SERVER)
        place = parts.netloc
        if user:
            place = f"{user}:{password}@{parts.netloc.rpartition('@')[2]}"
        return urllib.parse.urlunsplit(parts._replace(netloc=place, path="/" + name))

    def migration(self, name, script=None):
        folder = self.project / "prisma/migrations" / name
        folder.mkdir()
        (folder / "migration.sql").write_text(script or MIGRATIONS[name])

    def ballast(self, *argv, url=None, check=True, env=None):
        return run(BALLAST, "-C", str(self.project), *argv, env={**self.env, "DATABASE_URL": url or SERVER, **(env or {})}, check=check)

    def releases(self):
        """v1.0.0, then v1.1.0 from it, with two of the three migrations; databases new, current, behind, drifted."""
        urls = {name: self.database(name) for name in ("empty", "current", "behind", "drifted")}
        self.migration("20240101000000_init")
        self.ballast("release", "create", "v1.0.0")
        for name in ("behind", "drifted"):
            self.ballast("deploy", "--strategy", "release", url=urls[name])
        self.migration("20240102000000_tags")
        shutil.copytree(self.project / ".ballast", self.folder / "v1.0.0")
        self.ballast("release", "create", "v1.1.0", "--from-release", str(self.folder / "v1.0.0"))
        for name in ("current", "drifted"):
            self.ballast("deploy", "--strategy", "release", url=urls[name])
        sql(urls["drifted"], 'DROP INDEX "Post_authorId_idx"; ALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL; '
                             'CREATE INDEX dba_idx ON "Post" ("title")')
        return urls

    def toml(self, names, extra=""):
        lines = ['strategy = "release"', extra]
        for name in names:
            variable = re.sub("[^A-Z0-9]", "_", name.upper()) + "_URL"
            lines += [f"[serve.database.{name}]", f'url = "env:{variable}"']
        (self.project / "ballast.toml").write_text("\n".join(lines) + "\n")

    @staticmethod
    def variables(urls):
        return {re.sub("[^A-Z0-9]", "_", name.upper()) + "_URL": url for name, url in urls.items()}

    @contextlib.contextmanager
    def serve(self, *argv, interval="300ms", env=None, start=None):
        """A running server; yields a Server. Must end with 0 after SIGTERM. `interval` None: the program's default. `start`: the folder."""
        defaults = {"--listen": "127.0.0.1:0", **({"--interval": interval} if interval else {})}
        more = [word for pair in defaults.items() if pair[0] not in argv for word in pair]
        process = subprocess.Popen([BALLAST, "-C", str(start or self.project), "serve", *more, *argv],
            env={**os.environ, **self.env, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            line = process.stderr.readline()
            match = re.search(r"listening on http://\[?([^ ]+?)\]?:(\d+) ", line)
            if not match:
                raise AssertionError(line + process.stderr.read())
            yield Server(process, match.group(1), int(match.group(2)))
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 0, (process.returncode, out, err)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()
            process.stderr.close()


class Server:
    def __init__(self, process, host, port):
        self.process, self.host, self.port = process, host, port

    def ask(self, path, method="GET", body=None, headers=None, token=None):
        """(status, headers, text)"""
        connection = http.client.HTTPConnection("127.0.0.1" if self.host == "0.0.0.0" else self.host, self.port, timeout=60)
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    def json(self, path, token=None):
        status, _, text = self.ask(path, token=token)
        assert status == 200, (path, status, text)
        return json.loads(text)

    def states(self, token=None):
        return {d["name"]: d["state"] for d in self.json("/api/v1/overview", token)["databases"]}

    def await_that(self, test, seconds=120):
        """Waits until test() holds. The limit only ends a test that hangs; operated_test.py measures
        the promised five seconds."""
        end = time.monotonic() + seconds
        while True:
            seen = test()
            if seen:
                return seen
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s, but {seen!r}")
            time.sleep(0.05)
