// SPDX-License-Identifier: Apache-2.0
// Reads the smallest elements of a schema: blanks, names, numbers, strings, comments. Each function
// either consumes an element or leaves the cursor unchanged. Every byte is examined a bounded
// number of times (prisma-engines psl/schema-ast/src/parser/datamodel.pest).
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

  // The following do not skip blanks first; they return the consumed text, or nothing.
  std::optional<std::string_view> TakeIdentifier();
  std::optional<std::string_view> TakePath();
  std::optional<std::string_view> TakeNumber();
  // With quotes, escapes not resolved.
  std::optional<std::string_view> TakeString();

  // "// …", "/// …" or "/* … */", including preceding blanks.
  bool TakeComment();
  // The rest of the line including its end; false if only the newline is left.
  bool TakeRestOfLine();
  // Moves past the next occurrence of the character; false if there is none.
  bool SkipPast(char end);

 private:
  bool AtNewline() const { return Peek() == '\n' || Peek() == '\r'; }
  void SkipToNewline();
  bool TakeBlockComment();

  std::string_view text_;
  uint32_t file_;
  size_t position_ = 0;
  // The first "*/" at or after the position of the last search.
  size_t comment_looked_from_ = std::string_view::npos;
  size_t comment_end_ = 0;
  // The character that SkipPast last searched for does not occur from this position on.
  size_t nothing_past_ = std::string_view::npos;
};

}  // namespace ballast::prisma
