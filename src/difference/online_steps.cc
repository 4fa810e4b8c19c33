// SPDX-License-Identifier: Apache-2.0
#include "difference/online_steps.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ballast::difference {
namespace {

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

}  // namespace

std::vector<Statement> OnlineSteps(const Statement& statement) {
  std::vector<Statement> steps;
  for (const OnlineStep& step : statement.online) {
    Statement& one = steps.emplace_back(statement);
    one.text = step.text;
    one.kind = step.kind;
    one.lock = step.lock;
  }
  return steps;
}

void DropFirst(const std::string& index, Statement& create) {
  create.text.insert(0, "DROP INDEX " + index + ";\n");
  if (create.online.empty()) return;
  create.online.insert(create.online.begin(),
                       {"DROP INDEX CONCURRENTLY " + index + ";\n", ActionKind::kDrop});
}

bool IsIndependent(const Statement& statement, const std::vector<Statement>& all) {
  return std::all_of(all.begin(), all.end(), [&](const Statement& other) {
    const bool itself = other.text == statement.text;
    if (!itself && other.makes_a_key && Mentions(other, statement.references)) return false;
    if (itself || !other.online.empty()) return true;
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
