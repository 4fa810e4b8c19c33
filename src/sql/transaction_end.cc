// SPDX-License-Identifier: Apache-2.0
#include "sql/transaction_end.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sql/classify_statement.h"
#include "sql/role_switch.h"
#include "sql/split.h"
#include "sql/statement.h"

namespace ballast::sql {
namespace {

bool IsNeeded(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNeeded = {
      "row_security", "datestyle",   "intervalstyle",
      "timezone",     "lc_monetary", "extra_float_digits",
      "bytea_output", "role",        "session_authorization"};
  const std::string lower = ToLowerAscii(name);
  return lower.starts_with("ballast.") ||
         std::find(kNeeded.begin(), kNeeded.end(), lower) != kNeeded.end();
}

// set_config('name', …), at any depth.
bool CallsSetConfig(TokenReader at) {
  for (; !at.AtEnd(); at.Skip()) {
    if (!at.Is("set_config") || !at.Is("(", 1)) continue;
    if (at.Kind(2) == TokenKind::kString && IsNeeded(StringContent(at.Text(2)))) return true;
  }
  return false;
}

// SET, RESET and DISCARD.
bool ChangesNeededSetting(TokenReader at) {
  if (SwitchesRole(at) || CallsSetConfig(at)) return true;
  if (at.Take("discard")) return at.Is("all");
  const bool sets = at.Take("set") || at.Take("reset");
  if (!sets) return false;
  if (!at.Take("session")) at.Take("local");
  if (at.Is("time") && at.Is("zone", 1)) return true;
  const ObjectName name = at.TakeName();
  return IsNeeded(name.schema.empty() ? name.name : name.schema + "." + name.name);
}

bool ControlsTransaction(const Statement& statement) {
  return statement.transaction != TransactionAct::kNone || statement.commits_in_code;
}

}  // namespace

std::optional<UnfitStatement> UnfitForTransaction(std::string_view script) {
  for (StatementIterator walk(script); walk.Next();) {
    Statement statement;
    ClassifyStatement(walk.reader(), statement);
    const bool controls = ControlsTransaction(statement);
    if (!controls && !ChangesNeededSetting(walk.reader())) continue;
    return UnfitStatement{walk.statement().line, std::string(walk.statement().text), controls};
  }
  return std::nullopt;
}

}  // namespace ballast::sql
