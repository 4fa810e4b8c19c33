#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The version of ballast is that of CMakeLists.txt. Some files repeat it, because people copy commands from them:
    tools/version.py              lists the places that name another version; exit status 1 if there are any
    tools/version.py --set 0.3.0  changes the version everywhere, except for CHANGELOG.md
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NUMBER = r"(\d+\.\d+\.\d+)"
PROJECT = re.compile(r"project\(ballast VERSION " + NUMBER)
CHANGES = re.compile(r"^## \[" + NUMBER + r"\]", re.M)

# Files that name the version of ballast, and what stands in front of it there.
FILES = ["README.md", "action.yml", "docs/install.md", "docs/docker.md", "docs/github-actions.md", "docs/releasing.md"]
PLACES = re.compile(r"(?:download/v|ballast[-_:/ ]|ballast@v|Version |default: |(?:as|or) `?v?|\(`|release: |tag -s v|main v)"
                    + NUMBER)


def version(root):
    return PROJECT.search((root / "CMakeLists.txt").read_text()).group(1)


def differences(root):
    """Sentences about the places that do not name the version; also files that do not name it at all."""
    expected = version(root)
    for name in FILES:
        text = (root / name).read_text()
        places = list(PLACES.finditer(text))
        if not places:
            yield f"{name}: no place with the version was found: correct PLACES in tools/version.py"
        for place in places:
            if place.group(1) != expected:
                yield f"{name}:{text.count(chr(10), 0, place.start()) + 1}: {place.group(1)}, expected {expected}"
    newest = CHANGES.search((root / "CHANGELOG.md").read_text())
    if newest is None or newest.group(1) != expected:
        yield f"CHANGELOG.md: the newest section is {newest.group(1) if newest else 'missing'}, expected {expected}"


def change(root, new):
    old = version(root)
    for name, pattern in [("CMakeLists.txt", PROJECT)] + [(name, PLACES) for name in FILES]:
        file = root / name
        file.write_text(pattern.sub(lambda place: place.group().replace(old, new), file.read_text()))


def main(arguments):
    if arguments[:1] == ["--set"] and len(arguments) == 2 and re.fullmatch(NUMBER, arguments[1]):
        change(ROOT, arguments[1])
    elif arguments:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    found = list(differences(ROOT))
    print("\n".join(found) or f"all places name {version(ROOT)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
