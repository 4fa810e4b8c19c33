# SPDX-License-Identifier: Apache-2.0
"""A fleet as a job array of a real Slurm cluster on this machine: shards come from SLURM_ARRAY_TASK_ID, are killed in
the middle of their work, and are started again. By name only (./test -L slow).

Cluster and PostgreSQL server run as the user `slurm` if this runs as root: slurmd would otherwise want control groups
of the system, and PostgreSQL refuses root.
"""
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))
SERVER_PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=pathlib.Path("initdb")).parent
NEEDED = ("slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "setpriv")
SHARDS = 3
TENANTS = 18
SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
# The second one waits for whoever holds the table, so that a shard can be killed while it works.
MIGRATIONS = {"20240101000000_a": 'CREATE TABLE "A" ("id" INTEGER PRIMARY KEY);\n',
              "20240102000000_b": 'ALTER TABLE "A" ADD COLUMN "b" INTEGER;\n'}
CONF = """ClusterName=ballast
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/none
CredType=cred/none
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool.%n
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.%n.pid
SlurmctldLogFile={place}/slurmctld.log
SlurmdLogFile={place}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/linear
ReturnToService=2
MailProg=/bin/true
{nodes}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [place.getsockname()[1] for place in sockets]
    for place in sockets:
        place.close()
    return ports


def await_that(test, what, seconds=120):
    end = time.monotonic() + seconds
    while not (seen := test()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)
    return seen


class Cluster:
    """A PostgreSQL server, slurmctld, and a slurmd for each node."""

    def __init__(self, place):
        self.place = place
        self.user = "slurm" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        entry = pwd.getpwnam(self.user)
        self.identity = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"] if os.geteuid() == 0 else []
        self.environment = {**os.environ, "SLURM_CONF": str(place / "slurm.conf")}
        names = [f"n{number}" for number in range(SHARDS)]
        ports = free_ports(2 + SHARDS)
        host = socket.gethostname().partition(".")[0]
        nodes = "\n".join(f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1 State=UNKNOWN"
                          for name, port in zip(names, ports[2:]))
        (place / "slurm.conf").write_text(CONF.format(host=host, ports=ports, user=self.user, place=place, nodes=nodes))
        for folder in ["data", "state", *(f"spool.{name}" for name in names)]:
            (place / folder).mkdir()
        for path in [place, *place.rglob("*")]:
            os.chown(path, entry.pw_uid, entry.pw_gid)
        self.url = f"postgresql://postgres@127.0.0.1:{ports[1]}/postgres"
        self.run(str(SERVER_PROGRAMS / "initdb"), "-D", str(place / "data"), "-U", "postgres", "-A", "trust", "-N")
        (place / "data/postgresql.auto.conf").write_text(
            f"port = {ports[1]}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n")
        self.daemons = [self.start(str(SERVER_PROGRAMS / "postgres"), "-D", str(place / "data")), self.start("slurmctld", "-D"), *(self.start("slurmd", "-D", "-N", name) for name in names)]

    def start(self, *argv):
        with open(self.place / "daemons.log", "ab") as log:
            return subprocess.Popen([*self.identity, *argv], env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def run(self, *argv, check=True, **variables):
        done = subprocess.run([*self.identity, *argv], env={**self.environment, **variables}, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"{argv} gave {done.returncode}\n{done.stdout}{done.stderr}\n{self.log()}")
        return done.stdout

    def log(self):
        return "\n".join(path.read_text(errors="replace")[-2000:] for path in sorted(self.place.glob("*.log")))

    def await_server(self):
        await_that(lambda: subprocess.run(["psql", "-XqAt", self.url, "-c", ""], capture_output=True).returncode == 0,
                   f"a server that answers\n{self.log()}")

    def await_nodes(self):
        await_that(lambda: self.run("sinfo", "-h", "-o", "%D %t", check=False).split() == [str(SHARDS), "idle"], f"idle nodes\n{self.log()}")

    def is_over(self, job):
        return self.run("squeue", "-h", "-j", job, check=False).strip() == ""

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGINT)  # for PostgreSQL: without waiting for sessions
        for daemon in self.daemons:
            try:
                daemon.wait(timeout=30)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


@unittest.skipUnless(all(map(shutil.which, NEEDED)), "NO SLURM: apt-get install slurm-wlm")
class SlurmFleetTest(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="ballast-slurm-"))
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)
        self.place.chmod(0o755)
        slurm = self.place / "slurm"
        slurm.mkdir()
        self.cluster = Cluster(slurm)
        self.addCleanup(self.cluster.stop)
        self.cluster.await_server()
        self.project = self.place / "shop"
        self.write("prisma/schema.prisma", SCHEMA)
        self.write("prisma/migrations/migration_lock.toml", 'provider = "postgresql"\n')
        self.server = self.cluster.url
        self.template = re.sub(r"/[^/?]*(\?|$)", r"/{database}\1", self.server, count=1)
        self.migration("20240101000000_a")
        self.sql(self.server, "CREATE TABLE tenants (database text)",
                 f"INSERT INTO tenants SELECT 'tenant_' || n FROM generate_series(1, {TENANTS}) n")
        for number in range(1, TENANTS + 1):
            self.sql(self.server, f"CREATE DATABASE tenant_{number}")
        self.ballast("release", "create", "v1.0.0")
        self.fleet("deploy")
        shutil.copytree(self.project / ".ballast", self.place / "v1")
        self.migration("20240102000000_b")
        self.ballast("release", "create", "v2.0.0", "--from-release", "../v1")
        self.write("../shards.sh", '#!/bin/sh\nexec "$BALLAST" fleet deploy --strategy release --targets-query "SELECT database FROM tenants" \\\n'
                   f'  --control-url env:CONTROL_URL --url-template env:TENANT_URL --shards {SHARDS} --lock-timeout 60s --parallel 2 "$@"\n')
        for path in [self.place, *self.place.rglob("*")]:
            if not path.is_relative_to(slurm):
                path.chmod(0o755)
        self.cluster.await_nodes()

    def write(self, path, text):
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def migration(self, name):
        self.write(f"prisma/migrations/{name}/migration.sql", MIGRATIONS[name])

    def ballast(self, *argv, status=0):
        done = subprocess.run([PROGRAM, *argv], cwd=self.project, capture_output=True, text=True, check=False,
                              env={**os.environ, "DATABASE_URL": self.server, "TENANT_URL": self.template, "CONTROL_URL": self.server})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def fleet(self, what, *more, status=0):
        return json.loads(self.ballast("fleet", what, "--output", "json", "--strategy", "release", "--targets-query", "SELECT database FROM tenants",
                                       "--control-url", "env:CONTROL_URL", "--url-template", "env:TENANT_URL", *more, status=status))

    @staticmethod
    def sql(url, *statements):
        words = [word for statement in statements for word in ("-c", statement)]
        done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", url, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def url(self, number):
        return self.template.replace("{database}", f"tenant_{number}")

    def states(self, but=0):
        """Of each tenant: its number of columns, and the release that its journal names."""
        query = ("SELECT (SELECT count(*) FROM pg_attribute WHERE attrelid = '\"A\"'::regclass AND attnum > 0), "
                 "(SELECT release FROM ballast.journal ORDER BY sequence DESC LIMIT 1)")
        return [self.sql(self.url(number), query) for number in range(1, TENANTS + 1) if number != but]

    def submit(self, *more, array=f"0-{SHARDS - 1}"):
        output = self.cluster.place / "shard.%a.out"
        answer = self.cluster.run("sbatch", "--parsable", f"--array={array}", "--requeue", "--open-mode=append", "-D", str(self.project), "-o", str(output),
                                  str(self.place / "shards.sh"), *more, BALLAST=str(PROGRAM), TENANT_URL=self.template, CONTROL_URL=self.server)
        return answer.strip()

    def output(self):
        return "".join(path.read_text() for path in sorted(self.cluster.place.glob("shard.*.out")))

    def finish(self, job):
        await_that(lambda: self.cluster.is_over(job), "the end of the array\n" + self.output() + self.cluster.log())

    def shard_of(self, number):
        shards = [shard for shard in range(SHARDS) if f"tenant_{number}" in
                  (target["name"] for target in self.fleet("status", "--shard", f"{shard + 1}/{SHARDS}", status=1)["targets"])]
        self.assertEqual(len(shards), 1)
        return shards[0]

    def hold(self, number):
        """Holds the tenant's table; its deploy waits."""
        holder = subprocess.Popen(["psql", "-XqAt", self.url(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        holder.stdin.write('BEGIN; LOCK TABLE "A"; SELECT 1;\n')
        holder.stdin.flush()
        self.assertEqual(holder.stdout.readline(), "1\n")
        return holder

    def is_waiting(self, number):
        return self.sql(self.server, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
                        f"'tenant_{number}'") == "1"

    def test_shards_are_killed_and_started_again(self):
        before, complete = "1|v1.0.0", "2|v2.0.0"
        self.assertEqual(self.states(), [before] * TENANTS)
        held = {}
        for number in range(1, TENANTS + 1):  # one of each shard
            held.setdefault(self.shard_of(number), number)
        self.assertEqual(sorted(held), list(range(SHARDS)))
        holders = [self.hold(number) for number in held.values()]
        try:
            job = self.submit()
            for number in held.values():
                await_that(lambda number=number: self.is_waiting(number), "a deploy that waits\n" + self.output())
            self.cluster.run("scancel", "--full", "-s", "KILL", f"{job}_1")   # killed, and started again by hand
            self.cluster.run("scontrol", "requeue", f"{job}_2")               # asked to end, and started again by Slurm
            await_that(lambda: not self.is_waiting(held[1]) and not self.is_waiting(held[2]), "the end of both shards")
            for state in self.states():
                self.assertIn(state, (before, complete))
        finally:
            for holder in holders:
                holder.communicate("ROLLBACK;\n")
        self.cluster.run("scontrol", "update", f"JobId={job}_2", "StartTime=now")
        again = self.submit(array="1")
        self.finish(job)
        self.finish(again)
        self.assertEqual(self.states(), [complete] * TENANTS, self.output())
        for shard in range(SHARDS):
            self.assertIn(f"shard {shard + 1}/{SHARDS} by SLURM_ARRAY_TASK_ID", self.output())
        counts = self.fleet("status")["counts"]
        self.assertEqual((counts["targets"], counts["as_wanted"]), (TENANTS, TENANTS))

    def test_a_canary_that_fails_stops_every_shard(self):
        self.sql(self.url(7), 'DROP TABLE "A" CASCADE')
        self.finish(self.submit("--canary", "tenant_7", "--canary-timeout", "5s"))
        self.assertEqual(self.states(but=7), ["1|v1.0.0"] * (TENANTS - 1), self.output())
        self.assertIn("B503", self.output())
        self.sql(self.url(7), MIGRATIONS["20240101000000_a"])
        self.finish(self.submit("--canary", "tenant_7"))
        self.assertEqual(self.states(), ["2|v2.0.0"] * TENANTS, self.output())


if __name__ == "__main__":
    if not PROGRAM.exists():
        sys.exit(f"NO PROGRAM: {PROGRAM} is not built")
    unittest.main(verbosity=2)
