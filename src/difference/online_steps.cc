// SPDX-License-Identifier: Apache-2.0
#include "difference/online_steps.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ballast::difference {
namespace {

constexpr std::string_view kEnd = ";\n";

bool IsOneStatement(const std::string& text) {
  return text.ends_with(kEnd) && text.find(kEnd) == text.size() - kEnd.size();
}

// "DROP INDEX …;\nCREATE INDEX …;\n": what an interrupted build left goes first.
std::vector<Statement> ConcurrentBuild(const Statement& statement) {
  std::vector<Statement> steps;
  constexpr std::string_view kDrop = "DROP INDEX ";
  if (statement.text.starts_with(kDrop)) {
    Statement drop = statement;
    const size_t end = statement.text.find(kEnd) + kEnd.size();
    drop.text = statement.text.substr(0, end);
    drop.text.insert(kDrop.size(), "CONCURRENTLY ");
    drop.kind = ActionKind::kDrop;
    drop.lock = LockMode::kShareUpdateExclusive;
    steps.push_back(std::move(drop));
  }
  Statement build = statement;
  build.text = statement.concurrently;
  build.lock = LockMode::kShareUpdateExclusive;
  steps.push_back(std::move(build));
  return steps;
}

// "ALTER TABLE t ADD CONSTRAINT c CHECK (…);\n" in two steps.
std::vector<Statement> AddAndValidate(const Statement& statement) {
  constexpr std::string_view kAdd = " ADD CONSTRAINT ";
  const std::string& text = statement.text;
  const size_t add = text.find(kAdd);
  if (!IsOneStatement(text) || !text.starts_with("ALTER TABLE ") || add == text.npos) return {};
  if (text.starts_with("ALTER TABLE ONLY ")) return {};
  const size_t name = add + kAdd.size();
  const bool quoted = name < text.size() && text[name] == '"';
  const size_t end = quoted ? text.find("\" ", name + 1) + 1 : text.find(' ', name);
  const std::string_view rest = std::string_view(text).substr(end);
  if (!rest.starts_with(" CHECK ") && !rest.starts_with(" FOREIGN KEY ")) return {};
  for (const std::string_view word : {" NOT VALID", " NOT ENFORCED", " NO INHERIT"}) {
    if (rest.find(word) != rest.npos) return {};
  }
  Statement added = statement;
  added.text.insert(added.text.size() - kEnd.size(), " NOT VALID");
  Statement validated = statement;
  validated.kind = ActionKind::kAlter;
  validated.lock = LockMode::kShareUpdateExclusive;
  validated.text =
      text.substr(0, add) + " VALIDATE CONSTRAINT " + text.substr(name, end - name) + ";\n";
  return {std::move(added), std::move(validated)};
}

// What a statement about one table cannot depend on: changes of other tables' parts.
bool IsPartOfATable(const Statement& statement) {
  constexpr std::array<std::string_view, 6> kParts = {"column ",     "default ", "index ",
                                                      "constraint ", "trigger ", "foreign key "};
  return std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
    return statement.object.starts_with(part) ||
           statement.object.find(" of column ") != std::string::npos;
  });
}

bool Mentions(const Statement& statement, const std::string& table) {
  return !table.empty() && (statement.text.find(table) != std::string::npos ||
                            statement.object.find(table) != std::string::npos);
}

// The quoted table that a foreign key references; empty for other statements.
std::string ReferencedTable(const std::string& text) {
  constexpr std::string_view kReferences = " REFERENCES ";
  const size_t at = text.find(kReferences);
  if (text.find(" FOREIGN KEY ") == text.npos || at == text.npos) return {};
  std::string name;
  bool quoted = false;
  for (size_t end = at + kReferences.size(); end < text.size(); ++end) {
    const char c = text[end];
    if (!quoted && (c == '(' || c == ' ' || c == ';')) break;
    if (c == '"') quoted = !quoted;
    name += c;
  }
  return name;
}

// What a foreign key to the table needs.
bool MakesKeyOrColumn(const Statement& statement) {
  return statement.text.find(" UNIQUE ") != std::string::npos ||
         statement.text.find(" PRIMARY KEY ") != std::string::npos ||
         statement.object.starts_with("column ");
}

}  // namespace

std::vector<Statement> OnlineSteps(const Statement& statement) {
  if (statement.kind != ActionKind::kCreate || statement.table.empty()) return {};
  if (!statement.concurrently.empty()) return ConcurrentBuild(statement);
  return AddAndValidate(statement);
}

bool IsIndependent(const Statement& statement, const std::vector<Statement>& all) {
  const std::string referenced = ReferencedTable(statement.text);
  return std::all_of(all.begin(), all.end(), [&](const Statement& other) {
    const bool itself = other.text == statement.text;
    if (!itself && Mentions(other, referenced) && MakesKeyOrColumn(other)) return false;
    if (itself || !OnlineSteps(other).empty()) return true;
    if (Mentions(other, statement.table)) return false;
    const bool drop = other.kind == ActionKind::kDrop;
    if (!drop && !IsPartOfATable(other) && !other.object.starts_with("table ") &&
        !other.object.starts_with("view ")) {
      return false;  // a type or a function, which an expression may use
    }
    const size_t name = other.object.find(' ');
    return name == std::string::npos || !Mentions(statement, other.object.substr(name + 1));
  });
}

}  // namespace ballast::difference
