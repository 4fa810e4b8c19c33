// SPDX-License-Identifier: Apache-2.0
// What is sent to the server, put together from our own statements and users' scripts: one message,
// or several where a script is large. It can say afterwards which script an error belongs to and on
// which line of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/session.h"

namespace ballast::apply {

// Where something went wrong.
struct ErrorLocation {
  std::string script;           // a migration's name; empty: one of our own statements
  int line = 0;                 // of the script, from 1; 0: not known
  std::string statement_start;  // the line's text, cut short
  // The server found the error behind the script's end, in what ballast put there: the script ends
  // in the middle of a statement.
  bool at_end = false;
};

// Where the statement with that number (from 0) begins in the script; line 0 where it has fewer.
ErrorLocation LocationOfStatement(const std::string& name, std::string_view script,
                                  size_t statement);

// How far the server came with a message.
struct MessageProgress {
  int scripts_begun = 0;
  int open_script = -1;        // the one that had begun and not ended, by its number; -1: none
  size_t open_statements = 0;  // of that one, completed
  int commits = 0;             // of ballast's own COMMITs, those that the server has confirmed
  int recorded = 0;            // rows of the migrations table that those committed
};

// A script that the server ran to its end.
struct ScriptTime {
  std::string name;
  double started = 0;  // milliseconds since 1970, by the server's clock
  double ended = 0;
};

// How a script that is too large for one message may travel.
enum class SplitPolicy {
  kBetweenStatements,  // in several, for the transaction around them is ours
  kNever               // what is between its own COMMITs depends on its being one message
};

class Message {
 public:
  void AddOwn(std::string_view sql);
  // `name` is what errors speak of. A marker goes before the script, so that an error without a
  // position can be told to be its. A large script is not copied and has to outlive this.
  void AddScript(std::string_view name, std::string_view script,
                 SplitPolicy cut = SplitPolicy::kBetweenStatements);

  // One message after another, up to the first that fails; the results of all of them.
  postgres::Outcome Send(postgres::Session& session);

  size_t size() const;
  // The n-th message.
  std::string_view text(size_t n = 0) const { return parts_[n].text(); }
  bool empty() const { return size() == 0; }

  // For what Send gave.
  ErrorLocation CulpritOf(const postgres::Outcome& outcome) const;
  static MessageProgress ProgressOf(const postgres::Outcome& outcome);
  // Of the scripts that ended, in order; whether they were committed is another question.
  std::vector<ScriptTime> TimesOf(const postgres::Outcome& outcome) const;

 private:
  struct Part {  // a message
    std::string own;
    std::string_view borrowed;  // of a large script; else `own` is the text
    std::string_view text() const { return borrowed.empty() ? std::string_view(own) : borrowed; }
  };
  struct Segment {
    size_t part = 0;
    size_t start = 0;        // byte offset of the script in that part's own text
    std::string_view large;  // the script itself, where it has parts for itself
    std::string name;
    size_t length = 0;
  };
  std::string& Open();
  void AddMarker(std::string_view word);
  std::string_view TextOf(const Segment& script) const;
  const Segment* SegmentAt(const char* at) const;
  const Segment* SegmentBefore(const char* at) const;

  std::vector<Part> parts_;
  std::vector<Segment> scripts_;
  size_t failed_ = 0;  // the part that Send ended with
};

// The most bytes that a script may need to have sent in one message: a script that may be cut needs
// its longest statement, any other all of it. Larger: B306, for its memory would be several times
// the script's.
inline constexpr size_t kMostInOneMessage = size_t{40} << 20;
Status CheckSize(std::string_view name, std::string_view script, SplitPolicy cut);

// The messages that a script travels in: itself up to some megabytes, else views of whole
// statements. A statement is never cut, however large.
std::vector<std::string_view> PartsOf(std::string_view script, SplitPolicy cut);

// The byte offset of a 1-based character position in UTF-8 text, as the server counts them.
size_t ByteOffset(std::string_view text, int position);

}  // namespace ballast::apply
