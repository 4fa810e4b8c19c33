// SPDX-License-Identifier: Apache-2.0
#include "apply/split_script_sql.h"

#include <fmt/format.h>

#include <algorithm>

namespace ballast::apply {

using sql::SeparatePlace;
using sql::SeparateStatement;

std::vector<std::string> SplitScriptSql::Start() const {
  if (!script_.applied_statements) {
    return {Compiler::kBegin + compiler_.StartSplitSql(script_, {0, statements_.size()}) +
            "COMMIT;\n"};
  }
  std::vector<std::string> settings;
  for (size_t at = 0; at < std::min(First(), statements_.size()); ++at) {
    if (statements_[at].sets_session) settings.push_back(std::string(statements_[at].text) + ";\n");
  }
  return settings;
}

std::string SplitScriptSql::Before(const SeparateStatement& statement) {
  return statement.place == SeparatePlace::kInTransaction ? Compiler::kBegin : "";
}

std::string SplitScriptSql::After(const SeparateStatement& statement, size_t done,
                                  const std::string& end) const {
  const bool outside = statement.place == SeparatePlace::kOutside;
  return (outside ? Compiler::kBegin : "") +
         compiler_.StatementSql(script_, {done, statements_.size()}, statement.line) + end +
         "COMMIT;\n";
}

std::string SplitScriptSql::Finish(const std::string& end) const {
  return Compiler::kBegin + compiler_.FinishSplitSql(script_) + end + "COMMIT;\n";
}

std::string SplitScriptSql::Text(const std::string& end) const {
  std::string sql = "-- " + script_.migration.name + ", statement by statement\n";
  for (const std::string& message : Start()) sql += message;
  for (size_t at = First(); at < statements_.size(); ++at) {
    const SeparateStatement& statement = statements_[at];
    const bool waits = statement.waits_for_transactions;
    sql += fmt::format("{}{}{}\n;\n{}{}", waits ? Compiler::kNoLockTimeout : "", Before(statement),
                       statement.text, waits ? Compiler::kLockTimeoutAgain : "",
                       After(statement, at + 1));
  }
  return sql + Finish(end);
}

}  // namespace ballast::apply
