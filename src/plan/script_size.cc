// SPDX-License-Identifier: Apache-2.0
#include "plan/script_size.h"

#include <fmt/format.h>

#include <string>

#include "sql/split.h"

namespace ballast::plan {
namespace {

constexpr int kMegabyteBits = 20;

size_t Megabytes(size_t bytes) {
  return bytes >> kMegabyteBits;
}

Refusal Oversized(std::string_view name, const std::string& fault, int line, std::string remedy) {
  return {ErrorCode::kScriptTooLarge,
          fmt::format("migration \"{}\" {}; a single message to the server can hold at most {} MB; "
                      "nothing was changed",
                      name, fault, Megabytes(kLongestMessage)),
          {},
          {std::move(remedy)},
          {std::string(name), line}};
}

}  // namespace

std::optional<Refusal> RefuseOversized(std::string_view name, std::string_view script,
                                       bool divisible) {
  if (script.size() <= kLongestMessage) return std::nullopt;
  if (!divisible) {
    return Oversized(
        name,
        fmt::format("is a script of {} MB with its own transactions", Megabytes(script.size())), 1,
        "write it without BEGIN and COMMIT, or as several migrations");
  }
  for (sql::StatementIterator walk(script); walk.Next();) {
    const sql::StatementText& statement = walk.statement();
    if (statement.text.size() <= kLongestMessage) continue;
    return Oversized(name,
                     fmt::format("contains a statement of {} MB", Megabytes(statement.text.size())),
                     statement.line, "write it as several statements");
  }
  return std::nullopt;
}

Status CheckSize(std::string_view name, std::string_view script, bool divisible) {
  const std::optional<Refusal> refusal = RefuseOversized(name, script, divisible);
  if (!refusal) return {};
  Error error = ErrorOf(*refusal);
  error.hint = refusal->remedies.front();
  return error;
}

bool IsDivisible(ScriptMode mode) {
  return mode == ScriptMode::kInTransaction || mode == ScriptMode::kSplit;
}

}  // namespace ballast::plan
