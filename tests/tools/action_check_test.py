# SPDX-License-Identifier: Apache-2.0
"""run: check of action.yml: the reason of a failure, and the table on the pull request."""
import http.server
import json
import unittest

from action_case import ActionCase


class Check(ActionCase):
    def setUp(self):
        super().setUp()
        self.comments = comments = []
        self.refused = refused = []  # not empty: the token may only read

        class Api(http.server.BaseHTTPRequestHandler):
            def answer(self, body, status=200):
                self.send_response(status)
                self.end_headers()
                # As GitHub may escape it.
                self.wfile.write(json.dumps(body, indent=2).replace("<", "\\u003c").encode())

            def do_GET(self):
                path, _, query = self.path.partition("?")
                assert path == "/repos/owner/project/issues/7/comments", path
                page = int(dict(word.split("=") for word in query.split("&"))["page"])
                self.answer(comments[100 * (page - 1):100 * page])

            def write(self, comment):
                if refused:
                    return self.answer({"message": "Resource not accessible by integration"}, 403)
                comment["body"] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
                self.answer(comment)

            def do_POST(self):
                assert self.path == "/repos/owner/project/issues/7/comments", self.path
                number = len(comments) + 1
                comment = {"html_url": f"https://github.com/owner/project/pull/7#issuecomment-{number}", "id": number}
                self.write(comment)
                if not refused:
                    comments.append(comment)

            def do_PATCH(self):
                self.write(comments[int(self.path.removeprefix("/repos/owner/project/issues/comments/")) - 1])

            def log_message(self, *arguments):
                pass

        self.environment |= {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_API_URL": self.serve(Api), "GITHUB_RUN_ID": "42"}

    def say(self, body):
        number = len(self.comments) + 1
        self.comments.append({"html_url": f"https://github.com/owner/project/pull/7#issuecomment-{number}", "id": number, "body": body})

    def test_a_missing_upgrade_path_is_named(self):
        self.run_in(self.clone, "git", "checkout", "--quiet", "-b", "railway-template-v1.0.0")
        self.run_in(self.clone, "ballast", "release", "create", "v1.0.0")
        self.run_in(self.clone, "git", "add", ".")
        self.run_in(self.clone, "git", "commit", "--quiet", "--message", "v1.0.0")
        self.run_in(self.clone, "git", "checkout", "--quiet", "main")
        self.migrate("20240201000000_more", "more")
        self.run_in(self.clone, "git", "branch", "--quiet", "--move", "railway-template-v1.0.0", "unknown")
        self.run_in(self.clone, "ballast", "release", "create", "v1.1.0")
        self.run_in(self.clone, "git", "branch", "--quiet", "--move", "unknown", "railway-template-v1.0.0")
        output = self.action("check", status=1)
        self.assertRegex(output, "::error title=release package is up to date::Error B410.*%0A   it lacks the upgrade path from v1.0.0")
        summary = self.written("GITHUB_STEP_SUMMARY")
        self.assertRegex(summary, r"\| release package is up to date \| failed \| Error B410.*<br>   it lacks the upgrade path from v1.0.0")
        self.assertIn("| upgrade paths | failed | missing: from v1.0.0 |", summary)

        self.run_in(self.clone, "ballast", "release", "create", "v1.1.0", "--replace")
        self.action("check")
        self.assertIn("| upgrade paths | passed | from v1.0.0 |", self.written("GITHUB_STEP_SUMMARY"))

    def test_the_table_is_one_comment_that_is_replaced(self):
        for number in range(120):
            self.say(f"comment {number}: \"html_url\": \"#issuecomment-1\", \"body\": \"<!-- ballast check : -->")
        self.say("<!-- ballast check other: -->\nthat of another project")
        self.action("check", BALLAST_ACTION_COMMENT="true")
        self.assertEqual(len(self.comments), 122)
        body = self.comments[-1]["body"]
        self.assertIn("| schema and migrations agree | passed |", body)
        self.assertIn("https://github.com/owner/project/actions/runs/42", body)

        schema = (self.clone / "prisma/schema.prisma").read_text()
        self.write("prisma/schema.prisma", schema + 'model Odd {\n  id Int @id\n  @@map("a\\\\tb")\n}\n')
        self.action("check", BALLAST_ACTION_COMMENT="true", status=1)
        self.assertEqual(len(self.comments), 122)
        self.assertIn("| schema and migrations agree | failed |", self.comments[-1]["body"])
        self.assertIn('table "a\\tb"', self.comments[-1]["body"])
        self.assertEqual(self.comments[-2]["body"], "<!-- ballast check other: -->\nthat of another project")

    def test_without_the_input_or_a_pull_request_there_is_no_comment(self):
        self.action("check")
        self.action("check", BALLAST_ACTION_COMMENT="false")
        self.action("check", BALLAST_ACTION_COMMENT="true", GITHUB_REF="refs/heads/main")
        self.assertEqual(self.comments, [])

    def test_a_token_that_may_only_read_is_a_warning(self):
        self.refused.append(True)
        output = self.action("check", BALLAST_ACTION_COMMENT="true")
        self.assertIn("::warning title=ballast::the table could not be written as a comment on pull request 7", output)


if __name__ == "__main__":
    unittest.main()
