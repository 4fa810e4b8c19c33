#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures functions, files and lines of prose against the budgets (CONTRIBUTING.md).

usage: measure.py [--check] [--list N]
Function lengths are counted from the line that opens a definition to the line that closes it, found
by braces on a formatted source; good to about a line. --check fails where a hard limit is broken.
"""
import argparse
import pathlib
import re
import statistics
import sys

root = pathlib.Path(__file__).resolve().parent.parent
FILE_STOP, FUNCTION_STOP, HEADER_STOP, PROSE_STOP = 600, 60, 150, 120
# Longer by their nature, each with its reason.
EXCEPTIONS = {
    "src/base/error_codes.h": "one table of all codes",
}


NOT_A_FUNCTION = re.compile(r"^\s*(namespace|struct|class|enum|union|if|for|while|switch|else|do|return|case|public|private|//|#|\}|extern)\b")


def head_of(lines, number):
    """The first line of the signature whose last line is `number`; None when it is none."""
    while number > 0:
        line = lines[number - 1]
        indent = len(line) - len(line.lstrip())
        if indent <= 2 and line.strip():
            return None if NOT_A_FUNCTION.match(line) or "(" not in line else (number, line[:indent])
        number -= 1
    return None


def functions(lines):
    """(name, first line, length) of each definition in clang-formatted code."""
    start, raw = None, False
    for number, line in enumerate(lines, 1):
        # The inside of a raw string is data: a query is as long as it has to be.
        opened = re.search(r'\bR"', line)
        raw = (raw or opened is not None) and not re.search(r'\)\w*"', line[opened.end():] if opened else line)
        if start is None:
            if not raw and line.endswith(" {") and ")" in line:
                head = head_of(lines, number)
                if head:
                    start, indent = head
                    name = lines[start - 1].strip()
        elif line.startswith(indent + "}") and not raw:
            yield name, start, number - start + 1
            start = None


def long_prose(lines):
    """The numbers of the lines of Markdown that are too long; tables, code, links and headings may be."""
    code = False
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code and len(line) > PROSE_STOP and " " in line and not re.match(r"\s*([|#<!\[]|.*[·]$)", line):
            yield number


def pages():
    yield from sorted(root.glob("*.md"))
    yield from sorted((root / "docs").rglob("*.md"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--list", type=int, default=0)
    options = parser.parse_args()
    faults, lengths, sizes, listed = [], [], [], []
    for file in sorted((root / "src").rglob("*")):
        if file.suffix not in (".cc", ".h") or file.name.endswith("_test.cc"):
            continue
        name = file.relative_to(root).as_posix()
        lines = file.read_text().splitlines()
        stop = HEADER_STOP if file.suffix == ".h" else FILE_STOP
        if file.suffix == ".cc":
            sizes.append(len(lines))
        if len(lines) > stop and name not in EXCEPTIONS:
            faults.append(f"{name}: {len(lines)} lines, the limit is {stop}")
        for function, start, length in functions(lines):
            lengths.append(length)
            listed.append((length, f"{name}:{start} {function[:70]}"))
            if length > FUNCTION_STOP:
                faults.append(f"{name}:{start}: function of {length} lines, the limit is {FUNCTION_STOP}")
    for page in pages():
        for number in long_prose(page.read_text().splitlines()):
            faults.append(f"{page.relative_to(root).as_posix()}:{number}: longer than {PROSE_STOP} columns")
    deciles = statistics.quantiles(lengths, n=10)
    print(f"{len(lengths)} functions: median {statistics.median(lengths):.0f}, p90 {deciles[8]:.0f} lines; "
          f"{len(sizes)} source files: median {statistics.median(sizes):.0f}, largest {max(sizes)}")
    for length, what in sorted(listed, reverse=True)[: options.list]:
        print(f"  {length:4} {what}")
    if faults:
        print("\n".join(faults))
    sys.exit(1 if options.check and faults else 0)


main()
