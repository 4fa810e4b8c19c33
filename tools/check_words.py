#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Searches source, tests, documentation and tools for words that CONTRIBUTING.md asks to avoid.

usage: check_words.py [PATH ...]     (default: all files that git tracks)
The table "write / not" in CONTRIBUTING.md is for people; this list has the words that a search can find.
JSON keys and file formats that contain such a word are in EXCEPTIONS.
"""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent

# pattern -> what to write instead
WORDS = {
    r"mend(s|ed|ing)?\b": "fix, correct",
    r"anew\b": "again",
    r"beside\b": "next to, in addition to",
    r"(stands?|stood|standing) for\b": "covers, replaces, means",
    r"(hold|holds|held|holding) against\b": "compare with",
    r"(hold|holds|held) \w+ against\b": "compare with",
    r"speaks? (for|of)\b": "covers, describes, names",
    r"speaking (for|of)\b": "covering, describing",
    r"(lies|lay|lie) (in|there|below|within|outside)\b": "is in, exists",
    r"is gone\b": "no longer exists, was removed",
    r"ledgers?\b": "history format, rows of the other strategy",
    r"heritage\b": "inheritance",
    r"heirs?\b": "children",
    r"uncarried\b": "unsupported",
    r"twins?\b": "second, copy",
    r"crowds?\b": "many, concurrent",
    r"keepers?\b": "supervisor, owner",
    r"ways? back\b": "rollback",
    r"(a|the|no) way (from|to|back|leads|is proven)\b": "upgrade path",
    r"as wanted\b": "up to date, as intended",
    r"wanted\b": "expected, requested, required",
    r"otherwise than\b": "different from, unlike",
    r"the very\b": "exactly the, the same",
    r"goes on\b": "continues",
    r"go on\b": "continue",
    r"told apart\b": "distinguished",
    r"thrown? away\b": "discarded",
    r"throw-away\b": "temporary",
    r"by chance\b": "random",
    r"tell \w+ apart\b": "distinguish",
    r"is there twice\b": "occurs twice",
    r"nobody shall\b": "must not",
    r"without: \w": "default:",
}

# The names of formats and promises, and words in another sense.
EXCEPTIONS = [
    r"other_ledger",                  # a JSON value
    r"as_wanted",                     # a JSON key
    r"Development baseline: stands for",  # the first line of baseline.sql
]

# Files with words of others, and the list itself.
SKIPPED = re.compile(
    r"^(tools/check_words\.py|CONTRIBUTING\.md|CHANGELOG\.md|LICENSE|tests/interop/earlier_packages/|tests/golden/schema/"
    r"|src/prisma/.*\.cc|bench/.*\.txt|docs/plots/|docs/images/)")
TEXTS = {".cc", ".h", ".md", ".txtar", ".py", ".txt", ".sh", ".js", ".mjs", ".css", ".html", ".json", ".yml", ".yaml", ".sql", ".cmake", ""}


def files(arguments):
    listed = subprocess.run(["git", "ls-files", *arguments], cwd=root, capture_output=True, text=True)
    names = listed.stdout.splitlines()
    if listed.returncode != 0:  # a source archive
        names = [f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file() and "build" not in f.parts]
    for name in names:
        if not SKIPPED.match(name) and pathlib.Path(name).suffix in TEXTS:
            yield name


def findings(names):
    patterns = [(re.compile(r"\b" + word, re.I), instead) for word, instead in WORDS.items()]
    allowed = re.compile("|".join(EXCEPTIONS))
    for name in names:
        try:
            text = (root / name).read_text()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            plain = allowed.sub("", line)
            for pattern, instead in patterns:
                match = pattern.search(plain)
                if match:
                    yield f'{name}:{number}: "{match.group()}": write {instead}'


if __name__ == "__main__":
    found = list(findings(files(sys.argv[1:])))
    print("\n".join(found) or "no word to avoid was found")
    sys.exit(1 if found else 0)
