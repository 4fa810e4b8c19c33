#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Searches source, tests, documentation and tools for words that CONTRIBUTING.md asks to avoid.

usage: check_words.py [PATH ...]     (default: all files that git tracks)
The table "write / not" in CONTRIBUTING.md is for people; these lists have the words that a search can find: WORDS
everywhere, and NAMES in names of code, which are split into their words first (GoesOnAfter is "goes on after").
JSON keys and file formats that contain such a word are in EXCEPTIONS.
"""
import functools
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
    r"tells? .{1,30} apart\b": "distinguish",
    r"is there twice\b": "occurs twice",
    r"nobody shall\b": "must not",
    r"without: \w": "default:",
    r"(?<!\.)rights\b": "privileges (SQL), permissions (files)",
    r"goes with it\b": "is dropped with it",
    r"as things are\b": "now",
}

# pattern -> what to write instead, in the words of a name: "may go on", "lacking privileges sql"
NAMES = {
    r"(?<!trim )right\b": "privilege, permission",
    r"wants\b": "needs, requires",
    r"lacking\b": "missing",
    r"culprit\b": "error location, cause",
    r"complaints?|complain\b": "error, message",
    r"surroundings\b": "context",
    r"(goes|go|going) on\b": "continue",
    r"look (at|from)\b": "inspect, observe, search path",
    r"patience\b": "timeout",
    r"(not )?carried\b": "supported",
    r"facts?\b": "snapshot, property",
    r"(is|was) there\b": "exists",
    r"forget\b": "reset, clear",
    r"stand\b": "state",
}

# The names of formats and promises, and words in another sense.
EXCEPTIONS = [
    r"other_ledger",                  # a JSON value
    r"as_wanted",                     # a JSON key
    r"Development baseline: stands for",  # the first line of baseline.sql
    r"database\.rights",              # an id of doctor's checks
    r"FROM rights a",                 # a part of the snapshot query
    r"[`\"']rights[`\"']",             # a key of the manifest, and a part of the snapshot query
]

# Files with words of others, and the list itself.
SKIPPED = re.compile(
    r"^(tools/check_words\.py|tests/tools/own_checks_test\.py|CONTRIBUTING\.md|CHANGELOG\.md|LICENSE|tests/interop/earlier_packages/|tests/golden/schema/"
    r"|src/prisma/.*\.cc|bench/.*\.txt|docs/plots/|docs/images/)")
TEXTS = {".cc", ".h", ".md", ".txtar", ".py", ".txt", ".sh", ".js", ".mjs", ".css", ".html", ".json", ".yml", ".yaml", ".sql", ".cmake", ""}

CODE = {".cc", ".h"}


def files(arguments):
    listed = subprocess.run(["git", "ls-files", *arguments], cwd=root, capture_output=True, text=True)
    names = listed.stdout.splitlines()
    if listed.returncode != 0:  # a source archive
        names = [f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file() and "build" not in f.parts]
    for name in names:
        if not SKIPPED.match(name) and pathlib.Path(name).suffix in TEXTS:
            yield name


def words_of(name):
    """"MayGoOnAfter", "may_go_on_after": may go on after."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", name).replace("_", " ").strip().lower()


class Patterns:
    def __init__(self, words):
        self.each = [(re.compile(r"\b" + word, re.I), instead) for word, instead in words.items()]
        self.some = re.compile("|".join(pattern.pattern for pattern, _ in self.each), re.I)

    def search(self, text):
        """Each match in the text, and what to write instead."""
        if not self.some.search(text):
            return
        for pattern, instead in self.each:
            match = pattern.search(text)
            if match:
                yield match.group(), instead

    @functools.cache
    def for_name(self, name):
        """What to write instead of a name of several words; None if it has no word to avoid."""
        words = words_of(name)
        return next((instead for _, instead in self.search(words)), None) if " " in words else None


def findings_in_names(line, patterns):
    """The names in a line of code, without its strings, that contain a word to avoid."""
    for name in set(re.findall(r"[A-Za-z_]\w*", re.sub(r'"(?:[^"\\]|\\.)*"', '""', line))):
        instead = patterns.for_name(name)
        if instead:
            yield name, instead


def findings(names):
    patterns = Patterns(WORDS)
    in_names = Patterns({**WORDS, **NAMES})
    allowed = re.compile("|".join(EXCEPTIONS))
    for name in names:
        try:
            text = (root / name).read_text()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            plain = allowed.sub("", line)
            for found, instead in patterns.search(plain):
                yield f'{name}:{number}: "{found}": write {instead}'
            if pathlib.Path(name).suffix in CODE:
                for found, instead in findings_in_names(plain, in_names):
                    yield f"{name}:{number}: {found}: name it by {instead}"


if __name__ == "__main__":
    found = list(findings(files(sys.argv[1:])))
    print("\n".join(found) or "no word to avoid was found")
    sys.exit(1 if found else 0)
