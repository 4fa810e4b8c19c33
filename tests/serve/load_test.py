# SPDX-License-Identifier: Apache-2.0
"""Load: 1,000 requests a second for 30 s. Needs node; by name only (./test -L slow)."""
import json
import pathlib
import shutil
import subprocess
import unittest

from world import World

HERE = pathlib.Path(__file__).resolve().parent


def resident_kb(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


@unittest.skipUnless(shutil.which("node"), "NO NODE: the load generator needs it")
class LoadTest(unittest.TestCase):
    def test_a_thousand_requests_a_second(self):
        world = World()
        self.addCleanup(world.close)
        urls = world.releases()
        world.toml(urls)
        with world.serve("--interval", "3s", env=world.variables(urls)) as server:
            server.await_that(lambda: "loading" not in server.states().values())
            ask = lambda seconds: json.loads(subprocess.run(
                ["node", str(HERE / "load.mjs"), f"http://127.0.0.1:{server.port}", "1000", str(seconds),
                 "/readyz", "/metrics", "/api/v1/overview", "/api/v1/databases/drifted", "/healthz"],
                capture_output=True, text=True, check=True).stdout)
            ask(5)
            before = resident_kb(server.process)
            result = ask(30)
            grown = resident_kb(server.process) - before
            print(f"\n{result}, memory {before} kB, {grown:+} kB")
            self.assertEqual((result["answered"], result["failed"]), (30_000, 0))
            self.assertLess(result["p99"], 50)
            self.assertLess(grown, 4096)


if __name__ == "__main__":
    unittest.main(verbosity=2)
