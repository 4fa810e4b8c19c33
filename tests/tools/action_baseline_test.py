# SPDX-License-Identifier: Apache-2.0
"""run: baseline of action.yml: one pull request, which loses nothing."""
import http.server
import json
import unittest

from action_case import ActionCase

BRANCH = "ballast/development-baseline"


class Baseline(ActionCase):
    def setUp(self):
        super().setUp()
        self.requests = requests = []
        self.refused = refused = []  # not empty: the repository's settings do not allow it

        class Api(http.server.BaseHTTPRequestHandler):
            def answer(self, body, status=200):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def do_GET(self):
                self.answer([request for request in requests if request["head"] == "ballast/development-baseline"])

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if refused:
                    return self.answer({"message": "not permitted"}, 403)
                requests.append(body)
                self.answer({"number": 1})

            def log_message(self, *arguments):
                pass

        self.environment |= {"GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main",
                             "GITHUB_API_URL": self.serve(Api)}

    def baseline_at(self, commit, **options):
        """The job of a commit of main."""
        checkout = self.place / f"checkout-{commit[:8]}"
        if not checkout.exists():
            self.run_in(self.place, "git", "clone", "--quiet", "--depth=1", f"file://{self.origin}", str(checkout))
            self.run_in(checkout, "git", "fetch", "--quiet", "--depth=1", "origin", commit)
            self.run_in(checkout, "git", "checkout", "--quiet", commit)
        clone, self.clone = self.clone, checkout
        try:
            return self.action("baseline", **options)
        finally:
            self.clone = clone

    def head(self, name):
        return self.run_in(self.origin, "git", "rev-parse", name).strip()

    def test_the_baseline_is_refreshed_in_one_pull_request(self):
        self.refused.append(True)
        self.assertIn("allow GitHub Actions to create pull requests", self.action("baseline", status=3))
        self.refused.clear()
        self.reset()
        self.assertIn("opened a pull request", self.action("baseline"))
        self.assertEqual([(request["head"], request["base"]) for request in self.requests],
                         [("ballast/development-baseline", "main")])
        self.reset()
        self.assertIn("is open", self.action("baseline"))
        self.assertEqual(len(self.requests), 1)
        self.reset()
        self.run_in(self.clone, "git", "merge", "--quiet", "origin/ballast/development-baseline")
        self.assertIn("up to date", self.action("baseline"))

    def test_an_api_that_does_not_answer_is_an_error_with_its_cause(self):
        output = self.action("baseline", status=3, GITHUB_API_URL="http://127.0.0.1:1")
        self.assertIn("was pushed, but it is not known whether it has a pull request", output)

    def test_a_job_of_an_older_commit_changes_nothing(self):
        older = self.head("main")
        self.migrate("20240201000000_more", "more")
        self.assertIn("opened a pull request", self.baseline_at(self.head("main")))
        pushed = self.head(BRANCH)
        self.assertIn("whose own job refreshes the baseline", self.baseline_at(older))
        self.assertEqual(self.head(BRANCH), pushed)

    def test_commits_of_others_on_the_branch_are_kept(self):
        self.baseline_at(self.head("main"))
        self.migrate("20240201000000_more", "more")
        self.run_in(self.clone, "git", "fetch", "--quiet")
        self.run_in(self.clone, "git", "checkout", "--quiet", BRANCH)
        self.run_in(self.clone, "git", "merge", "--quiet", "main")  # GitHub: "Update branch"
        self.run_in(self.clone, "git", "push", "--quiet", "origin", BRANCH)
        self.assertIn("is open", self.baseline_at(self.head("main")))
        self.reset()
        self.migrate("20240301000000_third", "third")
        self.run_in(self.clone, "git", "fetch", "--quiet", "--force", "origin", f"+{BRANCH}:person")
        self.run_in(self.clone, "git", "checkout", "--quiet", "person")
        self.write("README.md", "about the baseline\n")
        self.run_in(self.clone, "git", "add", "README.md")
        self.run_in(self.clone, "git", "commit", "--quiet", "--message", "a page")
        self.run_in(self.clone, "git", "push", "--quiet", "origin", f"person:{BRANCH}")
        pushed = self.head(BRANCH)
        output = self.baseline_at(self.head("main"), status=1)
        self.assertRegex(output, f"::error title=ballast::{BRANCH} has the commit {pushed[:12]} .t: a page., which would be lost")
        self.assertEqual(self.head(BRANCH), pushed)

    def test_uncommitted_migrations_and_other_files(self):
        self.write("prisma/migrations/20240201000000_more/migration.sql", "SELECT 1;\n")
        self.assertIn("the development baseline is made from what is committed", self.action("baseline", status=2))
        self.reset()
        self.write(".npmrc", "token=secret\n")
        self.run_in(self.clone, "git", "add", ".npmrc")
        self.action("baseline")
        files = self.released(BRANCH, "diff", "--name-only", "main").split()
        self.assertEqual(files, [f".ballast/{name}" for name in (".gitattributes", "baseline.facts", "baseline.json", "baseline.sql")])


if __name__ == "__main__":
    unittest.main()
