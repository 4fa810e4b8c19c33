// SPDX-License-Identifier: Apache-2.0
#include "sql/shifted_clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "sql/lexer.h"
#include "sql/nested_code.h"

namespace ballast::sql {
namespace {

constexpr std::array<std::string_view, 4> kClockFunctions = {
    "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp"};
constexpr std::array<std::string_view, 2> kClockTimes = {"current_timestamp", "localtimestamp"};

// No quotes in what it adds, so that it holds in strings, too.
class ClockShift {
 public:
  ClockShift(std::string_view code, long days, int depth)
      : code_(code), days_(days), depth_(depth), tokens_(Tokenize(code)) {}

  std::string Shifted() {
    for (size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_[at].kind == TokenKind::kString) {
        ReadString(tokens_[at]);
      } else if (tokens_[at].kind == TokenKind::kWord) {
        ReadWord(at);
      }
    }
    result_ += code_.substr(copied_);
    return std::move(result_);
  }

 private:
  bool Is(size_t at, std::string_view word) const {
    return at < tokens_.size() && TokenReader(code_, &tokens_[at], &tokens_[at] + 1).Is(word);
  }

  template <size_t kSize>
  bool IsOne(size_t at, const std::array<std::string_view, kSize>& words) const {
    return std::ranges::any_of(words, [&](std::string_view word) { return Is(at, word); });
  }

  void ReadWord(size_t at) {
    size_t first = at;
    const bool qualified = at > 0 && Is(at - 1, ".");
    if (qualified) {
      if (at < 2 || !Is(at - 2, "pg_catalog")) return;
      first = at - 2;
    }
    if (IsOne(at, kClockFunctions) && Is(at + 1, "(") && Is(at + 2, ")")) {
      Add(first, at + 2, fmt::format("pg_catalog.make_interval(days => {})", days_));
    } else if (IsOne(at, kClockTimes)) {
      const bool precise = Is(at + 1, "(") && Is(at + 3, ")");
      Add(first, precise ? at + 3 : at, fmt::format("pg_catalog.make_interval(days => {})", days_));
    } else if (Is(at, "current_date")) {
      Add(first, at, fmt::format("{}", days_));
    }
  }

  // The expression from one token to another.
  void Add(size_t first, size_t last, const std::string& more) {
    const size_t begin = tokens_[first].offset;
    const size_t end = tokens_[last].offset + tokens_[last].length;
    result_ += code_.substr(copied_, begin - copied_);
    result_ += fmt::format("({} + {})", code_.substr(begin, end - begin), more);
    copied_ = end;
  }

  void ReadString(const Token& token) {
    const std::string_view text = code_.substr(token.offset, token.length);
    if (depth_ >= kDeepestCode || !CouldBeCode(text)) return;
    const size_t open = text.find(text.front() == '$' ? '$' : '\'', text.front() == '$' ? 1 : 0);
    if (open == std::string_view::npos) return;
    const size_t tag = text.front() == '$' ? open + 1 : 1;
    if (text.size() < open + 1 + tag) return;
    const std::string_view content = text.substr(open + 1, text.size() - open - 1 - tag);
    result_ += code_.substr(copied_, token.offset + open + 1 - copied_);
    result_ += ClockShift(content, days_, depth_ + 1).Shifted();
    copied_ = token.offset + text.size() - tag;
  }

  std::string_view code_;
  long days_;
  int depth_;
  std::vector<Token> tokens_;
  size_t copied_ = 0;  // how much of the code the result has
  std::string result_;
};

}  // namespace

std::string WithShiftedClock(std::string_view script, long days) {
  return ClockShift(script, days, 0).Shifted();
}

}  // namespace ballast::sql
