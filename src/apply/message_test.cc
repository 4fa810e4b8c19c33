// SPDX-License-Identifier: Apache-2.0
#include "apply/message.h"

#include <gtest/gtest.h>

namespace ballast::apply {
namespace {

postgres::Rows MarkerRow(const std::string& text) {
  return {{"ballast_marker"}, {{text}}, "SELECT 1"};
}

// The answer of a server that got as far as these markers and then failed.
postgres::Outcome FailedAfter(const std::vector<std::string>& markers, int position = 0) {
  postgres::Outcome outcome;
  for (const std::string& marker : markers) outcome.results.push_back(MarkerRow(marker));
  outcome.error.emplace();
  outcome.error->sqlstate = "42P01";
  outcome.error->position = position;
  return outcome;
}

Message TwoScripts() {
  Message message;
  message.AddOwn("BEGIN;\n");
  message.AddScript({"m1", "SELECT 1;\nSELECT 2 -- no semicolon, no newline"});
  message.AddScript({"m2", "SELECT 'é';\nSELECT * FROM missing;\n"});
  message.AddOwn("COMMIT;\n");
  return message;
}

TEST(MessageTest, BytesThatAreNoCharacterLeadToTheirLine) {
  struct Case {
    const char* script;
    int line;
  };
  const Case cases[] = {{"SELECT 1;\nSELECT '\xff';\nSELECT 2;", 2},
                        {"SELECT 1;\nSELECT E'\\xff';\nSELECT 2;", 2},
                        {"SELECT 1;\n\nSELECT E'a\\377';\nSELECT 2;", 3},
                        {"SELECT 1;\nSELECT 2;", 0}};
  for (const Case& c : cases) {
    Message message;
    message.AddOwn("BEGIN;\n");
    message.AddScript({"m1", c.script});
    postgres::Outcome outcome = FailedAfter({});
    outcome.error->sqlstate = "22021";
    outcome.error->message = "invalid byte sequence for encoding \"UTF8\": 0xff";
    const ErrorLocation location = message.LocateError(outcome);
    EXPECT_EQ(location.script, "m1");
    EXPECT_EQ(location.line, c.line) << c.script;
  }
}

TEST(MessageTest, APositionLeadsToScriptAndLine) {
  const Message message = TwoScripts();
  const size_t bytes = message.text().find("missing");
  ASSERT_NE(bytes, std::string::npos);
  // The server counts characters from 1; é is one character and two bytes.
  const ErrorLocation location = message.LocateError(FailedAfter({}, static_cast<int>(bytes)));
  EXPECT_EQ(location.script, "m2");
  EXPECT_EQ(location.line, 2);
  EXPECT_EQ(location.statement_start, "SELECT * FROM missing;");
}

TEST(MessageTest, UsesMarkersWithoutAPosition) {
  const Message message = TwoScripts();
  struct Case {
    std::vector<std::string> markers;
    std::string script;
    int begun;
  };
  for (const Case& c : {
           Case{{}, "", 0},
           Case{{"ballast:script:0"}, "m1", 1},
           Case{{"ballast:script:0", "ballast:end"}, "", 1},
           Case{{"ballast:script:0", "ballast:end", "ballast:script:1"}, "m2", 2},
       }) {
    const postgres::Outcome outcome = FailedAfter(c.markers);
    EXPECT_EQ(message.LocateError(outcome).script, c.script);
    EXPECT_EQ(Message::ProgressOf(outcome).scripts_begun, c.begun);
  }
}

postgres::Rows CommitRow() {
  return {{}, {}, "COMMIT"};
}

postgres::Rows RecordedRow(const std::string& rows) {
  return {{"ballast_recorded"}, {{rows}}, "SELECT 1"};
}

// A script's own COMMIT is none of ballast's, and rows count once they are committed.
TEST(MessageTest, CountsCommitsOutsideOfScripts) {
  postgres::Outcome outcome;
  outcome.results = {MarkerRow("ballast:script:0"),
                     MarkerRow("ballast:end"),
                     RecordedRow("1"),
                     CommitRow(),
                     MarkerRow("ballast:script:1"),
                     CommitRow(),
                     MarkerRow("ballast:end"),
                     RecordedRow("1")};
  EXPECT_EQ(Message::ProgressOf(outcome).commits, 1);
  EXPECT_EQ(Message::ProgressOf(outcome).recorded, 1);
  EXPECT_EQ(Message::ProgressOf(outcome).scripts_begun, 2);
  outcome.results.push_back(CommitRow());
  EXPECT_EQ(Message::ProgressOf(outcome).commits, 2);
  EXPECT_EQ(Message::ProgressOf(outcome).recorded, 2);
}

// What the server finds behind a script is the script's.
TEST(MessageTest, PlacesALateErrorAtTheEndOfTheScript) {
  Message message;
  message.AddScript({"m1", "SELECT 1;\nCREATE TABLE t (\n"});
  const size_t semicolon = message.text().find("\n;\n") + 1;
  postgres::Outcome outcome = FailedAfter({}, static_cast<int>(semicolon) + 1);
  outcome.error->sqlstate = "42601";
  const ErrorLocation location = message.LocateError(outcome);
  EXPECT_EQ(location.script, "m1");
  EXPECT_EQ(location.line, 2);
  EXPECT_TRUE(location.at_end);
}

TEST(MessageTest, AScriptThatEndsInACommentDoesNotSwallowWhatFollows) {
  const Message message = TwoScripts();
  const std::string_view text = message.text();
  const size_t comment = text.find("no newline");
  EXPECT_EQ(text.substr(comment + 10, 3), "\n;\n");
}

TEST(ScriptWatchTest, ReportsScriptsWhileTheyRun) {
  const auto marker = [](const std::string& text, const std::string& time) {
    return postgres::Rows{{"ballast_marker", "date_part"}, {{text, time}}, "SELECT 1"};
  };
  std::string seen;
  const ScriptListener listener = {[&](const std::string& name) { seen += " began " + name; },
                                   [&](const ScriptTime& time) {
                                     seen += " ended " + time.name + " " +
                                             std::to_string(time.ended - time.started);
                                   }};
  ScriptWatch watch({"m1", "m2"}, listener);
  watch.See(marker("ballast:script:0", "1700000000.25"));
  watch.See({{}, {}, "COMMIT"});
  watch.See({{"ballast_recorded"}, {{"1"}}, "SELECT 1"});
  EXPECT_EQ(seen, "");
  watch.See(marker("ballast:end", "1700000000.5"));
  EXPECT_EQ(std::exchange(seen, ""), " ended m1 250.000000 began m2");
  watch.See(marker("ballast:script:1", "1700000001"));
  watch.See(marker("ballast:end", "1700000002"));
  EXPECT_EQ(seen, " ended m2 1000.000000");
}

}  // namespace
}  // namespace ballast::apply
