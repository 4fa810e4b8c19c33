# SPDX-License-Identifier: Apache-2.0
"""A shop in operation: three databases at three states, `ballast serve`, a real Prometheus that scrapes it, a webhook, and
the dashboard in Chromium. A package is made, a pipeline deploys, one database drifts, one deploy fails: each of them
says so within five seconds. Started by tests/serve/run, which gives a PostgreSQL server.
"""
import contextlib
import http.server
import json
import os
import re
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse
import urllib.request

from world import TOKEN, World, sql

HERE = pathlib.Path(__file__).resolve().parent
LABELS = "20240104000000_labels", 'CREATE UNIQUE INDEX "Tag_label_key" ON "Tag" ("label");\n'


class Webhook:
    """Keeps what is posted to it."""

    def __init__(self):
        self.runs = []
        outer = self

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                outer.runs.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def has(self, command, outcome, code=None):
        found = ((message["run"]["command"], message["run"]["outcome"], (message["run"]["error"] or {}).get("code")) for message in self.runs)
        return (command, outcome, code) in found

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Prometheus:
    def __init__(self, folder, port, token):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        settings = {"global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"},
                    "rule_files": ["monitoring/ballast-alerts.yml"],
                    "scrape_configs": [{"job_name": "ballast", "authorization": {"credentials": token},
                                        "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}]}
        (folder / "prometheus.yml").write_text(json.dumps(settings))
        self.process = subprocess.Popen(["prometheus", "--config.file=prometheus.yml", f"--storage.tsdb.path={folder}/series",
                                         f"--web.listen-address=127.0.0.1:{self.port}"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, what):
        try:
            with self.opener.open(f"http://127.0.0.1:{self.port}/api/v1/{what}", timeout=2) as answer:
                return json.load(answer)["data"]
        except OSError:
            return {"result": [], "alerts": []}

    def value(self, query):
        result = self.ask("query?" + urllib.parse.urlencode({"query": query}))["result"]
        return float(result[0]["value"][1]) if len(result) == 1 else None

    def fires(self, alertname, **labels):
        return any(alert["state"] == "firing" and {"alertname": alertname, **labels}.items() <= alert["labels"].items()
                   for alert in self.ask("alerts")["alerts"])

    def close(self):
        self.process.terminate()
        self.process.wait()


class Dashboard:
    def __init__(self, url):
        self.process = subprocess.Popen(["node", str(HERE / "page.mjs")], env={**os.environ, "WORLD": json.dumps({"url": url, "token": TOKEN})},
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "open\n"

    def shows(self, view, selector):
        self.process.stdin.write(json.dumps({"hash": view, "selector": selector}) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline()) > 0

    def close(self):
        self.process.communicate()


@unittest.skipUnless(shutil.which("prometheus"), "NO PROMETHEUS: apt-get install prometheus")
@unittest.skipUnless(os.environ.get("BALLAST_PLAYWRIGHT") and shutil.which("chromium"),
                     "NO BROWSER: apt-get install chromium, then eval \"$(tools/judges)\" (needs npm)")
class OperatedTest(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.urls = {name: self.world.database(name) for name in ("eu", "us", "asia")}
        self.webhook = Webhook()
        self.addCleanup(self.webhook.close)

    def pipeline(self, *argv, url=None, status=0):
        """A command as a pipeline runs it: elsewhere, with the addresses of the server and of the webhook."""
        done = self.world.ballast(*argv, "--notify", self.webhook.url, url=url, check=False, env=self.reporting)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertNotIn("was not delivered", done.stderr)

    def package(self, version):
        kept = self.world.folder / version
        if (self.world.project / ".ballast").exists():
            shutil.copytree(self.world.project / ".ballast", kept)
        self.pipeline("release", "create", version, *(("--from-release", str(kept)) if kept.exists() else ()))

    def deploy(self, name, status=0):
        self.pipeline("deploy", "--strategy", "release", url=self.urls[name], status=status)

    def within_five_seconds(self, **tests):
        """All of them hold, each at some moment in the next five seconds; longer where processes wait for a processor."""
        begin = time.monotonic()
        end = begin + 5 * max(1, os.getloadavg()[0] / os.cpu_count())
        while tests:
            tests = {name: test for name, test in tests.items() if not test()}
            if tests and time.monotonic() > end:
                self.fail(f"not within 5 s: {', '.join(tests)}; the databases are {self.server.states(TOKEN)}")
        print(f"{sys._getframe(1).f_code.co_name}: {time.monotonic() - begin:.1f} s", file=sys.stderr)

    def states(self, **expected):
        return lambda: self.server.states(TOKEN) == expected

    def rows(self, **expected):
        return lambda: all(self.dashboard.shows("#/", f'tr[data-name="{name}"][data-state="{state}"]') for name, state in expected.items())

    def is_ready(self, expected):
        return lambda: self.server.ask("/readyz")[0] == (200 if expected else 503)

    def has_metric(self, metric, value, **labels):
        """The order of labels means nothing to Prometheus."""
        def found():
            lines = re.findall(rf"^{metric}{{(.*)}} (\S+)$", self.server.ask("/metrics", token=TOKEN)[2], re.MULTILINE)
            return any(float(number) == value and labels.items() <= dict(re.findall(r'(\w+)="([^"]*)"', text)).items() for text, number in lines)
        return found

    def in_prometheus(self, query, value):
        return lambda: self.prometheus.value(query) == value

    @contextlib.contextmanager
    def operation(self):
        self.world.toml(self.urls)
        self.world.ballast("init", "monitoring")
        with self.world.serve(interval=None, env={**self.world.variables(self.urls), "BALLAST_SERVE_TOKEN": TOKEN}) as self.server:
            self.reporting = {"BALLAST_REPORT_URL": f"http://127.0.0.1:{self.server.port}/api/v1/runs", "BALLAST_REPORT_TOKEN": TOKEN}
            with contextlib.closing(Prometheus(self.world.project, self.server.port, TOKEN)) as self.prometheus, \
                    contextlib.closing(Dashboard(f"http://127.0.0.1:{self.server.port}")) as self.dashboard:
                self.server.await_that(lambda: self.prometheus.value("up") == 1, seconds=60)
                yield

    def test_the_story(self):
        self.reporting = {}
        self.world.migration("20240101000000_init")
        self.package("v1.0.0")
        self.deploy("us")
        self.deploy("asia")
        self.world.migration("20240102000000_tags")
        self.package("v1.1.0")
        self.deploy("asia")
        with self.operation():
            self.three_states()
            self.a_package_is_made()
            self.the_pipeline_deploys()
            self.one_drifts()
            self.one_deploy_fails_and_one_is_refused()

    def three_states(self):
        states = {"eu": "fresh", "us": "behind", "asia": "current"}
        self.within_five_seconds(
            api=self.states(**states), dashboard=self.rows(**states), health=lambda: self.server.ask("/healthz")[0] == 200, ready=self.is_ready(False),
            metrics=self.has_metric("ballast_database_ready", 1, name="asia"), prometheus=self.in_prometheus('ballast_database_ready{name="us"}', 0))
        reasons = json.loads(self.server.ask("/readyz", token=TOKEN)[2])["reasons"]
        self.assertEqual(len(reasons), 2, reasons)
        self.assertFalse(self.prometheus.fires("BallastRunFailed"))

    def a_package_is_made(self):
        self.world.migration("20240103000000_published")
        self.package("v1.2.0")
        figure = "package_generation_seconds"
        states = {"eu": "fresh", "us": "behind", "asia": "behind"}
        self.within_five_seconds(
            api=self.states(**states), dashboard=self.rows(**states), webhook=lambda: self.webhook.has("release create", "done"),
            figure=lambda: {f["name"]: f["value"] for f in self.server.json("/api/v1/figures", TOKEN)["figures"]}[figure],
            meter=lambda: self.dashboard.shows("#/figures", f'[data-figure="{figure}"] .badge:text("OK")'),
            prometheus=lambda: self.prometheus.value(f'ballast_key_figure{{figure="{figure}"}}'),
            node=lambda: self.dashboard.shows("#/paths", 'text=v1.2.0'))

    def the_pipeline_deploys(self):
        states = dict.fromkeys(self.urls, "current")
        for name in self.urls:
            self.deploy(name)
        self.within_five_seconds(
            api=self.states(**states), dashboard=self.rows(**states), ready=self.is_ready(True), prometheus=self.in_prometheus("ballast_ready", 1),
            webhook=lambda: self.webhook.has("deploy", "done"), list=lambda: self.dashboard.shows("#/deploys", 'tr[data-run]:has-text("v1.2.0")'),
            metrics=self.has_metric("ballast_runs_total", 1, command="deploy", name="eu", outcome="done"))

    def one_drifts(self):
        sql(self.urls["us"], 'DROP INDEX "Post_authorId_idx"')
        states = {"eu": "current", "us": "drifted", "asia": "current"}
        self.within_five_seconds(
            api=self.states(**states), dashboard=self.rows(**states), ready=self.is_ready(False),
            reason=lambda: "Post_authorId_idx" in json.dumps(self.server.json("/api/v1/databases/us", TOKEN)["drift"]),
            metrics=self.has_metric("ballast_database_drift_objects", 1, name="us"),
            alert=lambda: self.prometheus.fires("BallastDatabaseDrift", name="us"),
            figure=lambda: self.prometheus.fires("BallastKeyFigureAlert", figure="drift_objects"),
            meter=lambda: self.dashboard.shows("#/figures", '[data-figure="drift_objects"] .badge:text("Alert")'))

    def one_deploy_fails_and_one_is_refused(self):
        sql(self.urls["eu"], """INSERT INTO "Tag" ("label") VALUES ('twice'), ('twice')""")
        self.world.migration(*LABELS)
        self.package("v1.3.0")
        self.deploy("asia")
        self.deploy("eu", status=1)
        self.deploy("us", status=1)
        self.pipeline("deploy", "--strategy", "release", url="postgresql://deployer:secret@127.0.0.1:1/nowhere", status=3)
        states = {"eu": "behind", "us": "drifted", "asia": "current"}
        failed = {name: self.prometheus_name(name) for name in ("eu", "us")}
        self.within_five_seconds(
            api=self.states(**states), dashboard=self.rows(**states), ready=self.is_ready(False),
            failure=lambda: self.webhook.has("deploy", "failed", "P3018"), refusal=lambda: self.webhook.has("deploy", "refused", "B503"),
            unreached=lambda: self.webhook.has("deploy", "failed", "P1001"),
            metrics=self.has_metric("ballast_runs_total", 1, command="deploy", name="eu", outcome="failed"),
            alert_eu=lambda: self.prometheus.fires("BallastRunFailed", database=failed["eu"]),
            alert_us=lambda: self.prometheus.fires("BallastRunFailed", database=failed["us"]),
            alert_unreached=lambda: self.prometheus.fires("BallastRunFailed", database="nowhere"),
            list=lambda: self.dashboard.shows("#/deploys", 'tr[data-run]:has-text("Failed"):has-text("eu")'),
            refused=lambda: self.dashboard.shows("#/deploys", 'tr[data-run]:has-text("Refused"):has-text("us")'),
            figure=lambda: self.prometheus.fires("BallastKeyFigureAlert", figure="deploy_success_percent"))
        everything = json.dumps(self.webhook.runs) + self.server.ask("/api/v1/runs", token=TOKEN)[2] + self.server.ask("/metrics", token=TOKEN)[2]
        self.assertNotIn("secret", everything)

    def prometheus_name(self, name):
        return urllib.parse.urlsplit(self.urls[name]).path[1:]


if __name__ == "__main__":
    unittest.main(verbosity=2)
