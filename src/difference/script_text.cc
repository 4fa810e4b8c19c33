// SPDX-License-Identifier: Apache-2.0
#include "difference/script_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/printable.h"
#include "base/text.h"
#include "sql/split.h"

namespace ballast::difference {
namespace {

constexpr std::string_view kRewrites = ", rewrites the table";
constexpr std::array<std::pair<std::string_view, ActionKind>, 3> kKinds = {
    {{"drop ", ActionKind::kDrop},
     {"create ", ActionKind::kCreate},
     {"alter ", ActionKind::kAlter}}};

std::string_view WordOf(ActionKind kind) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& known) { return known.second == kind; });
  return found->first;
}

std::optional<LockMode> LockNamed(std::string_view name) {
  for (int mode = 0; mode <= static_cast<int>(LockMode::kAccessExclusive); ++mode) {
    const auto lock = static_cast<LockMode>(mode);
    if (lock != LockMode::kNone && NameOf(lock) == name) return lock;
  }
  return std::nullopt;
}

// The inverse of Describe; nothing for any other comment.
std::optional<Statement> ReadDescription(std::string_view line) {
  for (const auto& [word, kind] : kKinds) {
    if (!line.starts_with(word)) continue;
    line.remove_prefix(word.size());
    Statement statement;
    statement.kind = kind;
    const size_t open = line.rfind(" (");
    if (open != std::string_view::npos && line.ends_with(')')) {
      std::string_view lock = line.substr(open + 2, line.size() - open - 3);
      statement.rewrites = lock.ends_with(kRewrites);
      if (statement.rewrites) lock.remove_suffix(kRewrites.size());
      if (const auto mode = LockNamed(lock)) {
        statement.lock = *mode;
        line = line.substr(0, open);
      }
    }
    statement.object = std::string(line);
    return statement;
  }
  return std::nullopt;
}

// The last comment line in front of a statement.
std::string_view CommentBefore(std::string_view between) {
  std::string_view comment;
  while (!between.empty()) {
    const size_t end = std::min(between.find('\n'), between.size());
    const std::string_view line = between.substr(0, end);
    if (line.starts_with("-- ")) comment = line.substr(3);
    between.remove_prefix(std::min(end + 1, between.size()));
  }
  return comment;
}

std::string Beginning(std::string_view text) {
  constexpr size_t kMost = 60;
  const std::string line(text.substr(0, text.find('\n')));
  return line.size() <= kMost ? line : Printable(line.substr(0, kMost)) + "…";
}

}  // namespace

std::string Describe(const Statement& statement) {
  std::string line = std::string(WordOf(statement.kind)) + statement.object;
  const std::string lock(NameOf(statement.lock));
  if (lock.empty()) return line;
  return line + " (" + lock + (statement.rewrites ? std::string(kRewrites) : "") + ")";
}

std::string RenderCommented(const std::vector<Statement>& statements) {
  std::string text;
  for (const Statement& statement : statements) {
    text += "-- " + Printable(Describe(statement)) + "\n" + statement.text;
  }
  return text;
}

std::vector<Statement> ReadCommented(const std::string& text) {
  std::vector<Statement> statements;
  size_t end = 0;
  bool is_described = false;  // the last one
  for (const sql::StatementText& piece : sql::SplitScript(text)) {
    const std::string_view between = std::string_view(text).substr(end, piece.offset - end);
    end = piece.offset + piece.text.size();
    const std::string_view comment = CommentBefore(between);
    const std::string statement = std::string(piece.text) + ";\n";
    if (comment.empty() && is_described) {  // several statements under one comment
      statements.back().text += statement;
      continue;
    }
    std::optional<Statement> described = ReadDescription(comment);
    is_described = described.has_value();
    statements.push_back(described ? *std::move(described) : Statement{});
    statements.back().text = statement;
    if (!is_described) statements.back().object = Beginning(piece.text);
  }
  return statements;
}

}  // namespace ballast::difference
