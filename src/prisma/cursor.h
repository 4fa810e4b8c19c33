// SPDX-License-Identifier: Apache-2.0
// Reads the smallest pieces of a schema: blanks, names, numbers, strings, comments. Each reader
// either takes its piece or leaves the cursor where it was. Every byte is looked at a bounded
// number of times, whatever the text (prisma-engines psl/schema-ast/src/parser/datamodel.pest).
#pragma once

#include <optional>
#include <string_view>

#include "prisma/source.h"

namespace ballast::prisma {

class Cursor {
 public:
  Cursor(std::string_view text, uint32_t file) : text_(text), file_(file) {}

  size_t position() const { return position_; }
  void Return(size_t position) { position_ = position; }
  bool AtEnd() const { return position_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[position_]; }
  std::string_view text() const { return text_; }
  Span From(size_t begin) const { return {file_, begin, position_}; }
  std::string_view TextFrom(size_t begin) const { return text_.substr(begin, position_ - begin); }

  void SkipBlanks();  // tabs and Unicode space separators, no newlines
  bool TakeNewline();
  bool Take(std::string_view literal);

  // The following skip no blanks before; they give what was taken, or nothing.
  std::optional<std::string_view> TakeIdentifier();
  std::optional<std::string_view> TakePath();
  std::optional<std::string_view> TakeNumber();
  // With its quotes, escapes unresolved.
  std::optional<std::string_view> TakeString();

  // "// …", "/// …" or "/* … */", blanks before them included.
  bool TakeComment();
  // Everything up to and with the end of the line; false where nothing but the newline is left.
  bool TakeRestOfLine();
  // Moves behind the next occurrence of the character; false if there is none.
  bool SkipPast(char wanted);

 private:
  bool AtNewline() const { return Peek() == '\n' || Peek() == '\r'; }
  void SkipToNewline();
  bool TakeBlockComment();

  std::string_view text_;
  uint32_t file_;
  size_t position_ = 0;
  // The first "*/" at or behind the place where it was last looked for.
  size_t comment_looked_from_ = std::string_view::npos;
  size_t comment_end_ = 0;
  // What SkipPast looked for last is not found from here on.
  size_t nothing_past_ = std::string_view::npos;
};

}  // namespace ballast::prisma
