// SPDX-License-Identifier: Apache-2.0
#include "difference/online_steps.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "difference/statement_target.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

bool IsOneOf(std::string_view kind, std::initializer_list<std::string_view> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// What a statement about one table cannot depend on: other relations, and their parts.
bool IsOfARelation(const Statement& statement) {
  const std::string& kind = statement.target.kind;
  if (IsOneOf(kind, {"column", "constraint", "index", "trigger", "default privileges"}))
    return true;
  return IsOneOf(kind, {"table", "view"}) && statement.purpose == StatementPurpose::kObject;
}

// Whether the statement makes or can need the whole object that the other one concerns.
bool Uses(const Statement& statement, const Statement& other) {
  const catalog::ObjectRef& target = other.target;
  if (!target.kind.empty() && target == statement.target) return true;
  return target.parent.empty() && !target.name.name.empty() &&
         NamesRelation(statement.text, sql::QualifiedName(target.name.schema, target.name.name));
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
    if (!itself && other.makes_a_key && Concerns(other, statement.references)) return false;
    if (itself || !other.online.empty()) return true;
    if (Concerns(other, statement.table)) return false;
    // A type or a function, which an expression may use.
    if (other.kind != ActionKind::kDrop && !IsOfARelation(other)) return false;
    return !Uses(statement, other);
  });
}

}  // namespace ballast::difference
