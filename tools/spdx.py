#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file names its licence in its first lines:
    tools/spdx.py          lists the files that do not; exit status 1 if there are any
    tools/spdx.py --fix    adds the line to them
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINE = "SPDX-License-Identifier: Apache-2.0"
COMMENTS = {".cc": "//", ".h": "//", ".c": "//", ".mjs": "//", ".js": "//", ".ts": "//", ".py": "#", ".sh": "#",
            ".cmake": "#", ".yml": "#", "CMakeLists.txt": "#"}
# Inputs and expected outputs of tests, and files that become part of users' projects.
DATA = ("tests/golden/", "tests/interop/earlier_packages/", "tests/database/cases/", "fuzz/corpus/")


def comment_of(file):
    """How a line comment begins in this file; None if the file is no source."""
    for key in (file.name, file.suffix):
        if key in COMMENTS:
            return COMMENTS[key]
    if file.suffix == "" and file.read_bytes()[:2] == b"#!":
        return "#"
    return None


def main():
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True)
    lacking = []
    for name in listed.stdout.split("\0"):
        file = ROOT / name
        if not name or name.startswith(DATA) or not file.is_file() or file.is_symlink():
            continue
        comment = comment_of(file)
        if comment is None:
            continue
        text = file.read_text(encoding="utf-8")
        if LINE in text[:300]:
            continue
        lacking.append(name)
        if "--fix" in sys.argv[1:]:
            lines = text.splitlines(keepends=True)
            lines.insert(1 if text.startswith("#!") else 0, f"{comment} {LINE}\n")
            file.write_text("".join(lines), encoding="utf-8")
    for name in lacking:
        print(f"{name}: no line \"{LINE}\"" if "--fix" not in sys.argv[1:] else f"{name}: added")
    return 1 if lacking and "--fix" not in sys.argv[1:] else 0


sys.exit(main())
