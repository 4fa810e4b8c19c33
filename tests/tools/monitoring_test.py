# SPDX-License-Identifier: Apache-2.0
"""What `ballast init monitoring` writes is valid for Prometheus: the rules load, every expression of the
dashboard parses, and a real Prometheus that scrapes the metrics of real runs fires the alerts."""
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

PROGRAM = os.environ["BALLAST_PROGRAM"]
PROMTOOL = shutil.which("promtool")
SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\nmodel A {\n  id Int @id\n}\n'

# Test of the rules by promtool: series in, alerts out.
RULE_TESTS = """
rule_files: [ballast-alerts.yml]
evaluation_interval: 15s
tests:
  - interval: 15s
    input_series:
      - series: 'ballast_run_success{project="shop",database="a",schema="public",command="deploy"}'
        values: '1 0 1'
      - series: 'ballast_run_success{project="shop",database="b",schema="public",command="deploy"}'
        values: '1 1 1'
      - series: 'ballast_key_figure_state{project="shop",database="a",schema="public",figure="apply_seconds"}'
        values: '0 1 2'
      - series: 'ballast_run_duration_seconds{project="shop",command="release create"}'
        values: '119 121 301'
      - series: 'ballast_database_drift_objects{name="eu",project=""}'
        values: '1 stale stale 0'
      - series: 'ballast_key_figure_state{figure="drift_objects"}'
        values: '2 2 2'
      - series: 'ballast_drift_objects{project="shop",database="a"}'
        values: '0 2 0'
      - series: 'ballast_run_stage_duration_seconds{project="shop",database="a",command="deploy",stage="apply"}'
        values: '30 31 181'
      - series: 'ballast_run_stage_duration_seconds{project="shop",database="a",command="deploy",stage="observe"}'
        values: '900 900 900'
      - series: 'ballast_package_intact{project="shop",version="v1"}'
        values: '1 0 1'
      # With `for`: 1 minute that one does not answer, 15 minutes that one is not ready.
      - series: 'ballast_database_reachable{name="gone",project=""}'
        values: '1 0x4 1'
      - series: 'ballast_database_ready{name="gone",project=""}'
        values: '0x90'
      - series: 'ballast_database_reachable{name="late",project=""}'
        values: '1x90'
      - series: 'ballast_database_ready{name="late",project=""}'
        values: '1 0x70 1'
      - series: 'ballast_database_observed{name="late",project=""}'
        values: '1x90'
      # A broken package: the database can be reached.
      - series: 'ballast_database_reachable{name="broken",project=""}'
        values: '1x90'
      - series: 'ballast_database_observed{name="broken",project=""}'
        values: '1 0x30 1x59'
      - series: 'ballast_database_ready{name="broken",project=""}'
        values: '1 0x89'
      # Refused before the project was known.
      - series: 'ballast_run_success{name="",project="",database="",schema="",server="",command="release create"}'
        values: '1 1 1 0 1'
      # One server that stops and one whose pod no longer exists; other jobs are nobody's business here.
      - series: 'up{job="ballast",instance="a"}'
        values: '1 1 0x5 1x90'
      - series: 'up{job="ballast",instance="b"}'
        values: '1x98'
      - series: 'ballast_ready{job="ballast",instance="b"}'
        values: '1x98'
      - series: 'up{job="pods",instance="c"}'
        values: '1x40'
      - series: 'ballast_ready{job="pods",instance="c"}'
        values: '1x40'
      - series: 'up{job="other",instance="d"}'
        values: '0x98'
      # Written at the beginning only.
      - series: 'ballast_key_figures_timestamp_seconds{project="shop",database="a"}'
        values: '0x122 1845'
    alert_rule_test:
      - eval_time: 15s
        alertname: BallastRunFailed
        exp_alerts:
          - exp_labels: {severity: critical, project: shop, database: a, schema: public, command: deploy}
            exp_annotations:
              summary: ballast deploy of shop failed on a
              description: 'See what happened: ballast log --failures'
      - eval_time: 30s
        alertname: BallastRunFailed
      - eval_time: 0s
        alertname: BallastKeyFigureWarning
      - eval_time: 15s
        alertname: BallastKeyFigureWarning
        exp_alerts:
          - exp_labels: {severity: warning, project: shop, database: a, schema: public, figure: apply_seconds}
            exp_annotations:
              summary: apply_seconds of shop is past its warning threshold
              description: 'See all key figures: ballast log --summary'
      - eval_time: 30s
        alertname: BallastKeyFigureAlert
        exp_alerts:
          - exp_labels: {severity: critical, figure: drift_objects}
            exp_annotations:
              summary: drift_objects is past its alert threshold
              description: 'See all key figures: ballast log --summary'
          - exp_labels: {severity: critical, project: shop, database: a, schema: public, figure: apply_seconds}
            exp_annotations:
              summary: apply_seconds of shop is past its alert threshold
              description: 'See all key figures: ballast log --summary'
      - eval_time: 15s
        alertname: BallastPackageGenerationSlow
        exp_alerts:
          - exp_labels: {severity: warning, project: shop, command: release create}
            exp_annotations:
              summary: making the package of shop took 2m 1s
              description: 'See the stages: ballast release create --output json'
      # A database that goes away does not end the alert about its drift.
      - eval_time: 30s
        alertname: BallastDatabaseDrift
        exp_alerts:
          - exp_labels: {severity: warning, name: eu}
            exp_annotations:
              summary: 1 object of eu is not as proven
              description: 'See which, and decide: ballast status'
      - eval_time: 45s
        alertname: BallastDatabaseDrift
      - eval_time: 0s
        alertname: BallastDrift
      - eval_time: 15s
        alertname: BallastDrift
        exp_alerts:
          - exp_labels: {severity: warning, project: shop, database: a}
            exp_annotations:
              summary: 2 objects of a are not as proven
              description: 'See which, and decide: ballast status'
      - eval_time: 30s
        alertname: BallastDrift
      - eval_time: 45s
        alertname: BallastRunFailed
        exp_alerts:
          - exp_labels: {severity: critical, command: release create}
            exp_annotations:
              summary: ballast release create failed
              description: 'See what happened: ballast log --failures'
      - eval_time: 5m
        alertname: BallastDatabaseNotObserved
      - eval_time: 5m15s
        alertname: BallastDatabaseNotObserved
        exp_alerts:
          - exp_labels: {severity: warning, name: broken}
            exp_annotations:
              summary: broken has not been observed for 5 minutes, although it can be reached
              description: 'See why on the dashboard, or GET /readyz'
      - eval_time: 8m
        alertname: BallastDatabaseNotObserved
      - eval_time: 75s
        alertname: BallastServeDown
      - eval_time: 90s
        alertname: BallastServeDown
        exp_alerts:
          - exp_labels: {severity: critical, job: ballast, instance: a}
            exp_annotations:
              summary: 'ballast serve does not answer: ballast a'
              description: No other alert about its databases can fire
      - eval_time: 2m
        alertname: BallastServeDown
      - eval_time: 17m
        alertname: BallastServeDown
        exp_alerts:
          - exp_labels: {severity: critical, job: pods}
            exp_annotations:
              summary: 'ballast serve does not answer: pods'
              description: No other alert about its databases can fire
      - eval_time: 30m
        alertname: BallastKeyFiguresStale
      - eval_time: 30m15s
        alertname: BallastKeyFiguresStale
        exp_alerts:
          - exp_labels: {severity: warning, project: shop, database: a}
            exp_annotations:
              summary: the key figures of shop have not been written for 30m 15s
              description: 'Run ballast log --summary where cron runs it, and see why it fails'
      - eval_time: 60s
        alertname: BallastDatabaseUnreachable
      - eval_time: 75s
        alertname: BallastDatabaseUnreachable
        exp_alerts:
          - exp_labels: {severity: critical, name: gone}
            exp_annotations:
              summary: gone does not answer
              description: 'See why on the dashboard, or GET /readyz; without ballast serve: ballast status'
      - eval_time: 90s
        alertname: BallastDatabaseUnreachable
      - eval_time: 15m
        alertname: BallastDatabaseBehind
      - eval_time: 15m15s
        alertname: BallastDatabaseBehind
        exp_alerts:
          - exp_labels: {severity: warning, name: late}
            exp_annotations:
              summary: late has not been current for 15 minutes
              description: 'See what it waits for on the dashboard, or GET /readyz'
      - eval_time: 18m
        alertname: BallastDatabaseBehind
      - eval_time: 0s
        alertname: BallastPackageBroken
      - eval_time: 15s
        alertname: BallastPackageBroken
        exp_alerts:
          - exp_labels: {severity: critical, project: shop, version: v1}
            exp_annotations:
              summary: the package of shop cannot be used
              description: 'See why: ballast release verify'
      - eval_time: 0s
        alertname: BallastApplySlow
      - eval_time: 15s
        alertname: BallastApplySlow
        exp_alerts:
          - exp_labels: {severity: warning, project: shop, database: a, command: deploy, stage: apply}
            exp_annotations:
              summary: applying migrations took 31s on a
              description: 'See which migration was slow: ballast log --output json'
      - eval_time: 15s
        alertname: BallastApplyVerySlow
      - eval_time: 30s
        alertname: BallastApplyVerySlow
        exp_alerts:
          - exp_labels: {severity: critical, project: shop, database: a, command: deploy, stage: apply}
            exp_annotations:
              summary: applying migrations took 3m 1s on a
              description: 'See which migration was slow: ballast log --output json'
      - eval_time: 15s
        alertname: BallastPackageGenerationVerySlow
      - eval_time: 30s
        alertname: BallastPackageGenerationVerySlow
        exp_alerts:
          - exp_labels: {severity: critical, project: shop, command: release create}
            exp_annotations:
              summary: making the package of shop took 5m 1s
              description: 'See the stages: ballast release create --output json'
"""


def run(*arguments, cwd, status=0, **variables):
    done = subprocess.run(
        arguments, cwd=cwd, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(PROMTOOL, "promtool is not installed (Debian: prometheus)")
class Monitoring(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ballast-monitoring-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        migration = self.folder / "prisma/migrations/1_a"
        migration.mkdir(parents=True)
        (self.folder / "prisma/schema.prisma").write_text(SCHEMA)
        (migration.parent / "migration_lock.toml").write_text('provider = "postgresql"\n')
        (migration / "migration.sql").write_text('CREATE TABLE "A" ("id" INTEGER PRIMARY KEY);\n')
        run(PROGRAM, "init", "monitoring", cwd=self.folder)
        self.written = self.folder / "monitoring"

    def test_rules_are_valid_and_fire(self):
        run(PROMTOOL, "check", "rules", "ballast-alerts.yml", cwd=self.written)
        rules = re.findall(r"alert: (\w+)", (self.written / "ballast-alerts.yml").read_text())
        self.assertEqual(set(rules), set(re.findall(r"alertname: (\w+)", RULE_TESTS)))  # each is tested
        (self.written / "tests.yml").write_text(RULE_TESTS)
        run(PROMTOOL, "test", "rules", "tests.yml", cwd=self.written)

    def test_the_dashboard_asks_valid_questions(self):
        dashboard = json.loads((self.written / "ballast-dashboard.json").read_text())
        expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        self.assertGreater(len(expressions), 5)
        rules = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(expressions)]
        (self.written / "panels.yml").write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
        run(PROMTOOL, "check", "rules", "panels.yml", cwd=self.written)
        self.assertEqual(len({panel["id"] for panel in dashboard["panels"]}), len(dashboard["panels"]))

    def test_prometheus_scrapes_runs_and_fires(self):
        metrics = self.folder / "metrics"
        metrics.mkdir()
        # A deploy that cannot reach its database, and a package.
        nowhere = "postgresql://nobody@127.0.0.1:1/shop"
        run(PROGRAM, "deploy", "--database-url", nowhere, "--metrics-file", metrics / "deploy", cwd=self.folder, status=3)
        run(PROGRAM, "release", "create", "v1", "--metrics-file", metrics / "create", cwd=self.folder)
        for file in metrics.iterdir():
            subprocess.run([PROMTOOL, "check", "metrics"], input=file.read_bytes(), check=True, capture_output=True)
        handler = functools.partial(QuietFiles, directory=metrics)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
            threading.Thread(target=served.serve_forever, daemon=True).start()
            firing = self.alerts_of_prometheus(served.server_address[1])
            served.shutdown()
        self.assertEqual(firing, {("BallastRunFailed", "prisma/schema.prisma", "shop")})

    def alerts_of_prometheus(self, target):
        jobs = [
            {"job_name": name, "metrics_path": f"/{name}", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
            for name in ("deploy", "create")
        ]
        settings = {
            "global": {"scrape_interval": "200ms", "scrape_timeout": "200ms", "evaluation_interval": "200ms"},
            "rule_files": ["monitoring/ballast-alerts.yml"],
            "scrape_configs": jobs,
        }
        (self.folder / "prometheus.yml").write_text(json.dumps(settings))
        port = free_port()
        server = subprocess.Popen(
            ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
             f"--web.listen-address=127.0.0.1:{port}"],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            return self.firing(port)
        finally:
            server.terminate()
            server.wait()

    def firing(self, port):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            time.sleep(0.2)
            try:
                up = self.ask(port, "query?query=up")["result"]
                alerts = self.ask(port, "alerts")["alerts"]
            except OSError:
                continue
            if len(up) == 2 and all(sample["value"][1] == "1" for sample in up) and alerts:
                return {
                    (alert["labels"]["alertname"], alert["labels"]["project"], alert["labels"]["database"])
                    for alert in alerts if alert["state"] == "firing"
                }
        self.fail("Prometheus did not fire in 30 s")

    @staticmethod
    def ask(port, what):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/api/v1/{what}", timeout=2) as answer:
            return json.load(answer)["data"]


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    # Prometheus 3 wants to be told; 2 does not mind.
    def guess_type(self, path):
        return "text/plain; version=0.0.4"

    def log_message(self, *words):
        pass


if __name__ == "__main__":
    unittest.main()
