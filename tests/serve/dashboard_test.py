# SPDX-License-Identifier: Apache-2.0
"""The dashboard in Debian's Chromium, driven by playwright-core (tools/judges). Started by tests/serve/run."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

from world import SERVER, TOKEN, World

HERE = pathlib.Path(__file__).resolve().parent


@unittest.skipUnless(os.environ.get("BALLAST_PLAYWRIGHT") and shutil.which("chromium"),
                     "NO BROWSER: apt-get install chromium, then eval \"$(tools/judges)\" (needs npm)")
class DashboardTest(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)

    def drive(self, server, *scenarios, urls=None):
        world = {"scenarios": scenarios, "url": f"http://127.0.0.1:{server.port}", "token": TOKEN, "urls": urls or {}, "server": SERVER,
                 "pid": server.process.pid}
        done = subprocess.run(["node", str(HERE / "dashboard.mjs")], env={**os.environ, "WORLD": json.dumps(world)},
                              capture_output=True, text=True, timeout=1500)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_view(self):
        urls = self.world.releases()
        self.world.migration("20240103000000_published")
        self.world.toml(urls)
        with self.world.serve(env=self.world.variables(urls)) as server:
            self.drive(server, "views", "keyboard", "phone", "inPlace", "live", "hang", urls=urls)

    def test_screens(self):
        urls = self.world.releases()
        self.world.toml(urls)
        with self.world.serve(env=self.world.variables(urls)) as server:
            self.drive(server, "screens", urls=urls)

    def test_token(self):
        self.world.migration("20240101000000_init")
        with self.world.serve(env={"BALLAST_SERVE_TOKEN": TOKEN, "DATABASE_URL": self.world.database("token")}) as server:
            self.drive(server, "token")

    def test_nothing_known(self):
        self.world.migration("20240101000000_init")
        with self.world.serve("--store", "memory", env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}) as server:
            self.drive(server, "empty")

    def test_not_compared(self):
        self.world.migration("20240101000000_init")
        url = self.world.database("uncompared")
        self.world.ballast("deploy", "--strategy", "history", url=url)
        (self.world.project / "ballast.toml").write_text('strategy = "history"\n')
        with self.world.serve(env={"DATABASE_URL": url}) as server:
            self.drive(server, "uncompared", urls={"default": url})

    def test_a_thousand_databases(self):
        self.world.migration("20240101000000_init")
        url = self.world.database("tenant")
        self.world.ballast("deploy", url=url)
        lines = [f'[serve.database.tenant_{i:04}]\nurl = "env:TENANT_URL"\n' for i in range(1000)]
        (self.world.project / "ballast.toml").write_text("".join(lines))
        with self.world.serve("--interval", "60s", env={"TENANT_URL": url}) as server:
            self.drive(server, "thousand")


if __name__ == "__main__":
    unittest.main(verbosity=2)
