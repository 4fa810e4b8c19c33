#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the #include lines of each folder in src/ with those that its CMakeLists.txt allows, and those of
outside libraries with the places that may include each. Looks for the header of each source file."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
source = root / "src"

# header prefix -> files (as path patterns) that may include it
LIBRARIES = {
    "libpq-fe.h": [r"src/postgres/"],
    "pg_query.h": [r"src/sql/"],
    "utf8proc.h": [r"src/cli/display_width\.cc$", r"src/prisma/cursor\.cc$"],
    "CLI/": [r"src/cli/(options(_[a-z]+)?|command_tree)\.(cc|h)$"],
    "toml++/": [r"src/workspace/"],
    "curl/": [r"src/report/libcurl\.h$"],
    "git2": [r"src/workspace/(lib)?git"],
    "zstd.h": [r"src/release/", r"src/serve/web_files\.cc$"],
    "archive": [r"src/release/"],
    "sodium.h": [r"src/release/"],
    "nettle/": [r"src/base/sha256\.cc$"],
    "httplib.h": [r"src/serve/http_server\.cc$"],
    "prometheus/": [r"src/report/metrics_text\.cc$"],
    "sqlite3.h": [r"src/serve/store_sqlite(_test)?\.cc$"],
    "nlohmann/": [r"\.cc$", r"src/[^/]+/[^/]*_(internal|json)\.h$"],
}


def folders():
    allowed = {}
    for lists in source.glob("*/CMakeLists.txt"):
        match = re.search(r"ballast_library\((\w+)([^)]*)\)", lists.read_text())
        depends = re.search(r"DEPENDS\s+([a-z ]+)", match.group(2))
        allowed[match.group(1)] = set(depends.group(1).split()) if depends else set()
    return allowed


# They implement no header of ours.
WITHOUT_HEADER = {"src/base/fmt_library.cc", "src/cli/main.cc", "src/scratch/preload/shifted_clock.cc"}


def without_header():
    for file in sorted(source.rglob("*.cc")):
        name = file.relative_to(root).as_posix()
        if name.endswith("_test.cc") or name in WITHOUT_HEADER or file.with_suffix(".h").exists():
            continue
        word = file.stem.split("_")[0]
        if not any(header.stem.split("_")[0] == word for header in file.parent.glob("*.h")):
            yield f"{name}: no header in this folder begins with the word {word}"


def faults():
    yield from without_header()
    allowed = folders()
    files = [f for f in source.rglob("*") if f.suffix in (".h", ".cc")]
    files += [f for top in ("tests", "tools", "bench") for f in (root / top).rglob("*.cc")]
    for file in sorted(files):
        name = file.relative_to(root).as_posix()
        folder = name.split("/")[1] if name.startswith("src/") else None
        for number, line in enumerate(file.read_text().splitlines(), 1):
            match = re.match(r'#include [<"]([^">]+)[">]', line)
            if not match:
                continue
            header = match.group(1)
            other = header.split("/")[0]
            if folder and other in allowed and other != folder and other not in allowed[folder]:
                yield f"{name}:{number}: src/{folder} may not include {header}"
            for library, places in LIBRARIES.items():
                if header.startswith(library) and not any(re.search(p, name) for p in places):
                    yield f"{name}:{number}: {header} may not be included here"


found = list(faults())
print("\n".join(found) or f"the includes of {len(folders())} folders are as allowed")
sys.exit(1 if found else 0)
