#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over every source that build/clang compiles, remembering what was clean:
    python3 tools/tidy.py           what changed since it was last clean
    python3 tools/tidy.py --jobs 1  one at a time
    python3 tools/tidy.py src/sql   only of sources with that in their path
A file is clean as long as its compile command, .clang-tidy, clang-tidy itself, its own bytes and those
of every header of this repository that it reaches are what they were. Headers from elsewhere are taken
for unchanged: remove build/tidy after an upgrade of a library."""
import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
build = root / "build" / "clang"
stamps = root / "build" / "tidy"


@functools.cache
def includes(file):
    """The headers of this repository that a file names itself."""
    found = set()
    for name in re.findall(r'^#include "([^"]+)"', file.read_text(), re.MULTILINE):
        for folder in (file.parent, root / "src", root):
            if (folder / name).is_file():
                found.add((folder / name).resolve())
                break
    return frozenset(found)


def reached(file):
    seen, waiting = {file}, [file]
    while waiting:
        for header in includes(waiting.pop()) - seen:
            seen.add(header)
            waiting.append(header)
    return sorted(seen)


@functools.cache
def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def key(entry, ground):
    """What the verdict on one source depends on, as one hash."""
    parts = [*ground, entry["command"]]
    for file in reached(pathlib.Path(entry["file"])):
        parts += [file.relative_to(root).as_posix(), digest(file)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def clean(entry):
    command = ["clang-tidy", "-p", str(build), "--quiet", entry["file"]]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0:
        print(run.stdout or run.stderr, end="", flush=True)
    return run.returncode == 0


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("parts", nargs="*")
    given = options.parse_args()
    stamps.mkdir(parents=True, exist_ok=True)
    version = subprocess.run(["clang-tidy", "--version"], stdout=subprocess.PIPE, text=True, check=True)
    ground = [version.stdout, digest(root / ".clang-tidy")]
    sources = [entry for entry in json.loads((build / "compile_commands.json").read_text())
               if not pathlib.Path(entry["file"]).is_relative_to(root / "build")]  # not what the build generates
    keys = {key(entry, ground): entry for entry in sources}
    for stamp in stamps.iterdir():
        if stamp.name not in keys:
            stamp.unlink()
    todo = {k: entry for k, entry in keys.items()
            if not (stamps / k).exists() and (not given.parts or any(p in entry["file"] for p in given.parts))}

    def look(k):
        if not clean(todo[k]):
            return False
        (stamps / k).touch()
        return True

    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        verdicts = list(pool.map(look, todo))
    print(f"{verdicts.count(True)} looked at and clean, {verdicts.count(False)} with findings, "
          f"{len(keys) - len(todo)} left alone")
    return 1 if False in verdicts else 0


sys.exit(main())
