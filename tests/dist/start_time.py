#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""start_time.py PROGRAM MILLISECONDS: fails if `--version` takes longer than /bin/true and that much.

The least of many starts is compared: other processes can make a start slower, but not faster. Where /bin/true itself
takes longer than a millisecond, the limit grows with it."""
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


base = least(["/bin/true"])
took = least([program, "--version"]) - base
limit *= max(1.0, base)
print(f"{took:.2f} ms more than the {base:.2f} ms of /bin/true; at most {limit:.2f} ms")
sys.exit(took > limit)
