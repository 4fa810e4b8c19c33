# SPDX-License-Identifier: Apache-2.0
"""The indexed Job that `ballast init kubernetes --fleet` writes: its form, and its command line in each of its pods,
run on this machine with the variables that Kubernetes sets."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))
TENANTS = 12

# The fields of a batch/v1 Job that the file uses (Kubernetes API reference, v1.31).
JOB = {"completionMode", "completions", "parallelism", "backoffLimit", "template"}
POD = {"restartPolicy", "terminationGracePeriodSeconds", "containers"}
CONTAINER = {"name", "image", "command", "env", "securityContext"}


class FleetJob(unittest.TestCase):
    def setUp(self):
        if not PROGRAM.exists():
            self.skipTest(f"NO PROGRAM: {PROGRAM} is not built")
        if yaml is None:
            self.skipTest("NO YAML: apt-get install python3-yaml")
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        for name, text in (("schema.prisma", 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'),
                           ("migrations/migration_lock.toml", 'provider = "postgresql"\n'),
                           ("migrations/20240101000000_a/migration.sql", 'CREATE TABLE "A" ("id" INTEGER);\n')):
            path = self.place / "prisma" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.ballast("init", "kubernetes", "--fleet")
        self.documents = list(yaml.safe_load_all((self.place / "kubernetes.fleet.ballast.yaml").read_text()))

    def ballast(self, *arguments, status=0, inside=None, **variables):
        command = [PROGRAM, *arguments]
        if inside:
            command = [PROGRAM, "scratch", "--", "sh", "-c", inside]
        run = subprocess.run(command, cwd=self.place, env={**os.environ, **variables}, text=True, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(run.returncode, status, run.stdout)
        return run.stdout

    def test_form(self):
        config, job = self.documents
        self.assertEqual((config["apiVersion"], config["kind"]), ("v1", "ConfigMap"))
        self.assertEqual((job["apiVersion"], job["kind"]), ("batch/v1", "Job"))
        self.assertEqual(set(job["spec"]), JOB)
        self.assertEqual(job["spec"]["completionMode"], "Indexed")
        pod = job["spec"]["template"]["spec"]
        self.assertEqual(set(pod), POD)
        self.assertIn(pod["restartPolicy"], ("Never", "OnFailure"))
        container, = pod["containers"]
        self.assertEqual(set(container), CONTAINER)
        self.assertTrue(all(isinstance(word, str) for word in container["command"]))
        variables = {variable["name"]: variable for variable in container["env"]}
        self.assertEqual(variables["JOB_COMPLETIONS"]["value"], str(job["spec"]["completions"]))
        query = variables["TARGETS_QUERY"]["valueFrom"]["configMapKeyRef"]
        self.assertEqual(query["name"], config["metadata"]["name"])
        self.assertIn(query["key"], config["data"])
        for name in ("CONTROL_URL", "TENANT_URL"):  # secrets are references
            self.assertIn("secretKeyRef", variables[name]["valueFrom"])

    def test_command_line(self):
        self.ballast("release", "create", "v1.0.0")
        config, job = self.documents
        container, = job["spec"]["template"]["spec"]["containers"]
        query = config["data"]["targets.sql"]
        words = [re.sub(r"\$\((\w+)\)", r"$\1", word) for word in container["command"]]
        words[words.index("--pause") + 1] = "100ms"
        line = " ".join(f'"{word}"' for word in words)
        script = f"""
psql -q "$DATABASE_URL" -c "CREATE TABLE tenants (name text, database text, groups text)" \\
  -c "INSERT INTO tenants SELECT 'n' || n, 'tenant_' || n FROM generate_series(1, {TENANTS}) n" || exit 1
export CONTROL_URL="$DATABASE_URL" TENANT_URL="$(echo "$DATABASE_URL" | sed 's|/[^/?]*?|/{{database}}?|')"
export JOB_COMPLETIONS={job["spec"]["completions"]}
unset DATABASE_URL DIRECT_URL
for index in 3 2 1 0; do
  JOB_COMPLETION_INDEX=$index {line} --strategy release > out.$index 2>&1 & pids="$pids $!"
done
for pid in $pids; do wait $pid || failed=1; done
cat out.*; test -z "$failed" || exit 1
unset JOB_COMPLETIONS
ballast fleet status --strategy release --targets-query "$TARGETS_QUERY" --control-url env:CONTROL_URL \\
  --url-template env:TENANT_URL
"""
        output = self.ballast(inside=script, TARGETS_QUERY=query,
                              PATH=f"{PROGRAM.parent}:{os.environ['PATH']}")
        self.assertIn(f"{TENANTS} targets: {TENANTS} current", output)
        self.assertIn("waiting for the canaries of shard 1", output)
        self.assertIn("shard 1/4 by JOB_COMPLETION_INDEX", output)
        deployed = sum(int(count) for count in re.findall(r"(\d+) deployed", output))
        self.assertEqual(deployed, TENANTS)


if __name__ == "__main__":
    unittest.main()
