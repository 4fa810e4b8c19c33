# SPDX-License-Identifier: Apache-2.0
"""The completion scripts, in bash, zsh and fish; and the man pages."""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import tempfile
import unittest

from small_project import SCHEMA

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("BALLAST_PROGRAM", ROOT / "build/release/ballast"))


def run(*command, **more):
    environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, **more)


class Completion(unittest.TestCase):
    def setUp(self):
        if not PROGRAM.exists():
            self.skipTest(f"NO PROGRAM: {PROGRAM} is not built")
        for shell in ("bash", "zsh", "fish"):  # tools/setup installs them
            self.assertTrue(shutil.which(shell), f"{shell} is not installed: tools/setup")
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.project = pathlib.Path(place.name)
        migrations = self.project / "prisma/migrations"
        for name in ("20240101000000_init", "20240201000000_more"):
            (migrations / name).mkdir(parents=True)
            (migrations / name / "migration.sql").write_text("SELECT 1;\n")
        (migrations / "migration_lock.toml").write_text('provider = "postgresql"\n')

    def script(self, shell):
        made = run(PROGRAM, "completion", shell)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made.stdout

    def bash(self, *words):
        """What bash offers for the last word."""
        line = " ".join(f"'{word}'" for word in ("ballast", *words))
        test = f"{self.script('bash')}\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}; compopt() {{ :; }}; _ballast\n" \
               'printf "%s\\n" "${COMPREPLY[@]}"'
        return run("bash", "-c", test, cwd=self.project).stdout.split()

    def typed(self, line):
        """What an interactive bash makes of this line, whose tabs are typed as well."""
        rc = self.project / "bashrc"
        rc.write_text(self.script("bash") + 'bind -x \'"\\C-x\\C-p": printf "<<%s>>" "$READLINE_LINE"\'\nPS1="READY"\n')
        environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "TERM": "dumb", "INPUTRC": "/dev/null"}
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.project)
            os.execvpe("bash", ["bash", "--noprofile", "--rcfile", str(rc), "-i"], environment)
        try:
            self.read_until(terminal, "READY")
            os.write(terminal, line.encode() + b"\x18\x10")
            return re.search("<<(.*)>>", self.read_until(terminal, ">>"), re.DOTALL).group(1)
        finally:
            os.close(terminal)
            os.waitpid(child, 0)

    def read_until(self, terminal, end):
        said = ""
        while end not in said:
            ready, _, _ = select.select([terminal], [], [], 60)
            self.assertTrue(ready, f"bash said no more than {said!r}")
            said += os.read(terminal, 4096).decode()
        return said

    def fish(self, line):
        """What fish offers for the last word of a line."""
        said = run("fish", "--no-config", "-c", f"ballast completion fish | source; complete -C '{line}'", cwd=self.project)
        return [entry.split("\t")[0] for entry in said.stdout.splitlines()]

    def zsh(self, *words):
        line = " ".join(f"'{word}'" for word in ("ballast", *words))
        test = "compdef() { :; }; compadd() { shift; print -rl -- $@; }; compset() { :; }; _files() { print files; }\n" \
               f"{self.script('zsh')}\nwords=({line}); CURRENT={len(words) + 1}; _ballast"
        said = run("zsh", "-f", "-c", test, cwd=self.project)
        self.assertEqual(said.stderr, "")
        return said.stdout.splitlines()

    def test_bash(self):
        self.assertIn("deploy", self.bash(""))
        self.assertEqual(self.bash("dep"), ["deploy"])
        self.assertIn("create", self.bash("release", ""))
        self.assertNotIn("deploy", self.bash("release", ""))
        self.assertEqual(self.bash("deploy", "--dry"), ["--dry-run"])
        self.assertEqual(self.bash("deploy", "--output", ""), ["text", "json"])
        self.assertEqual(self.bash("--output", "json", "dep"), ["deploy"])
        self.assertIn("history", self.bash("deploy", "--strategy", ""))
        self.assertEqual(self.bash("resolve", "--applied", "2024020"), ["20240201000000_more"])
        self.assertEqual(self.bash("squash", "--up-to", ""), ["20240101000000_init", "20240201000000_more"])
        self.assertEqual(self.bash("rollback", "--to", "2024010"), ["20240101000000_init"])
        self.assertEqual(self.bash("deploy", "--to", "2024010"), ["20240101000000_init"])
        self.assertEqual(self.bash("fleet", "deploy", "--targets-env", ""), [])
        self.assertEqual(self.bash("lint", "--since", "2024010"), ["20240101000000_init"])
        self.assertEqual(self.bash("log", "--since", ""), [])
        self.assertEqual(self.bash("fleet", "deploy", "--canary", ""), [])
        self.assertEqual(self.bash("init", "railway", "do"), ["docker"])
        self.assertEqual(self.bash("completion", ""), ["bash", "zsh", "fish"])
        self.assertIn("--database-url", self.bash("release", "create", "--"))

    def test_bash_as_it_is_typed(self):
        (self.project / "a folder").mkdir()
        (self.project / "a folder/file.tar").write_text("")
        self.assertEqual(self.typed("ballast dep\t"), "ballast deploy ")
        self.assertEqual(self.typed("ballast deploy --output=j\t"), "ballast deploy --output=json ")
        self.assertEqual(self.typed("ballast rollback --to=202402\t"), "ballast rollback --to=20240201000000_more ")
        self.assertEqual(self.typed("ballast deploy --package a\tfi\t"), "ballast deploy --package a\\ folder/file.tar ")
        self.assertEqual(self.typed("ballast -C a\t"), "ballast -C a\\ folder/")
        self.assertEqual(self.typed("ballast deploy --trusted-key pri\t"), "ballast deploy --trusted-key prisma/")
        self.assertEqual(self.typed("ballast fleet deploy --report-dir pri\t"), "ballast fleet deploy --report-dir prisma/")
        self.assertEqual(self.typed("ballast squash --up-to '202402\t"), "ballast squash --up-to '20240201000000_more' ")

    def test_names_of_folders_are_never_run(self):
        names = {"20990101000000_$(touch${IFS}PWNED)": "2099", "20980101000000_`touch${IFS}PWNED`": "2098",
                 "20970101000000_*": "2097", "20960101000000_a b": "2096", "20950101000000_'b\"": "2095",
                 "20940101000000_;touch PWNED;": "2094"}
        for name in names:
            folder = self.project / "prisma/migrations" / name
            folder.mkdir()
            (folder / "migration.sql").write_text("SELECT 1;\n")
        for name, begin in names.items():
            line = self.typed(f"ballast squash --up-to {begin}\t")
            taken = run("bash", "-c", f"ballast() {{ printf '%s' \"$3\"; }}; {line}", cwd=self.project).stdout
            self.assertEqual(taken, name, line)
            self.assertEqual(len(self.fish(f"ballast squash --up-to {begin}")), 1)
            self.assertIn(name, self.zsh("squash", "--up-to", ""))
        self.assertFalse((self.project / "PWNED").exists())

    def test_versions_of_releases(self):
        (self.project / "prisma/schema.prisma").write_text(SCHEMA)
        made = run(PROGRAM, "-C", self.project, "release", "create", "v1.0.0")
        self.assertEqual(made.returncode, 0, made.stderr)
        for words in (("release", "diff", ""), ("release", "diff", "v1.0.0", "v1"), ("rollback", "--to", "v")):
            self.assertEqual(self.bash(*words), ["v1.0.0"], words)
            self.assertEqual(self.fish(" ".join(("ballast", *words))), ["v1.0.0"], words)
            self.assertIn("v1.0.0", self.zsh(*words), words)

    def test_names_are_those_of_the_project_on_the_line(self):
        elsewhere = self.project / "else where"
        shutil.copytree(self.project / "prisma", elsewhere / "prisma")
        (elsewhere / "prisma/migrations/20240201000000_more").rename(elsewhere / "prisma/migrations/20250101000000_there")
        self.assertEqual(self.typed("ballast -C else\\ where squash --up-to 2025\t"),
                         "ballast -C else\\ where squash --up-to 20250101000000_there ")
        self.assertEqual(self.fish('ballast -C "else where" squash --up-to 2025'), ["20250101000000_there"])
        self.assertIn("20250101000000_there", self.zsh("-C", "else\\ where", "squash", "--up-to", ""))

    def test_fish(self):
        offered = self.fish
        self.assertIn("deploy", offered("ballast "))
        self.assertIn("create", offered("ballast release "))
        self.assertNotIn("deploy", offered("ballast release "))
        self.assertIn("--dry-run", offered("ballast deploy --dry"))
        self.assertEqual(sorted(offered("ballast deploy --output ")), ["json", "text"])
        self.assertEqual(offered("ballast resolve --applied 2024020"), ["20240201000000_more"])
        self.assertEqual(offered("ballast rollback --to 2024020"), ["20240201000000_more"])
        self.assertEqual(offered("ballast deploy --to 2024020"), ["20240201000000_more"])
        self.assertEqual(offered("ballast init ku"), ["kubernetes"])

    def test_zsh(self):
        offered = self.zsh
        self.assertIn("deploy", offered(""))
        self.assertIn("create", offered("release", ""))
        self.assertEqual(offered("deploy", "--output", ""), ["text", "json"])
        self.assertIn("20240101000000_init", offered("resolve", "--applied", ""))
        self.assertEqual(offered("--package", ""), ["files"])
        self.assertEqual(offered("deploy", "--output="), ["text", "json"])
        self.assertIn("20240101000000_init", offered("rollback", "--to", ""))
        self.assertIn("20240101000000_init", offered("deploy", "--to", ""))
        self.assertIn("kubernetes", offered("init", "railway", ""))

    def test_an_unknown_shell_is_refused(self):
        self.assertEqual(run(PROGRAM, "completion", "csh").returncode, 2)
        self.assertEqual(run(PROGRAM, "completion").returncode, 2)

    def test_every_command_has_a_man_page_without_warnings(self):
        made = run("python3", str(ROOT / "packaging/man-pages"), str(PROGRAM), str(self.project / "man"))
        self.assertEqual(made.returncode, 0, made.stderr)
        pages = sorted(page.name for page in (self.project / "man").iterdir())
        self.assertIn("ballast.1", pages)
        self.assertIn("ballast-release-create.1", pages)
        judges = {"groff": ["-man", "-Tutf8", "-ww", "-K", "utf8"], "mandoc": ["-T", "lint", "-W", "style"]}
        for name, options in judges.items():
            if not shutil.which(name):
                self.skipTest(f"NO {name.upper()}: install the packages groff-base and mandoc")
            for page in pages:
                shown = run(name, *options, str(self.project / "man" / page))
                self.assertEqual(shown.stderr + (shown.stdout if name == "mandoc" else ""), "", page)


if __name__ == "__main__":
    unittest.main()
