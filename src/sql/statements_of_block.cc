// SPDX-License-Identifier: Apache-2.0
#include "sql/statements_of_block.h"

#include <optional>

#include "sql/code_of_block.h"
#include "sql/lexer.h"

namespace ballast::sql {
namespace {

// Reads the control structures of PL/pgSQL ("Control Structures"), which have statements within.
class BlockReader {
 public:
  explicit BlockReader(std::string_view code) : code_(code), tokens_(Tokenize(code)) {}

  std::vector<BlockStatement> Read() {
    for (TokenReader reader(code_, tokens_); !reader.AtEnd();) {
      if (SkipControl(reader)) continue;
      const TokenReader begin = reader;
      while (!reader.AtEnd() && !reader.Is(";")) reader.Skip();
      Add(begin, reader);
    }
    // What a block has done is undone before its handler runs.
    for (BlockStatement& statement : found_) statement.branch += has_handler_ ? 1 : 0;
    return std::move(found_);
  }

 private:
  // Whether the reader was at the beginning of a control structure, or of a part of one.
  bool SkipControl(TokenReader& reader) {
    if (reader.Take(";")) return true;
    if (reader.Is("<")) {  // <<label>>
      while (!reader.AtEnd() && !(reader.Take(">") && reader.Take(">"))) reader.Skip();
      return true;
    }
    if (reader.Take("begin")) {
      if (begun_) ++branch_;
      begun_ = true;
      return true;
    }
    has_handler_ = has_handler_ || reader.Is("exception");
    const bool condition = reader.Is("if") || reader.Is("elsif") || reader.Is("elseif") ||
                           reader.Is("when") || reader.Is("case");
    const bool loop = reader.Is("for") || reader.Is("foreach") || reader.Is("while");
    const bool other = reader.Is("else") || reader.Is("exception") || reader.Is("loop") ||
                       reader.Is("end") || reader.Is("exit") || reader.Is("continue") ||
                       reader.Is("return");
    if (!condition && !loop && !other) return false;
    ++branch_;
    if (reader.Is("end") || reader.Is("exit") || reader.Is("continue") || reader.Is("return")) {
      while (!reader.AtEnd() && !reader.Is(";")) reader.Skip();
    } else if (other) {
      reader.Skip();
    } else {
      SkipPast(reader, loop ? "loop" : "then");
    }
    return true;
  }

  static void SkipPast(TokenReader& reader, std::string_view word) {
    reader.SkipTo(word);
    reader.Skip();
  }

  void Add(const TokenReader& begin, const TokenReader& end) {
    std::string text(begin.SourceBefore(end));
    TokenReader executed = begin;
    if (executed.Take("execute") && executed.Kind() == TokenKind::kString) {
      const std::string_view constant = executed.Text();
      executed.Skip();
      if (executed.Is(";") || executed.AtEnd()) text = StringContent(constant);
    }
    found_.push_back({std::move(text), branch_});
  }

  std::string_view code_;
  std::vector<Token> tokens_;
  std::vector<BlockStatement> found_;
  int branch_ = 0;
  bool begun_ = false;
  bool has_handler_ = false;
};

}  // namespace

std::vector<BlockStatement> StatementsOfBlock(std::string_view statement) {
  const std::optional<std::string> code = CodeOfBlock(statement);
  if (!code) return {};
  return BlockReader(*code).Read();
}

}  // namespace ballast::sql
