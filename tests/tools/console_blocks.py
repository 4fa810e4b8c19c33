# SPDX-License-Identifier: Apache-2.0
"""The console blocks of a page of the documentation: what it says a user types and sees."""
import re


def commands(text):
    """(command, what is printed after it) of each `$ ` line. Of a printed line, what comes before its first
    digit, parenthesis, colon, "…" or home folder counts: the rest is of one machine. The line of the target does not count.
    A command that ends with a backslash continues in the next line."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found and found[-1][0].endswith("\\"):
                found[-1] = (found[-1][0][:-1] + line.strip(), [])
            elif found and line.strip() and not line.startswith("🔌"):
                found[-1][1].append(" ".join(re.split(r"[\d(:…]|/home/me", line)[0].split()))
    return found


def missing(lines, printed):
    """Those of the lines that a command did not print, however it aligned them."""
    words = " ".join(printed.split())
    return [line for line in lines if line not in words]
