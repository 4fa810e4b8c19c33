# SPDX-License-Identifier: Apache-2.0
"""`ballast serve` over HTTP, with real databases. Started by tests/serve/run, which gives a server."""
import collections
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import tempfile
import time
import unittest
import urllib.parse
import urllib.request
import uuid

from world import BALLAST, MIGRATIONS, SERVER, TOKEN, World, name_of, run, sql

ROOT = pathlib.Path(__file__).resolve().parents[2]


def matches(value, schema, components, where="$"):
    """Whether a document is as its schema in the OpenAPI file says, and has no other keys."""
    if "$ref" in schema:
        return matches(value, components[schema["$ref"].rpartition("/")[2]], components, where)
    if "oneOf" in schema:
        errors = [matches(value, option, components, where) for option in schema["oneOf"]]
        return None if None in errors else errors[0]
    if "enum" in schema:
        return None if value in schema["enum"] else f"{where}: {value!r} is none of {schema['enum']}"
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    python = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None), "array": list, "object": dict}
    if types and not any(isinstance(value, python[t]) and not (t != "boolean" and isinstance(value, bool)) for t in types):
        return f"{where}: {value!r} is not {types}"
    if isinstance(value, list):
        for index, item in enumerate(value):
            if error := matches(item, schema.get("items", {}), components, f"{where}[{index}]"):
                return error
    if isinstance(value, dict) and "properties" in schema:
        missing = set(schema.get("required", [])) - set(value)
        more = set(value) - set(schema["properties"]) if "run" not in schema["properties"] else set()
        if missing or more:
            return f"{where}: missing {missing}, not described {more}"
        for key, item in value.items():
            if error := matches(item, schema["properties"].get(key, {}), components, f"{where}.{key}"):
                return error
    return None


def report(**more):
    return {"run": str(uuid.uuid4()), "command": "deploy", "outcome": "failed", "started_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "duration_ms": 1500, "project": "shop", "release": "v1.1.0",
            "error": {"code": "P1001", "message": "the server cannot be reached"}, **more}


class ServeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.urls = cls.world.releases()
        cls.world.toml(cls.urls)
        cls.env = cls.world.variables(cls.urls)

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def settled(self, server, token=None):
        expected = {"empty": "fresh", "current": "current", "behind": "behind", "drifted": "drifted"}
        server.await_that(lambda: server.states(token) == expected)

    def test_databases_as_they_are(self):
        with self.world.serve(env=self.env) as server:
            self.settled(server)
            overview = server.json("/api/v1/overview")
            self.assertFalse(overview["ready"])
            short = {d["name"]: d for d in overview["databases"]}
            self.assertTrue(short["current"]["ready"])
            self.assertEqual(short["behind"]["recorded"], "release v1.0.0")
            self.assertEqual(short["behind"]["release"], "v1.1.0")
            self.assertIn("ballast deploy", short["behind"]["waits_for"])
            drifted = server.json("/api/v1/databases/drifted")
            self.assertEqual(len(drifted["remedies"]), 2)
            for remedy in drifted["remedies"]:
                self.assertIn('--database-url "$', remedy)
            drift = {d["object"]: d for d in drift_of(drifted)}
            self.assertEqual(drift['index "Post_authorId_idx"']["change"], "missing")
            self.assertIsNone(drift['index "Post_authorId_idx"']["actual"])
            self.assertIn("USING btree", drift['index "Post_authorId_idx"']["expected"])
            column = next(d for d in drifted["drift"] if d["kind"] == "column")
            self.assertNotEqual(column["expected"], column["actual"])
            self.assertEqual([d["words"] for d in drifted["additions"]], ['index dba_idx on "Post"'])
            self.assertIn("behind: 1 migration is not applied", overview["reasons"])
            status, _, text = server.ask("/readyz")
            self.assertEqual(status, 503)
            self.assertTrue(any(r.startswith("behind: ") for r in json.loads(text)["reasons"]), text)
            packages = server.json("/api/v1/packages")["packages"]
            self.assertTrue(packages[0]["intact"])
            paths = packages[0]["paths"]
            names = [n["name"] for n in paths["nodes"]]
            self.assertEqual(names, ["empty database", "v1.0.0", "v1.1.0"])
            self.assertTrue(all(e["proven"] for e in paths["edges"]))
            self.assertEqual(paths["nodes"][1]["databases"], ["behind"])
            catalog = server.json("/api/v1/databases/current/catalog")
            self.assertIn("PostTag", [t["name"] for t in catalog["tables"]])
            self.assertIn("public.Post", [r["to"] for r in catalog["references"]])
            runs = server.await_that(lambda: server.json("/api/v1/runs")["runs"])
            self.assertEqual({r["command"] for r in runs}, {"deploy"})
            self.assertIn("drifted", {r["name"] for r in runs})
            self.check_openapi(server)
            # `release create` ran on this machine.
            figures = {figure["name"]: figure["value"] for figure in server.json("/api/v1/figures")["figures"]}
            self.assertGreater(figures["package_generation_seconds"], 0)
            for query in ("limit=abc", "limit=-1", "limit=", "since=zz", "since=2026-1-1"):
                status, _, text = server.ask("/api/v1/runs?" + query)
                self.assertEqual((status, json.loads(text)["error"]["code"]), (400, "parameter"), text)
            self.assertEqual(server.ask("/api/v1/databases/current/samples?since=x")[0], 400)
            self.assertEqual(server.json("/api/v1/runs?limit=0")["runs"], [])
            self.assertEqual(server.json("/api/v1/runs?since=2999-01-01T00:00:00Z")["runs"], [])
            self.assertEqual(len(server.json("/api/v1/runs?limit=1&since=2020-01-01")["runs"]), 1)

    def check_openapi(self, server, name="drifted"):
        api = server.json("/api/v1/openapi.json")
        for path, methods in api["paths"].items():
            codes = {method: set(described["responses"]) for method, described in methods.items()}
            foreign = server.ask(path.replace("{name}", name), headers={"Host": "evil.example"})[0]
            self.assertIn(str(foreign), codes["get"], path)
            for described in codes.values():
                self.assertIn("429", described, path)
                self.assertTrue("503" in described or not path.endswith(("/runs", "/samples", "/events")), path)
            content = methods["get"]["responses"]["200"]["content"]
            if "application/json" not in content or path == "/api/v1/openapi.json":
                continue
            status, _, text = server.ask(path.replace("{name}", name))
            self.assertIn(status, (200, 503), path)
            error = matches(json.loads(text), content["application/json"]["schema"], api["components"]["schemas"])
            self.assertIsNone(error, path)

    def test_changes_are_seen(self):
        url = self.world.database("moving")
        env = {**self.env, "MOVING_URL": url, "STORE_URL": self.world.database("moving_store")}
        with self.world.serve("--database", "moving=env:MOVING_URL", "--store", "env:STORE_URL", env=env) as server:
            server.await_that(lambda: server.states() == {"moving": "fresh"})
            self.world.ballast("deploy", "--strategy", "release", url=url)
            server.await_that(lambda: server.states() == {"moving": "current"})
            self.assertEqual(server.ask("/readyz")[0], 200)
            self.assertIn('ballast_database_ready{name="moving",project="prisma/schema.prisma"} 1', server.ask("/metrics")[2])
            server.await_that(lambda: server.json("/api/v1/runs?database=moving")["runs"])
            sql(url, 'DROP INDEX "Post_authorId_idx"')
            server.await_that(lambda: server.states() == {"moving": "drifted"})
            server.await_that(lambda: server.ask("/readyz")[0] == 503)
            self.assertIn('ballast_database_drift_objects{name="moving",project="prisma/schema.prisma"} 1', server.ask("/metrics")[2])
            sql(url, 'CREATE INDEX "Post_authorId_idx" ON "Post" ("authorId")')
            server.await_that(lambda: server.states() == {"moving": "current"})
            samples = server.json("/api/v1/databases/moving/samples")["samples"]
            self.assertIn(1, [s["drift"] for s in samples])
            # A package that was touched is not intact.
            manifest = self.world.project / ".ballast/release-migrations/manifest.json"
            before = manifest.read_bytes()
            try:
                manifest.write_bytes(before.replace(b"v1.1.0", b"v1.1.1", 1))
                server.await_that(lambda: not server.json("/api/v1/packages")["packages"][0]["intact"])
                server.await_that(lambda: server.ask("/readyz")[0] == 503)
            finally:
                manifest.write_bytes(before)
            server.await_that(lambda: server.ask("/readyz")[0] == 200)
            # A database that goes away, and comes back.
            name = name_of(url)
            sql(SERVER, f'ALTER DATABASE "{name}" RENAME TO "{name}_gone"')
            try:
                server.await_that(lambda: server.states() == {"moving": "unreachable"})
                server.await_that(lambda: server.ask("/readyz")[0] == 503)
                gone = server.json("/api/v1/databases/moving")
                self.assertEqual(gone["error"]["code"], "P1003")
                # Not known is not zero.
                for key in ("pending", "failed", "unknown", "drift", "additions"):
                    self.assertIsNone(gone[key], key)
                    self.assertIsNone(server.json("/api/v1/overview")["databases"][0].get(key), key)
                metrics = server.await_that(lambda: (text := server.ask("/metrics")[2]) if 'reachable{name="moving",project="prisma/schema.prisma"} 0' in server.ask("/metrics")[2] else None)
                for key in ("drift_objects", "pending_migrations", "failed_migrations", "additions"):
                    self.assertNotIn(f"ballast_database_{key}{{", metrics)
                samples = server.await_that(lambda: [s for s in server.json("/api/v1/databases/moving/samples")["samples"] if not s["reachable"]])
                self.assertIsNone(samples[-1]["drift"])
            finally:
                for _ in range(50):  # a look may be connected
                    if run("psql", "-XqAt", SERVER, "-c", f'ALTER DATABASE "{name}_gone" RENAME TO "{name}"', check=False).returncode == 0:
                        break
                    time.sleep(0.1)
            server.await_that(lambda: server.states() == {"moving": "current"})

    def test_a_lock_keeps_the_last_state(self):
        url = self.world.database("locked")
        self.world.ballast("deploy", "--strategy", "release", url=url)
        with self.world.serve("--database", "locked=env:LOCKED_URL", env={**self.env, "LOCKED_URL": url}) as server:
            server.await_that(lambda: server.states() == {"locked": "current"})
            for table in ('"User"', "_prisma_migrations"):
                holder = subprocess.Popen(["psql", "-XqAt", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                try:
                    holder.stdin.write(f"BEGIN; LOCK TABLE {table}; SELECT 1;\n")
                    holder.stdin.flush()
                    self.assertEqual(holder.stdout.readline(), "1\n")
                    server.await_that(lambda: json.loads(server.ask("/readyz")[2])["databases"][0]["lock_wait"])
                    end = time.monotonic() + 6
                    while time.monotonic() < end:
                        status, _, text = server.ask("/readyz")
                        self.assertEqual(status, 200, text)
                        time.sleep(0.2)
                    item = server.json("/api/v1/databases/locked")
                    self.assertEqual((item["state"], item["ready"], item["error"]), ("current", True, None))
                    self.assertRegex(item["lock_wait"], f"waiting for a lock: {table} is locked by pid \\d+ \\(psql, role ")
                    self.check_openapi(server, "locked")
                finally:
                    holder.stdin.close()
                    holder.wait()
                    holder.stdout.close()
                server.await_that(lambda: json.loads(server.ask("/readyz")[2])["databases"][0]["lock_wait"] is None)

    def test_what_is_wrong_here_is_not_unreachable(self):
        url = self.world.database("settings")
        self.world.ballast("deploy", "--strategy", "release", url=url)
        role = f"blind_{os.getpid()}"
        sql(SERVER, f"CREATE ROLE {role} LOGIN PASSWORD 'watch'")
        toml, package = self.world.project / "ballast.toml", self.world.project / ".ballast"
        before = toml.read_text()
        env = {**self.env, "GOOD_URL": url, "BLIND_URL": World.url_of(name_of(url), role, "watch")}
        try:
            with self.world.serve("--database", "good=env:GOOD_URL", "--database", "blind=env:BLIND_URL", env=env) as server:
                server.await_that(lambda: server.states() == {"good": "current", "blind": "error"})
                for metric in ("reachable", "observed"):  # it answers, so nobody is to look for a server that is down
                    line = f'ballast_database_{metric}{{name="blind",project="prisma/schema.prisma"}} {int(metric == "reachable")}'
                    server.await_that(lambda: line in server.ask("/metrics")[2])
                try:
                    toml.write_text("x = 1\n")
                    server.await_that(lambda: server.states()["good"] == "error")
                finally:
                    toml.write_text(before)
                server.await_that(lambda: server.states()["good"] == "current")
                self.assertIn('ballast_package_intact{project="prisma/schema.prisma",version="v1.1.0"} 1', server.ask("/metrics")[2])
                package.rename(self.world.folder / "away")
                try:
                    server.await_that(lambda: server.states()["good"] == "error")
                    server.await_that(lambda: 'ballast_package_intact{project="prisma/schema.prisma",version=""} 0' in server.ask("/metrics")[2])
                finally:
                    (self.world.folder / "away").rename(package)
                server.await_that(lambda: server.states()["good"] == "current")
        finally:
            sql(SERVER, f"DROP ROLE {role}")

    def test_a_long_journal(self):
        url = self.world.database("long")
        self.world.ballast("deploy", "--strategy", "release", url=url)
        sql(url, "INSERT INTO ballast.runs (at, actor, run, target_schema, command, strategy, release, outcome, code, duration_ms, report, measured) "
                 "SELECT at - interval '3 days', actor, u, target_schema, command, strategy, release, 'failed', 'P3018', duration_ms, "
                 "jsonb_set(jsonb_set(jsonb_set(report::jsonb, '{run}', to_jsonb(u)), '{outcome}', '\"failed\"'), '{started_at}', "
                 "to_jsonb(to_char(now() - interval '3 days', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))), measured "
                 "FROM (SELECT r.*, gen_random_uuid() u FROM ballast.runs r, generate_series(1, 1500)) x")
        with self.world.serve("--database", "long=env:LONG_URL", "--store", "memory", env={**self.env, "LONG_URL": url}) as server:
            server.await_that(lambda: 'ballast_runs_total{name="long",command="deploy",outcome="failed"} 1500' in server.ask("/metrics")[2])
            self.assertEqual(len(server.json("/api/v1/runs?outcome=failed&limit=1000")["runs"]), 1000)
            self.assertEqual(len(server.json("/api/v1/runs?outcome=done")["runs"]), 1)
            self.assertEqual(server.ask("/api/v1/runs?outcome=x")[0], 400)
            figure = next(f for f in server.json("/api/v1/figures")["figures"] if f["name"] == "deploy_success_percent")
            self.assertIn("1 of 1501 deploys", figure["detail"])

    def test_a_silent_server_becomes_unreachable_and_keeps_nobody_waiting(self):
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"postgresql://a:secretpassword@127.0.0.1:{listener.getsockname()[1]}/x"
        # The first observation of `waiting` ends after the test.
        env = {**self.env, "SILENT_URL": url, "WAITING_URL": url + "?connect_timeout=3600"}
        databases = [f"--database={name}=env:{name.upper()}_URL" for name in ("silent", "waiting", "current")]
        with listener, self.world.serve(*databases, env=env) as server:
            server.await_that(lambda: server.states()["current"] == "current")
            server.await_that(lambda: server.json("/api/v1/databases/silent")["error"])
            # The overview is a moment older than the page of one database.
            server.await_that(lambda: server.states()["silent"] == "unreachable")
            self.assertIsNone(server.json("/api/v1/databases/waiting")["error"])
            for path in ("/api/v1/overview", "/readyz", "/metrics", "/api/v1/databases/silent", "/api/v1/databases/waiting"):
                self.assertNotIn("secretpassword", server.ask(path)[2])

    def test_silent_servers_delay_no_other_database(self):
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        env = {**self.env, "SILENT_URL": f"postgresql://a:b@127.0.0.1:{listener.getsockname()[1]}/x"}
        silent = [f"--database=silent{i}=env:SILENT_URL" for i in range(200)]
        with listener, self.world.serve(*silent, "--database=drifted=env:DRIFTED_URL", env=env) as server:
            server.await_that(lambda: server.states()["drifted"] == "drifted")
            self.assertIn("loading", server.states().values(), "the last of the silent databases is known as early")

            def is_shown(words):
                seen = {d["name"]: d["looked_at"] for d in server.json("/api/v1/overview")["databases"]}
                self.assertGreaterEqual(seen.pop("drifted"), min(seen.values()), "each silent database had another turn before")
                return words in server.ask("/api/v1/databases/drifted")[2]

            server.await_that(lambda: list(server.states().values()).count("unreachable") == 200)
            for column in ("one", "two", "three"):
                sql(self.urls["drifted"], f'ALTER TABLE "Post" ADD COLUMN silent_{column} int')
                server.await_that(lambda: is_shown(f"silent_{column}"))
            for column in ("one", "two", "three"):
                sql(self.urls["drifted"], f'ALTER TABLE "Post" DROP COLUMN silent_{column}')

    @unittest.skipUnless(shutil.which("promtool"), "NO PROMTOOL: apt-get install prometheus")
    def test_metrics_are_as_prometheus_wants_them(self):
        with self.world.serve(env={**self.env, "BALLAST_SERVE_TOKEN": TOKEN}) as server:
            self.settled(server, TOKEN)
            text = server.ask("/metrics", token=TOKEN)[2]
            done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_metrics_that_alerts_and_grafana_ask_for_exist(self):
        folder = self.world.folder
        url = self.world.database("grafana")
        self.world.ballast("deploy", "--strategy", "release", "--metrics-file", folder / "deploy.prom", url=url)
        self.world.ballast("log", "--summary", "--metrics-file", folder / "log.prom", url=url)
        self.world.ballast("init", "monitoring")
        self.addCleanup(shutil.rmtree, self.world.project / "monitoring")
        with self.world.serve(env=self.env) as server:
            self.settled(server)
            text = server.ask("/metrics")[2] + (folder / "deploy.prom").read_text() + (folder / "log.prom").read_text()
        exist = set(re.findall(r"^(ballast_\w+)[{ ]", text, re.M))
        dashboard = json.loads((self.world.project / "monitoring/ballast-dashboard.json").read_text())
        asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        asked += re.findall(r"expr: (.*)", (self.world.project / "monitoring/ballast-alerts.yml").read_text())
        names = set(re.findall(r"ballast_\w+", " ".join(asked)))
        self.assertGreater(len(names), 10)
        self.assertEqual(names - exist, set())

    @unittest.skipUnless(shutil.which("prometheus"), "NO PROMETHEUS: apt-get install prometheus")
    def test_prometheus_scrapes_it(self):
        with self.world.serve(env={**self.env, "BALLAST_SERVE_TOKEN": TOKEN}) as server:
            self.settled(server, TOKEN)
            folder = self.world.folder / "prometheus"
            folder.mkdir()
            (folder / "token").write_text(TOKEN)
            (folder / "prometheus.yml").write_text(
                "global: {scrape_interval: 500ms, scrape_timeout: 400ms}\nscrape_configs:\n- job_name: ballast\n"
                "  authorization: {credentials_file: token}\n"
                f"  static_configs: [{{targets: ['127.0.0.1:{server.port}']}}]\n")
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            process = subprocess.Popen(["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                                        f"--web.listen-address=127.0.0.1:{port}"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                def value(query):
                    try:
                        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(query)}") as answer:
                            found = json.load(answer)["data"]["result"]
                            return found[0]["value"][1] if found else None
                    except OSError:
                        return None
                server.await_that(lambda: value("ballast_database_drift_objects{name='drifted'}") == "2", 30)
                server.await_that(lambda: value("ballast_database_ready{name='behind'}") == "0")
            finally:
                process.terminate()
                process.wait()

    def test_token(self):
        with self.world.serve(env={**self.env, "BALLAST_SERVE_TOKEN": TOKEN + "\n"}) as server:
            self.settled(server, TOKEN)
            for path in ("/api/v1/overview", "/metrics", "/api/v1/events", "/api/v1/databases/current", "/api/v1/openapi.json"):
                self.assertEqual(server.ask(path)[0], 401, path)
                self.assertEqual(server.ask(path, token=TOKEN[:-1] + "0")[0], 401, path)
            self.assertEqual(server.ask("/")[0], 200)
            self.assertEqual(server.ask("/healthz")[0], 200)
            self.assertEqual(json.loads(server.ask("/readyz")[2]), {"ready": False})
            self.assertIn("reasons", json.loads(server.ask("/readyz", token=TOKEN)[2]))
            codes = {server.ask("/api/v1/overview", token="wrong")[0] for _ in range(40)}
            self.assertEqual(codes, {401, 429})
            # Clients with the token may have the same address: that of a proxy.
            self.assertEqual(server.ask("/api/v1/overview", token=TOKEN)[0], 200)
        # /readyz is open, and wrong tokens count there, too.
        with self.world.serve(env={**self.env, "BALLAST_SERVE_TOKEN": TOKEN}) as server:
            for _ in range(40):
                self.assertEqual(set(json.loads(server.ask("/readyz", token="wrong")[2])), {"ready"})
            self.assertEqual(server.ask("/metrics", token="wrong")[0], 429)
            self.assertIn("reasons", json.loads(server.ask("/readyz", token=TOKEN)[2]))
            self.assertEqual(server.ask("/metrics", token=TOKEN)[0], 200)

    def test_reports(self):
        store = self.world.folder / "reports.sqlite"
        send = {"Content-Type": "application/json"}
        env = {**self.env, "BALLAST_SERVE_TOKEN": TOKEN}
        with self.world.serve("--store", str(store), "--database", "current=env:CURRENT_URL", env=env) as server:
            body = json.dumps(report())
            for _ in range(2):
                self.assertIn(server.ask("/api/v1/runs", "POST", body, send, TOKEN)[0], (200, 201))
            failed = [r for r in server.json("/api/v1/runs?command=deploy", TOKEN)["runs"] if r["outcome"] == "failed"]
            self.assertEqual(len(failed), 1)
            self.assertEqual(failed[0]["error"]["code"], "P1001")
            server.await_that(lambda: 'outcome="failed"} 1' in server.ask("/metrics", token=TOKEN)[2])
            server.await_that(lambda: [f for f in server.json("/api/v1/figures", TOKEN)["figures"] if f["name"] == "deploy_success_percent" and f["value"] is not None and f["value"] < 100])
            wrong = [("", send, 411), ("x", send, 400), ("[]", send, 400), ("{}", send, 400), (json.dumps(report(outcome="x")), send, 400),
                     (body, {}, 415), (body, {"Content-Type": "text/plain"}, 415), ("x" * (2 << 20), send, 413)]
            for text, headers, status in wrong:
                with self.subTest(status=status, text=text[:20]):
                    try:
                        self.assertEqual(server.ask("/api/v1/runs", "POST", text, headers, TOKEN)[0], 400 if text == "" else status)
                    except (ConnectionError, http.client.RemoteDisconnected):
                        self.assertEqual(status, 413)  # the connection was closed while the body was sent
            self.assertEqual(server.ask("/api/v1/runs", "POST", body, send)[0], 401)
            # Each value is checked, and the answer names the field.
            for field, value in (("started_at", "yesterday"), ("started_at", "2026-02-30T00:00:00Z"), ("duration_ms", -5), ("duration_ms", 1e308),
                                 ("duration_ms", "1"), ("run", "../../x"), ("recorded", 1.5), ("migrations", [{"name": "a", "duration_ms": -1}]), ("migrations", [{}]), ("stages", [{"duration_ms": 1}])):
                status, _, text = server.ask("/api/v1/runs", "POST", json.dumps(report(**{field: value})), send, TOKEN)
                self.assertEqual(status, 400, (field, value))
                self.assertIn(field, json.loads(text)["error"]["message"])
            # Whatever other programs send is stored without passwords, and short.
            secret = report(command="c" * 300000, error={"code": "P1001", "message": "cannot reach postgresql://u:hidden@h/d"})
            self.assertEqual(server.ask("/api/v1/runs", "POST", json.dumps(secret), send, TOKEN)[0], 201)
            taken = next(r for r in server.json("/api/v1/runs?limit=1000", TOKEN)["runs"] if r["run"] == secret["run"])
            self.assertEqual((len(taken["command"].encode()), taken["error"]["message"]), (500, "cannot reach postgresql://u:***@h/d"))
            self.assertNotIn(b"hidden", b"".join(f.read_bytes() for f in store.parent.glob(store.name + "*")))
            status, headers, text = server.ask("/api/v1/runs", "DELETE", token=TOKEN)
            self.assertEqual((status, headers["allow"], json.loads(text)["error"]["message"]), (405, "GET, HEAD, POST", "only GET, HEAD and POST are allowed"))
            self.assertIn("no database with this name", server.ask("/api/v1/databases/nobody", token=TOKEN)[2])
            # A clock that is ahead does not make its run the newest for ever.
            ahead = report(started_at="2999-01-01T00:00:00.000Z")
            self.assertEqual(server.ask("/api/v1/runs", "POST", json.dumps(ahead), send, TOKEN)[0], 201)
            taken = next(r for r in server.json("/api/v1/runs?command=deploy", TOKEN)["runs"] if r["run"] == ahead["run"])
            self.assertLess(taken["started_at"], time.strftime("%Y-%m-%dT%H:%M:%S.999Z", time.gmtime(time.time() + 60)))
            # What ballast itself sends.
            reporting = {"BALLAST_REPORT_URL": f"http://127.0.0.1:{server.port}/api/v1/runs", "BALLAST_REPORT_TOKEN": TOKEN}
            done = self.world.ballast("deploy", url="postgresql://nobody@127.0.0.1:1/gone", env=reporting, check=False)
            self.assertEqual(done.returncode, 3)
            server.await_that(lambda: [r for r in server.json("/api/v1/runs", TOKEN)["runs"] if r.get("target") and r["target"]["database"] == "gone"])
        self.assertEqual(store.stat().st_mode & 0o777, 0o600)
        # What was taken is there after a restart.
        with self.world.serve("--store", str(store), "--database", "current=env:CURRENT_URL", env=env) as server:
            server.await_that(lambda: [r for r in server.json("/api/v1/runs", TOKEN)["runs"] if r["outcome"] == "failed"])
        with self.world.serve("--database", "current=env:CURRENT_URL", env=self.env) as server:
            self.assertEqual(server.ask("/api/v1/runs", "POST", body, send)[0], 403)

    def test_postgres_store(self):
        store = self.world.database("store")
        env = {**self.env, "BALLAST_SERVE_TOKEN": TOKEN, "STORE_URL": store}
        with self.world.serve("--store", "env:STORE_URL", "--database", "current=env:CURRENT_URL", env=env) as server:
            body = json.dumps(report(message="it's \\ \u0000 ☃"))
            self.assertEqual(server.ask("/api/v1/runs", "POST", body, {"Content-Type": "application/json"}, TOKEN)[0], 201)
            server.await_that(lambda: server.json("/api/v1/databases/current/samples", TOKEN)["samples"])
            server.await_that(lambda: [r for r in server.json("/api/v1/runs", TOKEN)["runs"] if r["outcome"] == "failed"])
            self.assertEqual(sql(store, "SELECT count(*) FROM ballast_serve.runs WHERE outcome = 'failed'"), "1")
            # Somebody drops it.
            sql(store, "DROP SCHEMA ballast_serve CASCADE")
            again = json.dumps(report())
            self.assertEqual(server.ask("/api/v1/runs", "POST", again, {"Content-Type": "application/json"}, TOKEN)[0], 201)
        self.assertEqual(sql(store, "SELECT count(*) FROM ballast_serve.runs WHERE outcome = 'failed'"), "1")

    def test_a_full_store_delays_nothing(self):
        """20,000 runs, each of a database of its own: the server answers, lists the last runs, and ends as ever."""
        store = self.world.folder / "full.sqlite"
        send = {"Content-Type": "application/json"}
        env = {**self.env, "BALLAST_SERVE_TOKEN": TOKEN}
        argv = ("--store", str(store), "--database", "current=env:CURRENT_URL")
        with self.world.serve(*argv, env=env) as server:
            target = {"host": "h", "port": 5432, "database": "preview", "schema": "public", "role": "r", "server_version": ""}
            first = report(target=target)
            self.assertEqual(server.ask("/api/v1/runs", "POST", json.dumps(first), send, TOKEN)[0], 201)
        with sqlite3.connect(store) as db:
            row = list(db.execute("SELECT run, database, command, outcome, started_at, report FROM runs WHERE run = ?", [first["run"]]).fetchone())
            text = row[5] if isinstance(row[5], str) else row[5].decode()
            for number in range(19_000):
                run_id = str(uuid.uuid4())
                more = text.replace(first["run"], run_id).replace('"preview"', f'"preview_{number}"')
                db.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", [run_id, *row[1:5], more])
        begin = time.monotonic()
        with self.world.serve(*argv, env=env) as server:
            self.assertEqual(server.ask("/healthz")[0], 200)
            self.assertLess(time.monotonic() - begin, 20)
            server.process.send_signal(signal.SIGTERM)  # while it reads the runs
            server.process.wait(timeout=20)
        with self.world.serve(*argv, env=env) as server:
            server.await_that(lambda: 'database="preview_18999"' in server.ask("/metrics", token=TOKEN)[2])
            # One more run: only that one is read.
            begin = time.monotonic()
            self.assertEqual(server.ask("/api/v1/runs", "POST", json.dumps(report(target={**target, "database": "newest"})), send, TOKEN)[0], 201)
            server.await_that(lambda: 'database="newest"' in server.ask("/metrics", token=TOKEN)[2])
            self.assertLess(time.monotonic() - begin, 20)

    def test_a_store_that_cannot_be_written_delays_nothing(self):
        """Eight changes wait for it, 5 s each; what they are about is seen meanwhile."""
        url = self.world.database("stored")
        self.world.ballast("deploy", "--strategy", "release", url=url)
        store = self.world.folder / "locked.sqlite"
        databases = [f"--database=stored{i}=env:STORED_URL" for i in range(8)]
        with self.world.serve("--store", str(store), *databases, env={"STORED_URL": url}) as server:
            server.await_that(lambda: server.ask("/readyz")[0] == 200)

            def seconds_of_two_changes():
                begin = time.monotonic()
                sql(url, 'DROP INDEX "Post_authorId_idx"')
                server.await_that(lambda: set(server.states().values()) == {"drifted"})
                sql(url, 'CREATE INDEX "Post_authorId_idx" ON "Post" ("authorId")')
                server.await_that(lambda: server.ask("/readyz")[0] == 200)
                return time.monotonic() - begin

            usual = seconds_of_two_changes()
            with contextlib.closing(sqlite3.connect(store, isolation_level=None)) as db:
                db.execute("BEGIN EXCLUSIVE")
                self.assertLess(seconds_of_two_changes(), 2 * usual + 20)

    def test_an_odd_run_in_a_journal_ends_nothing(self):
        url = self.world.database("odd")
        self.world.ballast("deploy", "--strategy", "release", url=url)
        sql(url, "UPDATE ballast.runs SET measured = '{\"apply_ms\": \"x\", \"migrations\": [1]}'")
        with self.world.serve("--database", "odd=env:ODD_URL", "--store", "memory", env={"ODD_URL": url}) as server:
            server.await_that(lambda: server.json("/api/v1/runs")["runs"])
            self.assertEqual(server.json("/api/v1/runs")["runs"][0]["stages"][0]["name"], "load")

    def test_other_files_are_not_taken_for_a_store(self):
        other = self.world.folder / "other.sqlite"
        sqlite3.connect(other).execute("CREATE TABLE t (a)").connection.close()
        text = self.world.folder / "text"
        text.write_text("not a database " * 100)
        for place in (other, text, self.world.folder / "missing/x"):
            done = self.world.ballast("serve", "--listen", "127.0.0.1:0", "--store", str(place), check=False, env=self.env)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("B105", done.stderr)

    def test_refuses_to_start(self):
        cases = [(["--listen", "0.0.0.0:0"], {}, 3, "B801"), (["--listen", "999999"], {}, 2, "B100"), (["--listen", "127.0.0.1:x"], {}, 2, "B100"),
                 (["--listen", "host.invalid:1"], {}, 3, "is not known"), ([], {"PORT": "abc"}, 2, "in the variable PORT"),
                 (["--database", "a/b c=env:A"], {}, 2, "cannot be the name"), (["--database", "a=postgresql://u:hidden@h/d"], {}, 2, "B100"), (["--database", "a=env:A", "--database", "a=env:B"], {}, 2, "B100"),
                 (["--store", "postgresql://u:hidden@h/d"], {}, 2, "B100"), (["--interval", "1ms"], {}, 2, "B100"),
                 ([], {"BALLAST_SERVE_TOKEN": "short"}, 2, "B101"), (["--store", "env:NOT_SET"], {}, 2, "B101"),
                 (["--database", "eu=env:NOT_SET"], {}, 2, "names the variable NOT_SET, which is not set"),
                 (["--database", "a=env:A", "--database-url", "postgresql://u:hidden@h/d"], {}, 2, "has no effect on databases that --database names")]
        with socket.create_server(("127.0.0.1", 0)) as taken:
            cases.append((["--listen", f"127.0.0.1:{taken.getsockname()[1]}"], {}, 3, "B801"))
            for argv, env, status, code in cases:
                done = self.world.ballast("serve", *argv, check=False, env={**self.env, **env})
                self.assertEqual((done.returncode, code in done.stderr), (status, True), f"{argv}\n{done.stderr}")
                self.assertNotIn("hidden", done.stdout + done.stderr)
        with tempfile.TemporaryDirectory() as empty:
            done = run(BALLAST, "-C", empty, "serve", env=self.env, check=False)
            self.assertEqual((done.returncode, "B102" in done.stderr), (2, True), done.stderr)

    def test_several_projects_need_no_choice_if_each_database_names_one(self):
        world = World()
        self.addCleanup(world.close)
        shutil.rmtree(world.project / "prisma")
        urls = {name: world.database("named_" + name) for name in ("main", "runs")}
        lines = ['strategy = "history"']
        for name, url in urls.items():
            migration = world.project / f"packages/{name}/prisma/migrations/20240101000000_init"
            migration.mkdir(parents=True)
            (migration / "migration.sql").write_text("CREATE TABLE t (i int PRIMARY KEY);\n")
            (migration.parents[1] / "schema.prisma").write_text((self.world.project / "prisma/schema.prisma").read_text())
            lines += [f"[project.{name}]", f'schema = "packages/{name}/prisma/schema.prisma"', f"[serve.database.{name}]",
                      f'url = "env:{name.upper()}_URL"', f'project = "{name}"']
        file = world.project / "ballast.toml"
        file.write_text("\n".join(lines) + "\n")
        world.ballast("--project", "main", "deploy", url=urls["main"])
        env = world.variables(urls)
        for start in (world.project, world.project / "packages"):
            with world.serve("--store", "memory", env=env, start=start) as server:
                server.await_that(lambda: server.states() == {"main": "current", "runs": "fresh"})
        # The store is that of the folder with ballast.toml, wherever the server is started.
        stores = set()
        for start in (world.project, world.project / "packages"):
            with world.serve(env=env, start=start):
                stores |= {path.name for path in (world.folder / "state/ballast").glob("serve-*.sqlite")}
        self.assertEqual(len(stores), 1)
        # One that names none needs a choice.
        file.write_text("\n".join(lines + ["[serve.database.third]", 'url = "env:RUNS_URL"']) + "\n")
        done = world.ballast("serve", "--listen", "127.0.0.1:0", check=False, env=env)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("add `project` to [serve.database.third] in ballast.toml, or choose one with --project NAME", done.stderr)
        with world.serve("--store", "memory", "--project", "runs", env=env) as server:
            server.await_that(lambda: server.states() == {"main": "current", "runs": "fresh", "third": "fresh"})

    def test_without_a_project_the_journal_is_shown(self):
        with tempfile.TemporaryDirectory() as empty:
            with self.world.serve("--store", "memory", "--database", "current=env:CURRENT_URL", env=self.env, start=empty) as server:
                runs = server.await_that(lambda: server.json("/api/v1/runs")["runs"])
                self.assertEqual({r["command"] for r in runs}, {"deploy"})
                status, _, text = server.ask("/readyz")
                self.assertEqual(status, 503)
                self.assertIn("there is no project to compare the database with", text)

    def test_the_url_option_is_for_the_database_of_the_project(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.world.project / "prisma", pathlib.Path(folder) / "prisma")
            with self.world.serve("--store", "memory", "--database-url", self.world.database("own"), start=folder) as server:
                server.await_that(lambda: server.states() == {"default": "fresh"})

    def test_json_of_an_end(self):
        def end(*argv):
            return json.loads(self.world.ballast("--output", "json", "serve", *argv, check=False, env=self.env).stdout)
        for argv, code in ((["--listen", "127.0.0.1:x"], "B100"), (["--listen", "host.invalid:1"], "B801"), (["--listen", "0.0.0.0:0"], "B801")):
            report = end(*argv)
            self.assertEqual((report["url"], report["ended_by"], report["error"]["code"], report["error"]["details"]), (None, None, code, []))
        with self.world.serve("--output", "json", env=self.env) as server:
            server.process.send_signal(signal.SIGTERM)
            report = json.loads(server.process.communicate(timeout=60)[0])
        self.assertEqual((report["ended_by"], report["error"]), ("SIGTERM", None))

    def test_other_names_are_refused_without_a_token(self):
        with self.world.serve(env=self.env) as server:
            self.assertEqual(server.ask("/api/v1/overview", headers={"Host": "evil.example"})[0], 403)
            self.assertEqual(server.ask("/", headers={"Host": "evil.example:80"})[0], 403)
            self.assertEqual(server.ask("/healthz", headers={"Host": "10.0.0.7:8080"})[0], 200)
            # A probe that comes by another name is told whether, not why.
            for name in ("10.0.0.7:8080", "evil.example"):
                status, _, text = server.ask("/readyz", headers={"Host": name})
                self.assertEqual((status, json.loads(text)), (503, {"ready": False}))

    def test_listens_on_loopback_only(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        # PORT, which platforms set, changes the port and not the address.
        process = subprocess.Popen([BALLAST, "-C", str(self.world.project), "serve", "--store", "memory"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, env={**os.environ, **self.world.env, **self.env, "PORT": str(port)})
        try:
            self.assertIn(f"listening on http://127.0.0.1:{port} ", process.stderr.readline())
            listening = [line.split() for file in ("/proc/net/tcp", "/proc/net/tcp6") for line in pathlib.Path(file).read_text().splitlines()[1:]]
            places = {fields[1].rpartition(":")[0] for fields in listening if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port}
            self.assertEqual(places, {"0100007F"})
        finally:
            process.terminate()
            process.communicate()

    def test_security_headers(self):
        with self.world.serve(env=self.env) as server:
            for path in ("/", "/app.js", "/api/v1/overview", "/nothing"):
                headers = server.ask(path)[1]
                self.assertIn("default-src 'none'", headers["content-security-policy"])
                self.assertNotIn("unsafe", headers["content-security-policy"])
                self.assertEqual(headers["x-content-type-options"], "nosniff")
                self.assertNotIn("access-control-allow-origin", headers)
            page = server.ask("/")[2]
            self.assertEqual(re.findall(r"<script(?![^>]*\bsrc=)", page), [])
            for name in re.findall(r'(?:src|href)="([^"#]+)"', page):
                self.assertNotRegex(name, r"^(https?:)?//")
                self.assertIn(server.ask("/" + name)[0], (200, 503), name)

    def test_ready_only(self):
        with self.world.serve("--ready-only", "--listen", "0.0.0.0:0", "--database", "current=env:CURRENT_URL", env=self.env) as server:
            server.await_that(lambda: server.ask("/readyz")[0] == 200)
            for path in ("/", "/metrics", "/api/v1/overview", "/app.js", "/api/v1/runs"):
                self.assertIn(server.ask(path)[0], (403, 404), path)

    def test_ready_only_next_to_a_deploy(self):
        """As a sidecar: not ready, while a deploy runs and until it has committed; then ready."""
        world = World()
        self.addCleanup(world.close)
        url = world.database("sidecar")
        world.migration("20240101000000_init")
        world.ballast("deploy", "--strategy", "history", url=url)
        world.migration("20240102000000_tags", "SELECT pg_sleep(3);\n" + MIGRATIONS["20240102000000_tags"])
        (world.project / "ballast.toml").write_text('strategy = "history"\n')
        with world.serve("--ready-only", "--database", "sidecar=env:SIDECAR_URL", env=world.variables({"sidecar": url})) as server:
            server.await_that(lambda: server.ask("/readyz")[0] == 503)
            with subprocess.Popen([BALLAST, "-C", str(world.project), "deploy", "--strategy", "history"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  env={**os.environ, **world.env, "DATABASE_URL": url}, text=True) as deploy:
                seen = []
                while deploy.poll() is None:
                    seen.append(server.ask("/readyz")[0])
                    self.assertEqual(server.ask("/healthz")[0], 200)
                    time.sleep(0.05)
                self.assertEqual(deploy.returncode, 0, deploy.stdout.read())
            self.assertEqual(seen[0], 503)
            self.assertGreater(seen.count(503), 5)
            server.await_that(lambda: server.ask("/readyz")[0] == 200)

    def test_a_read_only_role_is_enough(self):
        grants = re.search(r"```sql\n(CREATE ROLE.*?)```", (ROOT / "docs/serve.md").read_text(), re.S).group(1)
        role = f"watcher_{os.getpid()}"
        name = name_of(self.urls["drifted"])
        script = grants.replace("watcher", role).replace("shop", f'"{name}"').replace("choose-one", "watch")
        sql(self.urls["drifted"], script)
        try:
            env = {"WATCHED_URL": World.url_of(name, role, "watch")}
            with self.world.serve("--database", "watched=env:WATCHED_URL", env=env) as server:
                server.await_that(lambda: server.states() == {"watched": "drifted"})
                watched = server.json("/api/v1/databases/watched")
                self.assertEqual(watched["target"]["role"], role)
                self.assertEqual(len(watched["drift"]), 2)
                server.await_that(lambda: server.json("/api/v1/runs")["runs"])
        finally:
            sql(self.urls["drifted"], f"DROP OWNED BY {role}; DROP ROLE {role}")

    def test_what_the_watching_role_may_not_do_is_no_reason(self):
        role = f"reader_{os.getpid()}"
        watched = {name: name_of(self.urls[name]) for name in ("behind", "empty")}
        sql(SERVER, f"CREATE ROLE {role} LOGIN PASSWORD 'watch' NOINHERIT; ALTER ROLE {role} SET default_transaction_read_only = on")
        sql(self.urls["behind"], f"GRANT USAGE ON SCHEMA public, ballast TO {role}; GRANT SELECT ON public._prisma_migrations TO {role}; "
                                 f"GRANT SELECT ON ALL TABLES IN SCHEMA ballast TO {role}")
        try:
            env = {f"{name.upper()}_URL": World.url_of(full, role, "watch") for name, full in watched.items()}
            argv = [word for name in watched for word in ("--database", f"{name}=env:{name.upper()}_URL")]
            with self.world.serve(*argv, env=env) as server:
                server.await_that(lambda: server.states() == {"behind": "behind", "empty": "fresh"})
                _, _, text = server.ask("/readyz")
                self.assertEqual(json.loads(text)["reasons"], ["behind: 1 migration is not applied", "empty: 1 migration is not applied"])
                for name in watched:
                    item = server.json(f"/api/v1/databases/{name}")
                    self.assertIsNone(item["refusal"], name)
                    self.assertEqual(item["remedies"], [f'apply the pending migrations: ballast deploy --database-url "${name.upper()}_URL"'], name)
        finally:
            sql(self.urls["behind"], f"DROP OWNED BY {role}")
            sql(SERVER, f"DROP ROLE {role}")

    def test_schemas_of_one_database_have_their_own_runs(self):
        url = self.world.database("schemas")
        with_schema = lambda name: url + ("&" if "?" in url else "?") + f"schema={name}"
        for name in ("tenant_a", "tenant_b"):
            self.world.ballast("deploy", "--strategy", "release", url=with_schema(name))
        env = {"A_URL": with_schema("tenant_a"), "B_URL": with_schema("tenant_b")}
        with self.world.serve("--database", "a=env:A_URL", "--database", "b=env:B_URL", "--store", "memory", env=env) as server:
            schemas = lambda: {(r["name"], r["target"]["schema"]) for r in server.json("/api/v1/runs")["runs"]}
            server.await_that(lambda: schemas() == {("a", "tenant_a"), ("b", "tenant_b")})

    def test_one_server_has_a_port(self):
        with self.world.serve(env=self.env) as server:
            done = self.world.ballast("serve", "--listen", f"127.0.0.1:{server.port}", "--store", "memory", check=False, env=self.env)
            self.assertEqual((done.returncode, "B801" in done.stderr), (3, True), done.stderr)

    def test_nothing_is_written(self):
        dump = lambda: run("pg_dump", self.urls["drifted"]).stdout
        # pg_dump of newer versions writes a random word.
        clean = lambda text: re.sub(r"\\(un)?restrict \w+", "", text)
        before = clean(dump())
        with self.world.serve(env=self.env) as server:
            self.settled(server)
            time.sleep(1)
        self.assertEqual(clean(dump()), before)

    def test_events(self):
        url = self.world.database("events")
        with self.world.serve("--database", "events=env:EVENTS_URL", env={"EVENTS_URL": url}) as server:
            server.await_that(lambda: server.states() == {"events": "fresh"})
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as stream:
                stream.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertIn(b"event: change", read_until(stream, b"event: change"))
                time.sleep(0.5)
                sql(url, "CREATE TABLE other (a int)")
                self.assertIn(b"event: change", read_until(stream, b"event: change"))

    def test_signals_end_it_at_once(self):
        with self.world.serve(env=self.env) as server:
            self.settled(server)
            with socket.create_connection(("127.0.0.1", server.port)) as stream, socket.create_connection(("127.0.0.1", server.port)):
                stream.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                stream.recv(1000)
                # It would otherwise wait for the two connections, which stay open.
                server.process.send_signal(signal.SIGTERM)
                server.process.wait(timeout=60)


class HostileTest(unittest.TestCase):
    """Nothing that is sent crashes the server or changes what it answers."""

    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.world.migration("20240101000000_init")

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def send(self, server, data, wait=3):
        with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as stream:
            try:
                stream.sendall(data)
                stream.shutdown(socket.SHUT_WR)
                received = b""
                while chunk := stream.recv(65536):
                    received += chunk
                    if len(received) > 5 << 20:
                        break
                return received
            except OSError:
                return b""

    def test_hostile_requests(self):
        get = b"GET %b HTTP/1.1\r\nHost: localhost\r\n%b\r\n"
        requests = [b"", b"\r\n", b"\0" * 5000, b"GET", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n", b"\xff\xfe\xfd\r\n\r\n",
                    get % (b"/" + b"a" * 7000, b""), get % (b"/" + b"a" * 100_000, b""), get % (b"/%00%ff%2e%2e/", b""),
                    get % (b"#x", b""), get % (b"?x=1", b""), get % (b"x", b""), get % (b"*", b""), get % (b"http://localhost/", b""),
                    get % (b"/../../../etc/passwd", b""), get % (b"//etc/passwd", b""), get % (b"/..%2f..%2fetc%2fpasswd", b""),
                    get % (b"/api/v1/databases/" + b"%2e" * 2000, b""), get % (b"/api/v1/databases/default/samples?since=-9" + b"9" * 500, b""),
                    get % (b"/api/v1/runs?limit=99999999999999999999&database='%3bDROP%20TABLE%20runs--", b""),
                    get % (b"/?" + b"&".join(b"a%d=1" % i for i in range(1200)), b""),
                    get % (b"/", b"X: " + b"a" * 7900 + b"\r\n"), get % (b"/", b"X: " + b"a" * 200_000 + b"\r\n"),
                    get % (b"/", b"".join(b"X-%d: a\r\n" % i for i in range(5000))), get % (b"/", b"Host: evil\r\n"),
                    get % (b"/chart.js", b"Range: bytes=" + b",".join([b"0-"] * 2500) + b"\r\n"),
                    get % (b"/chart.js", b"Range: bytes=" + b"0" * 8000 + b"-\r\n"), get % (b"/chart.js", b"Range: bytes=99999999999999999999-1\r\n"),
                    get % (b"/", b"Accept: " + b"*," * 3900 + b"\r\n"), get % (b"/", b"Authorization: Bearer " + b"x" * 7000 + b"\r\n"),
                    get % (b"/", b"Expect: 100-continue\r\n"), get % (b"/", b"Connection: upgrade\r\nUpgrade: h2c\r\n"),
                    get % (b"/", b"Content-Length: 5\r\n") + b"GET /x HTTP/1.1\r\n\r\n",
                    get % (b"/", b"Transfer-Encoding: chunked\r\n") + b"ffffffffffffffff\r\n" + b"x" * 1000]
        for method in (b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"CONNECT", b"PRI", b"BREW"):
            for more in (b"Content-Length: 10\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"",
                         b"Content-Length: 1\r\nContent-Length: 2\r\n", b"Transfer-Encoding: chunked\r\n",
                         b"Content-Type: multipart/form-data; boundary=" + b"b" * 5000 + b"\r\nContent-Length: 10\r\n"):
                requests.append(method + b" /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n" + more + b"\r\n0123456789")
        deep = json.dumps(report()).replace('"shop"', "[" * 100_000 + "]" * 100_000).encode()
        requests.append(b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                        + TOKEN.encode() + b"\r\nContent-Length: %d\r\n\r\n" % len(deep) + deep)
        with self.world.serve(env={"BALLAST_SERVE_TOKEN": TOKEN, "DATABASE_URL": SERVER}) as server:
            before = server.json("/api/v1/runs", TOKEN)
            for data in requests:
                answer = self.send(server, data)
                self.assertNotIn(b"root:", answer)
                self.assertNotEqual(answer[9:12], b"500", data[:80])
                self.assertLess(len(answer), 1 << 20, data[:80])
                self.assertEqual(server.ask("/healthz")[0], 200, data[:80])
            self.assertEqual(server.json("/api/v1/runs", TOKEN), before)

    def test_random_bytes(self):
        rng = random.Random(18)
        world = World()
        self.addCleanup(world.close)
        urls = world.releases()
        argv = [word for name in urls for word in ("--database", f"{name}=env:{name.upper()}_URL")]

        def content():
            """The databases, without the random words of pg_dump."""
            return {name: re.sub(r"\\(un)?restrict \w+", "", run("pg_dump", url).stdout) for name, url in urls.items()}

        before = content()
        with world.serve(*argv, "--store", "memory", env={**world.variables(urls), "BALLAST_SERVE_TOKEN": TOKEN}) as server:
            server.await_that(lambda: "loading" not in server.states(TOKEN).values())
            states = server.states(TOKEN)
            seen = collections.Counter()
            for number in range(1200):
                request = self.fuzzed_report(rng) if number % 2 else self.fuzzed_get(rng)
                answer = self.send(server, request, wait=2)
                self.assertNotEqual(answer[9:12], b"500", request[:600])
                seen[answer[9:12]] += 1
                if answer[9:12] == b"429":  # 50 reports a second
                    time.sleep(0.1)
            # Many get behind the token, and what is behind it looks at them.
            for status in (b"200", b"201", b"400", b"401", b"404"):
                self.assertGreater(seen[status], 10, seen)
            for path in ("/api/v1/runs?limit=1000", "/api/v1/overview", "/api/v1/figures"):
                server.json(path, TOKEN)
            self.assertEqual(server.states(TOKEN), states)
        self.assertEqual(content(), before)

    @staticmethod
    def token_or_not(rng):
        return b"Authorization: Bearer " + TOKEN.encode() + b"\r\n" if rng.random() < 0.5 else b""

    def fuzzed_get(self, rng):
        paths = ["overview", "databases/drifted", "databases/drifted/samples?since=0", "runs?limit=5&outcome=done&since=2026-01-01", "openapi.json",
                 "packages", "figures", "databases/current/catalog"]
        path = rng.choice([f"/api/v1/{rng.choice(paths)}", "/metrics", "/readyz", "/", "/app.js"]).encode()
        data = bytearray(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n" + self.token_or_not(rng) + b"Accept: */*\r\nConnection: close\r\n\r\n")
        end = data.index(b"\r\n")
        pieces = [b"%00", b"%zz", b"%2f", b"%ff", b"../", b"?", b"&", b"#", b"\\", b"'", b"9" * 20]
        for _ in range(rng.randint(0, 4)):
            place = rng.randrange(4, end - 9) if rng.random() < 0.7 else rng.randrange(len(data))
            data[place:place + rng.randint(0, 3)] = rng.choice([rng.randbytes(rng.randint(0, 4)), rng.choice(pieces)])
        return bytes(data)

    def fuzzed_report(self, rng):
        full = report(target={"host": "h", "port": 5432, "database": "d", "schema": "public", "role": "r", "server_version": "15"},
                      stages=[{"name": "apply", "duration_ms": 1}], migrations=[{"name": "a", "duration_ms": None}], targets={"applied": 3},
                      drift=["x"], additions=[], fingerprint={"expected": "a", "actual": None}, package=None,
                      origin={"host": "h", "user": "u", "program": "0.2", "variables": {"A": "b"}})
        if rng.random() < 0.7:
            body = json.dumps(self.mutated(full, rng)).encode()
        else:
            body = bytearray(json.dumps(full).encode())
            for _ in range(rng.randint(1, 5)):
                place = rng.randrange(len(body))
                body[place:place + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
        return (b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + self.token_or_not(rng) + b"Content-Length: %d\r\n\r\n" % len(body) + bytes(body))

    def mutated(self, value, rng):
        if rng.random() < 0.01:
            return rng.choice([None, True, -1, 1e308, 2**63, 2**64, -2**63, "", [], {}, "\0", "x" * 5000, "\ud800", [[]] * 50, {"a": {"a": {}}}, 0.1])
        if isinstance(value, dict):
            return {(rng.choice(["", "run", "x" * 300]) if rng.random() < 0.005 else key): self.mutated(item, rng)
                    for key, item in value.items() if rng.random() > 0.01}
        if isinstance(value, list):
            return [self.mutated(item, rng) for item in value] * rng.choice([1, 1, 1, 3, 0])
        return value

    def test_slow_bodies_and_clients_that_do_not_read(self):
        with self.world.serve(env={"BALLAST_SERVE_TOKEN": TOKEN, "DATABASE_URL": SERVER}) as server:
            head = b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as trickle:
                trickle.sendall(head + b"Authorization: Bearer " + TOKEN.encode() + b"\r\n\r\n{")
                with self.assertRaises(ConnectionError):  # after 10 s
                    for _ in range(400):
                        trickle.sendall(b" ")
                        time.sleep(0.25)
            streams = []
            for _ in range(60):
                stream = socket.socket()
                self.addCleanup(stream.close)
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                stream.connect(("127.0.0.1", server.port))
                stream.sendall(b"GET /chart.js HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
                streams.append(stream)
            self.assertEqual(server.ask("/healthz")[0], 200)  # the others are answered meanwhile
            time.sleep(30)  # a write may wait 10 s, and its response 10 s more: then the connection is closed
            size = len(server.ask("/chart.js")[2])
            for stream in streams:
                stream.settimeout(60)
                self.assertLess(self.rest_of(stream), 50 * size)
            self.assertEqual(server.ask("/healthz")[0], 200)

    @staticmethod
    def rest_of(stream):
        """The number of bytes until the server's end."""
        size = 0
        try:
            while chunk := stream.recv(65536):
                size += len(chunk)
        except ConnectionError:
            pass
        return size

    def test_slow_and_many_connections(self):
        with self.world.serve(env={"DATABASE_URL": SERVER}) as server:
            idle = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(200)]
            for stream in idle[:100]:
                stream.sendall(b"GET / HT")
            refused = set()  # at once, with 503

            def enough_are_refused():
                refused.update(stream for stream in idle[128:] if stream not in refused and self.is_closed(stream))
                return len(refused) > 50

            server.await_that(enough_are_refused)
            # A request has 10 s from its first byte to its last, however it trickles.
            trickle = idle[0]
            with self.assertRaises(ConnectionError):
                for _ in range(400):
                    trickle.sendall(b"x")
                    time.sleep(0.25)
            for stream in idle:
                stream.close()
            server.await_that(lambda: server.ask("/healthz")[0] == 200)

    @staticmethod
    def is_closed(stream):
        stream.settimeout(0.05)
        try:
            return b"503" in stream.recv(100)
        except TimeoutError:
            return False
        except ConnectionError:
            return True


def drift_of(database):
    return database["drift"]


def read_until(stream, word):
    received = b""
    while word not in received:
        chunk = stream.recv(4096)
        if not chunk:
            break
        received += chunk
    return received


if __name__ == "__main__":
    unittest.main(verbosity=2)
