#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""start_time.py PROGRAM MILLISECONDS: fails if `--version` takes longer than /bin/true and that much.

The least of many starts is compared: other processes can make a start slower, but not faster."""
import subprocess
import sys
import time

program, limit = sys.argv[1], float(sys.argv[2])


def least(command):
    """Milliseconds."""
    times = []
    for _ in range(101):
        before = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(1000 * (time.perf_counter() - before))
    return min(times)


took = least([program, "--version"]) - least(["/bin/true"])
print(f"{took:.2f} ms more than /bin/true")
sys.exit(took > limit)
