// SPDX-License-Identifier: Apache-2.0
#include "difference/script_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/printable.h"
#include "base/text.h"
#include "difference/statement_target.h"
#include "sql/split.h"

namespace ballast::difference {
namespace {

constexpr std::string_view kRewrites = ", rewrites the table";
constexpr std::array<std::pair<std::string_view, ActionKind>, 4> kKinds = {
    {{"drop", ActionKind::kDrop},
     {"create", ActionKind::kCreate},
     {"alter", ActionKind::kAlter},
     {"rename", ActionKind::kRename}}};

// The inverse of Describe; nothing for any other comment.
std::optional<Statement> ReadDescription(std::string_view line) {
  for (const auto& [word, kind] : kKinds) {
    if (kind == ActionKind::kRename || !line.starts_with(std::string(word) + " ")) continue;
    line.remove_prefix(word.size() + 1);
    Statement statement;
    statement.kind = kind;
    const size_t open = line.rfind(" (");
    if (open != std::string_view::npos && line.ends_with(')')) {
      std::string_view lock = line.substr(open + 2, line.size() - open - 3);
      statement.rewrites = lock.ends_with(kRewrites);
      if (statement.rewrites) lock.remove_suffix(kRewrites.size());
      if (const auto mode = LockModeNamed(lock)) {
        statement.lock = *mode;
        line = line.substr(0, open);
      }
    }
    statement.object = std::string(line);
    ReadLabel(statement);
    return statement;
  }
  return std::nullopt;
}

constexpr std::string_view kFailsOn = "fails on ";
constexpr std::string_view kListedBy = "listed by: ";

// The comment lines in front of a statement: the last one describes it.
struct Comments {
  std::string_view description;
  std::string_view fails_on;
  std::string_view offending_rows;
};

Comments CommentsBefore(std::string_view between) {
  Comments comments;
  while (!between.empty()) {
    const size_t end = std::min(between.find('\n'), between.size());
    std::string_view line = between.substr(0, end);
    between.remove_prefix(std::min(end + 1, between.size()));
    if (!line.starts_with("-- ")) continue;
    line.remove_prefix(3);
    if (line.starts_with(kFailsOn)) {
      comments.fails_on = line.substr(kFailsOn.size());
    } else if (line.starts_with(kListedBy)) {
      comments.offending_rows = line.substr(kListedBy.size());
    } else {
      comments.description = line;
    }
  }
  return comments;
}

// The rows that make the statement fail, as comments; a name with a line break has none.
std::string RenderOffendingRows(const Statement& statement) {
  if (statement.offending_rows.empty() || statement.offending_rows.find('\n') != std::string::npos)
    return {};
  return "-- " + std::string(kFailsOn) + Printable(statement.fails_on) + "\n-- " +
         std::string(kListedBy) + statement.offending_rows + "\n";
}

std::string Beginning(std::string_view text) {
  constexpr size_t kMost = 60;
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::string_view shown = CutToBytes(line, kMost);
  return Printable(shown) + (shown.size() < line.size() ? "…" : "");
}

}  // namespace

std::string Describe(const Statement& statement) {
  if (!statement.described) return statement.object;
  std::string line = std::string(NameOf(statement.kind)) + " " + statement.object;
  const std::string lock(NameOf(statement.lock));
  if (lock.empty()) return line;
  return line + " (" + lock + (statement.rewrites ? std::string(kRewrites) : "") + ")";
}

std::string RenderCommented(const std::vector<Statement>& statements) {
  std::string text;
  for (const Statement& statement : statements) {
    text += RenderOffendingRows(statement) + "-- " + Printable(Describe(statement)) + "\n" +
            statement.text;
  }
  return text;
}

FailureCause FailureCauseOf(std::string_view fails_on) {
  return fails_on.ends_with(kHaveNoValue) ? FailureCause::kMissingValue : FailureCause::kRows;
}

std::string_view NameOf(ActionKind kind) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& known) { return known.second == kind; });
  return found->first;
}

std::optional<ActionKind> ActionKindNamed(std::string_view name) {
  for (const auto& [word, kind] : kKinds) {
    if (word == name) return kind;
  }
  return std::nullopt;
}

std::vector<Statement> UndescribedStatements(const std::string& text) {
  std::vector<Statement> statements;
  for (const sql::StatementText& piece : sql::SplitScript(text)) {
    Statement& statement = statements.emplace_back();
    statement.text = std::string(piece.text) + ";\n";
    statement.object = Beginning(piece.text);
    statement.described = false;
  }
  return statements;
}

std::vector<Statement> RenamingStatements(const std::string& text) {
  std::vector<Statement> statements = UndescribedStatements(text);
  for (Statement& statement : statements) statement.kind = ActionKind::kRename;
  return statements;
}

std::vector<Statement> ReadCommented(const std::string& text) {
  std::vector<Statement> statements;
  size_t end = 0;
  bool is_described = false;  // the last one
  for (const sql::StatementText& piece : sql::SplitScript(text)) {
    const std::string_view between = std::string_view(text).substr(end, piece.offset - end);
    end = piece.offset + piece.text.size();
    const Comments comments = CommentsBefore(between);
    const std::string_view comment = comments.description;
    const std::string statement = std::string(piece.text) + ";\n";
    if (comment.empty() && is_described) {  // several statements under one comment
      statements.back().text += statement;
      continue;
    }
    std::optional<Statement> described = ReadDescription(comment);
    is_described = described.has_value();
    statements.push_back(described ? *std::move(described) : Statement{});
    statements.back().text = statement;
    statements.back().fails_on = std::string(comments.fails_on);
    statements.back().cause = FailureCauseOf(comments.fails_on);
    statements.back().offending_rows = std::string(comments.offending_rows);
    statements.back().described = is_described;
    if (!is_described) statements.back().object = Beginning(piece.text);
  }
  return statements;
}

}  // namespace ballast::difference
