// SPDX-License-Identifier: Apache-2.0
#include "sql/row_changes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sql/classify.h"
#include "sql/effects.h"
#include "sql/lexer.h"

namespace ballast::sql {
namespace {

constexpr std::string_view kDefinitionWords[] = {"alter",   "comment", "create", "drop",
                                                 "execute", "grant",   "revoke"};

constexpr std::string_view kRowWords[] = {"call",  "delete",   "insert",
                                          "merge", "truncate", "update"};

// Whether the statement contains one of the words, also in code.
bool HasWordInCode(std::string_view statement, std::span<const std::string_view> words) {
  const std::vector<Token> tokens = Tokenize(statement);
  for (TokenReader at{statement, tokens}; !at.AtEnd(); at.Skip()) {
    if (at.Kind() == TokenKind::kString) {
      if (HasWordInCode(StringContent(at.Text()), words)) return true;
      continue;
    }
    if (std::ranges::any_of(words, [&](std::string_view word) { return at.Is(word); })) return true;
  }
  return false;
}

bool HasWord(std::string_view statement, std::string_view word) {
  const std::vector<Token> tokens = Tokenize(statement);
  return TokenReader(statement, tokens).Has(word);
}

bool DependsOnRows(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kUpdate:
    case StatementKind::kDelete:
    case StatementKind::kMerge:
    case StatementKind::kTruncate:
    case StatementKind::kCall:
      return true;
    case StatementKind::kInsert:
      return HasWord(statement.text, "select") || HasWord(statement.text, "table") ||
             HasWord(statement.text, "update");
    case StatementKind::kDo:
      return HasWordInCode(statement.text, kRowWords);
    case StatementKind::kQuery:
      // setval, which a dump writes, has the same effect on every database.
      return statement.writes_rows && !statement.session_state &&
             !HasWord(statement.text, "setval");
    default:
      return false;
  }
}

bool IsVisibleInCatalog(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kQuery:
    case StatementKind::kInsert:
    case StatementKind::kUpdate:
    case StatementKind::kDelete:
    case StatementKind::kMerge:
    case StatementKind::kTruncate:
    case StatementKind::kCopy:
    case StatementKind::kCall:
    case StatementKind::kSet:
    case StatementKind::kTransaction:
    case StatementKind::kMaintenance:
      return false;
    case StatementKind::kDo:
      // Words of DDL, or text that is run and may be DDL.
      return HasWordInCode(statement.text, kDefinitionWords);
    default:
      return true;
  }
}

// Which objects exist after each of several scripts.
class ObjectsOverTime {
 public:
  void Add(std::string_view script) {
    Step& step = steps_.emplace_back();
    for (const Statement& statement : ReadScript(script)) {
      if (IsVisibleInCatalog(statement)) Add(statement, step);
    }
  }

  // The first number of scripts after which nothing shows that the others have not run.
  size_t FirstLikeTheLast() const {
    std::map<Key, bool> now = exists_;
    size_t differences = 0, first = steps_.size();
    for (size_t at = steps_.size(); at-- > 0;) {
      if (steps_[at].changes_otherwise) break;
      for (auto change = steps_[at].changes.rbegin(); change != steps_[at].changes.rend();
           ++change) {
        const bool last = exists_.at(change->object);
        bool& exists = now.at(change->object);
        differences -= exists != last ? 1 : 0;
        exists = change->before;
        differences += exists != last ? 1 : 0;
      }
      if (differences == 0) first = at;
    }
    return first;
  }

 private:
  using Key = std::tuple<ObjectKind, std::string, std::string, std::string>;
  struct Change {
    Key object;
    bool before = false;
  };
  struct Step {
    std::vector<Change> changes;
    bool changes_otherwise = false;  // what creates and drops no object, as far as the text shows
  };

  void Add(const Statement& statement, Step& step) {
    const std::optional<Effects> effects = EffectsOf(statement.text);
    if (!effects || effects->objects.empty()) {
      step.changes_otherwise = true;
      return;
    }
    const bool can_replace = statement.kind == StatementKind::kCreateRoutine ||
                             statement.kind == StatementKind::kCreateView ||
                             statement.kind == StatementKind::kCreateTrigger;
    for (const Effect& effect : effects->objects) {
      const auto [known, is_new] = exists_.try_emplace(
          Key{effect.kind, effect.schema, effect.parent, effect.name}, ExistedBefore(effect));
      step.changes.push_back({known->first, known->second});
      if (can_replace && known->second && effect.exists) step.changes_otherwise = true;
      known->second = effect.exists;
    }
  }

  // An object that no script has named before. Columns and constraints can be part of CREATE TABLE.
  bool ExistedBefore(const Effect& effect) const {
    if (effect.exists || effect.parent.empty()) return false;
    const ObjectKind of =
        effect.kind == ObjectKind::kEnumValue ? ObjectKind::kType : ObjectKind::kRelation;
    const auto parent = exists_.find(Key{of, effect.schema, "", effect.parent});
    return parent != exists_.end() && parent->second;
  }

  std::map<Key, bool> exists_;  // after all scripts so far
  std::vector<Step> steps_;
};

}  // namespace

bool ChangesOnlyRows(std::string_view script) {
  const std::vector<Statement> statements = ReadScript(script);
  if (std::any_of(statements.begin(), statements.end(), IsVisibleInCatalog)) return false;
  // set_config() and advisory locks change the session.
  return std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    return statement.writes_rows &&
           !(statement.kind == StatementKind::kQuery && statement.session_state);
  });
}

bool DependsOnRows(std::string_view script) {
  const std::vector<Statement> statements = ReadScript(script);
  return std::any_of(statements.begin(), statements.end(),
                     [](const Statement& statement) { return DependsOnRows(statement); });
}

size_t ShownByCatalog(const std::vector<std::string_view>& scripts) {
  ObjectsOverTime objects;
  for (const std::string_view script : scripts) objects.Add(script);
  return objects.FirstLikeTheLast();
}

}  // namespace ballast::sql
