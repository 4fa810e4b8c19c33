// SPDX-License-Identifier: Apache-2.0
#include "sql/row_changes.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sql/classify.h"
#include "sql/cluster_changes.h"
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

bool IsVisibleInCatalog(const Statement& statement) {
  if (ChangesCluster(statement.text)) return false;
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

// Whether the statement has one of these words outside of strings and quoted names.
bool HasWord(const Statement& statement, std::initializer_list<std::string_view> words) {
  const std::vector<Token> tokens = Tokenize(statement.text);
  const TokenReader all(statement.text, tokens);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return all.Has(word); });
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
      return HasWord(statement, {"select", "table", "update"});
    case StatementKind::kDo:
      return HasWordInCode(statement.text, kRowWords);
    case StatementKind::kQuery:
      // setval, which a dump writes, has the same effect on every database.
      return statement.writes_rows && !statement.session_state && !HasWord(statement, {"setval"});
    default:
      return false;
  }
}

// Of ALTER TABLE: not DROP CONSTRAINT, or what ALTER COLUMN drops.
bool DropsColumn(const Statement& statement) {
  const std::vector<Token> tokens = Tokenize(statement.text);
  for (TokenReader at{statement.text, tokens}; !at.AtEnd(); at.Skip()) {
    if (!at.Take("drop")) continue;
    const bool other = at.Is("constraint") || at.Is("not") || at.Is("default") ||
                       at.Is("identity") || at.Is("expression");
    if (!other) return true;
  }
  return false;
}

// Renamed objects can be swapped, columns can be computed into their own type, and sequences can be
// set: the catalog can be the same before and after.
bool MayKeepTheCatalog(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kDo:
    case StatementKind::kOther:
    case StatementKind::kUnknown:
      return true;
    case StatementKind::kAlterTable:
    case StatementKind::kAlterType:
    case StatementKind::kAlterOther:
      return HasWord(statement, {"rename", "using", "restart", "schema"});
    default:
      return false;
  }
}

// Whether the statement drops what has contents.
bool DropsContents(const Statement& statement) {
  switch (statement.kind) {
    case StatementKind::kAlterTable:
      return DropsColumn(statement);
    case StatementKind::kDropTable:
    case StatementKind::kDropType:
      return true;
    case StatementKind::kDropOther:
      return HasWord(statement, {"schema", "sequence", "owned"});
    default:
      return false;
  }
}

bool ChangesContents(const Statement& statement) {
  if (statement.kind == StatementKind::kQuery && statement.session_state) return false;
  if (statement.kind == StatementKind::kQuery && HasWord(statement, {"explain"})) return true;
  return statement.writes_rows || MayKeepTheCatalog(statement) || ChangesCluster(statement.text);
}

// Which objects exist after each of several scripts.
class ObjectsOverTime {
 public:
  void Add(std::string_view script) {
    Step& step = steps_.emplace_back();
    for (const Statement& statement : ReadScript(script)) {
      step.changes_contents = step.changes_contents || ChangesContents(statement);
      if (IsVisibleInCatalog(statement)) Add(statement, step);
    }
  }

  // For each script.
  std::vector<bool> ContentChanges() const {
    std::vector<bool> changes;
    for (const Step& step : steps_) changes.push_back(step.changes_contents);
    return changes;
  }

  // The first number of scripts after which nothing shows that the others have not run.
  // `definitions`: what creates and drops no object shows it, too.
  size_t FirstLikeTheLast(bool definitions) const {
    std::map<ObjectKey, bool> now = exists_;
    size_t differences = 0, first = steps_.size();
    for (size_t at = steps_.size(); at-- > 0;) {
      if (definitions && steps_[at].changes_otherwise) break;
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
  struct Change {
    ObjectKey object;
    bool before = false;
  };
  struct Step {
    std::vector<Change> changes;
    bool changes_otherwise = false;  // what creates and drops no object, as far as the text shows
    bool changes_contents = false;
  };

  void Add(const Statement& statement, Step& step) {
    const std::optional<Effects> effects = EffectsOf(statement.text);
    const bool drops_contents = DropsContents(statement);
    if (!effects || effects->objects.empty()) {
      step.changes_otherwise = step.changes_otherwise || !MayKeepTheCatalog(statement);
      step.changes_contents = step.changes_contents || drops_contents;
      return;
    }
    // What the same statement makes again is not listed as dropped.
    const bool lists_drop =
        std::ranges::any_of(effects->objects, [](const Effect& one) { return !one.exists; });
    if (drops_contents && !lists_drop) step.changes_contents = true;
    const bool can_replace = statement.kind == StatementKind::kCreateRoutine ||
                             statement.kind == StatementKind::kCreateView ||
                             statement.kind == StatementKind::kCreateTrigger;
    for (const Effect& effect : effects->objects) {
      const auto [known, is_new] = exists_.try_emplace(KeyOf(effect), ExistedBefore(effect));
      step.changes.push_back({known->first, known->second});
      if (drops_contents && !effect.exists && known->second) step.changes_contents = true;
      if (can_replace && known->second && effect.exists) step.changes_otherwise = true;
      known->second = effect.exists;
    }
  }

  // An object that no script has named before. Columns and constraints can be part of CREATE TABLE.
  bool ExistedBefore(const Effect& effect) const {
    if (effect.exists || effect.parent.empty()) return false;
    const ObjectKind of =
        effect.kind == ObjectKind::kEnumValue ? ObjectKind::kType : ObjectKind::kRelation;
    const auto parent = exists_.find(ObjectKey{of, effect.schema, "", effect.parent});
    return parent != exists_.end() && parent->second;
  }

  std::map<ObjectKey, bool> exists_;  // after all scripts so far
  std::vector<Step> steps_;
};

}  // namespace

bool DependsOnRows(std::string_view script) {
  const std::vector<Statement> statements = ReadScript(script);
  return std::any_of(statements.begin(), statements.end(),
                     [](const Statement& statement) { return DependsOnRows(statement); });
}

CatalogTraces TracesOf(const std::vector<std::string_view>& scripts) {
  ObjectsOverTime objects;
  for (const std::string_view script : scripts) objects.Add(script);
  return {objects.ContentChanges(), objects.FirstLikeTheLast(false),
          objects.FirstLikeTheLast(true)};
}

}  // namespace ballast::sql
