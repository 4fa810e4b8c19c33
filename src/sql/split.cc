#include "sql/split.h"

#include <pg_query.h>

#include <algorithm>
#include <string>

namespace ballast::sql {
namespace {

// How deep in parentheses and BEGIN ATOMIC blocks the reading is; reset for each statement.
class Nesting {
 public:
  void See(const TokenReader& here, bool is_routine) {
    if (here.Is("(")) ++parentheses_;
    if (here.Is(")")) parentheses_ = std::max(0, parentheses_ - 1);
    if (!is_routine || parentheses_ > 0 || here.Kind() != TokenKind::kWord) return;
    if (here.Is("begin") && here.Is("atomic", 1)) ++blocks_;
    if (blocks_ > 0 && here.Is("case")) ++blocks_;
    if (blocks_ > 0 && here.Is("end")) --blocks_;
  }
  bool IsOutermost() const { return parentheses_ == 0 && blocks_ == 0; }

 private:
  int parentheses_ = 0;
  int blocks_ = 0;
};

bool StartsRoutine(TokenReader statement) {
  if (!statement.Take("create")) return false;
  statement.Take("or", "replace");
  return statement.Is("function") || statement.Is("procedure");
}

}  // namespace

std::vector<Piece> SplitTokens(std::string_view script, const std::vector<Token>& tokens) {
  std::vector<Piece> pieces;
  const Token* const end = tokens.data() + tokens.size();
  int line = 1;
  size_t counted = 0;  // lines are counted up to here
  for (const Token* begin = tokens.data(); begin < end;) {
    const bool is_routine = StartsRoutine(TokenReader(script, begin, end));
    Nesting nesting;
    const Token* at = begin;
    for (; at != end; ++at) {
      const TokenReader here(script, at, end);
      if (nesting.IsOutermost() && here.Is(";")) break;
      nesting.See(here, is_routine);
    }
    if (at != begin) {
      line += static_cast<int>(std::count(script.begin() + static_cast<ptrdiff_t>(counted),
                                          script.begin() + static_cast<ptrdiff_t>(begin->offset),
                                          '\n'));
      counted = begin->offset;
      const size_t length = at[-1].offset + at[-1].length - begin->offset;
      pieces.push_back({script.substr(begin->offset, length), begin->offset, line,
                        static_cast<size_t>(begin - tokens.data()),
                        static_cast<size_t>(at - begin)});
    }
    begin = at == end ? end : at + 1;
  }
  return pieces;
}

std::vector<Piece> SplitScript(std::string_view script) {
  return SplitTokens(script, Tokenize(script));
}

bool IsReadable(std::string_view text) {
  const PgQuerySplitResult result = pg_query_split_with_parser(std::string(text).c_str());
  const bool readable = result.error == nullptr;
  pg_query_free_split_result(result);
  return readable;
}

}  // namespace ballast::sql
