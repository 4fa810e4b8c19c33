// SPDX-License-Identifier: Apache-2.0
// Text sent to the server, composed of ballast's statements and users' scripts: one message, or
// several if a script is large. Afterwards it maps an error to the script and line that caused it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apply/sql_sink.h"
#include "postgres/session.h"

namespace ballast::apply {

// The location of an error.
struct ErrorLocation {
  std::string script;                // a migration's name; empty: a statement of ballast
  int line = 0;                      // 1-based line of the script; 0: not known
  std::string statement_start = {};  // the text of the line, shortened
  // The server found the error after the end of the script, which ends in the middle of a
  // statement.
  bool at_end = false;
  std::string hint = {};  // what in the text the server does not understand (sql/foreign_text.h)
};

// Where the 0-based statement `number` of a script begins; line 0 if there are fewer.
ErrorLocation LocationOfStatement(const std::string& name, std::string_view script,
                                  size_t statement);
// The line of the script with this byte; the last one if the script ends before it.
ErrorLocation LocationOfOffset(const std::string& name, std::string_view script, size_t offset);
// For a statement that cannot run inside of a transaction block (SQLSTATE 25001): where it is, if
// `part` of the script has it in its own transaction. Otherwise `otherwise`.
ErrorLocation LocationInOwnTransaction(const postgres::ServerError& error, std::string_view script,
                                       std::string_view part, ErrorLocation otherwise);

// How much of a message the server has executed.
struct MessageProgress {
  int scripts_begun = 0;
  int open_script = -1;        // number of the script that had begun and not ended; -1: none
  size_t open_statements = 0;  // its completed statements
  int commits = 0;             // confirmed COMMITs of ballast's own
  int recorded = 0;            // rows of the migrations table that these committed
};

// A script that the server has run to its end.
struct ScriptTime {
  std::string name;
  double started = 0;  // milliseconds since 1970, by the server's clock
  double ended = 0;
};

// What happens while a message runs, in the order in which the server reports it.
struct ScriptListener {
  // The scripts before this one have ended and their transactions are committed. Not called for the
  // first script of a message, which begins when the message is sent.
  std::function<void(const std::string& name)> began;
  std::function<void(const ScriptTime& time)> ended;
};

// Reads the markers of a message from its results, one after the other.
class ScriptWatch {
 public:
  ScriptWatch(std::vector<std::string> names, const ScriptListener& listener)
      : names_(std::move(names)), listener_(listener) {}
  void See(const postgres::Rows& rows);

 private:
  const std::vector<std::string> names_;  // of the message's scripts
  const ScriptListener& listener_;
  size_t script_ = 0;
  std::optional<double> started_;  // of the script that is running
};

class Message : public SqlSink {
 public:
  void AddOwn(std::string_view sql) override;
  // A marker precedes the script, so that an error without a position can be attributed to it.
  // Errors quote the original, if there is one. It and a large script are not copied and must
  // outlive this object.
  void AddScript(const SinkScript& script) override;
  void AddMeasurement(std::string_view sql) override { AddOwn(sql); }
  std::string NewRowId() override;

  // Sends the messages until one fails; returns all results.
  postgres::Outcome Send(postgres::Session& session, const ScriptListener& listener = {});

  size_t size() const;
  // The n-th message.
  std::string_view text(size_t n = 0) const { return parts_[n].text(); }
  bool empty() const { return size() == 0; }

  // The location of the error in a result of Send.
  ErrorLocation LocateError(const postgres::Outcome& outcome) const;
  static MessageProgress ProgressOf(const postgres::Outcome& outcome);

 private:
  struct Part {  // a message
    std::string own;
    std::string_view borrowed;  // for a large script; else the text is `own`
    std::string_view text() const { return borrowed.empty() ? std::string_view(own) : borrowed; }
  };
  struct Segment {
    size_t part = 0;
    size_t start = 0;        // byte offset of the script in the text of this part
    std::string_view large;  // the script itself, if it has parts of its own
    std::string name;
    size_t length = 0;
    std::string_view original = {};  // empty: the script itself
  };
  std::string& Open();
  void AddMarker(std::string_view word);
  std::string_view TextOf(const Segment& script) const;
  std::string_view QuotedTextOf(const Segment& script) const;
  std::optional<ErrorLocation> LocateByPosition(const postgres::ServerError& error,
                                                int open_script) const;
  std::optional<ErrorLocation> LocateCharacter(const postgres::ServerError& error) const;
  const Segment* SegmentAt(const char* at) const;
  const Segment* SegmentBefore(const char* at) const;

  std::vector<Part> parts_;
  std::vector<Segment> scripts_;
  size_t failed_ = 0;             // the last part that Send has sent
  bool reads_otherwise_ = false;  // a script may have changed how text is read
};

// The messages of a script: the script itself if it is at most a few megabytes, else views of whole
// statements. A statement is never divided.
std::vector<std::string_view> PartsOf(std::string_view script, SplitPolicy cut);

}  // namespace ballast::apply
