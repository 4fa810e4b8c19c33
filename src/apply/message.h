// One message to the server, put together from our own statements and users' scripts, that can say
// afterwards which script an error belongs to and on which line of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/session.h"

namespace ballast::apply {

// Where in a message something went wrong.
struct Culprit {
  std::string script;           // a migration's name; empty: one of our own statements
  int line = 0;                 // of the script, from 1; 0: not known
  std::string statement_start;  // the line's text, cut short
};

class Message {
 public:
  void AddOwn(std::string_view sql);
  // `name` is what errors speak of. A marker goes before the script, so that an error without a
  // position can be told to be its.
  void AddScript(std::string_view name, std::string_view script);

  const std::string& text() const { return text_; }
  bool HasScript(std::string_view name) const;
  bool empty() const { return text_.empty(); }

  Culprit CulpritOf(const postgres::Outcome& outcome) const;
  // How many of the scripts, in order, had begun when the answer ended.
  int ScriptsBegun(const postgres::Outcome& outcome) const;

 private:
  struct Segment {
    size_t start = 0;  // byte offset of the script in the text
    size_t length = 0;
    std::string name;
  };
  void AddMarker(std::string_view word);

  std::string text_;
  std::vector<Segment> scripts_;
};

// The byte offset of a 1-based character position in UTF-8 text, as the server counts them.
size_t ByteOffset(std::string_view text, int position);

}  // namespace ballast::apply
