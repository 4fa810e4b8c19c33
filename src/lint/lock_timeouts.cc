// SPDX-License-Identifier: Apache-2.0
#include "lint/lock_timeouts.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::lint {
namespace {

bool IsLimit(std::string_view value) {
  return value.find_first_of("123456789") != std::string_view::npos;
}

std::string Content(const sql::TokenReader& reader, size_t ahead = 0) {
  return ToLowerAscii(sql::StringContent(reader.Text(ahead)));
}

struct Setting {
  bool local = false;
  bool limited = false;
};

// Of SET, RESET and DISCARD.
std::optional<Setting> SettingOf(sql::TokenReader reader) {
  if (reader.Is("discard")) return reader.Is("all", 1) ? std::optional(Setting{}) : std::nullopt;
  const bool resets = reader.Is("reset");
  if (resets && reader.Is("all", 1)) return Setting{};
  if (!reader.Has("lock_timeout")) return std::nullopt;
  const bool local = reader.Is("local", 1);
  while (!reader.AtEnd() && !reader.Take("lock_timeout")) reader.Skip();
  if (!reader.Take("=")) reader.Take("to");
  return Setting{local, !resets && !reader.Is("default") && IsLimit(reader.Text())};
}

// Of the last set_config('lock_timeout', 'value', is_local) in a statement or a block.
std::optional<Setting> SettingOfCall(sql::TokenReader reader) {
  std::optional<Setting> found;
  for (; !reader.AtEnd(); reader.Skip()) {
    if (!reader.Is("set_config") || !reader.Is("(", 1)) continue;
    sql::TokenReader rest = reader;
    rest.Skip();
    const std::vector<sql::TokenReader> arguments = rest.TakeParentheses().SplitAtCommas();
    constexpr size_t kArguments = 3;
    if (arguments.size() != kArguments || Content(arguments[0]) != "lock_timeout") continue;
    const bool session = arguments[2].Is("false") || Content(arguments[2]) == "f";
    found = Setting{!session, IsLimit(Content(arguments[1]))};
  }
  return found;
}

}  // namespace

void LockTimeouts::Read(const StatementTrace& trace) {
  if (trace.transaction != transaction_) local_.reset();
  transaction_ = trace.transaction;
  const std::string_view text = trace.statement.text;
  const std::vector<sql::Token> tokens = sql::Tokenize(text);
  const sql::TokenReader reader(text, tokens);
  const std::optional<Setting> setting =
      trace.statement.kind == sql::StatementKind::kSet ? SettingOf(reader) : SettingOfCall(reader);
  if (setting) Set(setting->local, setting->limited);
}

void LockTimeouts::Set(bool local, bool limited) {
  if (local) {
    local_ = limited;
    return;
  }
  session_ = limited;
  local_.reset();
}

}  // namespace ballast::lint
