// SPDX-License-Identifier: Apache-2.0
#include "proof/outside_objects.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "postgres/migrations_table.h"
#include "sql/effects.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/sought_objects.h"
#include "sql/split.h"
#include "sql/statements_of_block.h"

namespace ballast::proof {
namespace {

using sql::SoughtKind;
using sql::SoughtObject;

// A condition: the object exists. A name that is not valid SQL is an error of the query.
std::string Exists(const SoughtObject& sought) {
  const std::string name = sql::QuoteLiteral(sought.name);
  const auto in = [&](const char* catalog, const char* column) {
    return fmt::format("EXISTS (SELECT FROM pg_catalog.{} WHERE {} = {})", catalog, column, name);
  };
  const auto found_by = [&](const char* function) {
    return fmt::format("pg_catalog.{}({}) IS NOT NULL", function, name);
  };
  switch (sought.kind) {
    case SoughtKind::kRelation:
      if (sought.is_sql) return found_by("to_regclass");
      return in("pg_class", "relname");
    case SoughtKind::kRoutine:
      if (!sought.is_sql) return in("pg_proc", "proname");
      return found_by(sought.name.ends_with(')') ? "to_regprocedure" : "to_regproc");
    case SoughtKind::kType:
      return sought.is_sql ? found_by("to_regtype") : in("pg_type", "typname");
    case SoughtKind::kSchema:
      return sought.is_sql ? found_by("to_regnamespace") : in("pg_namespace", "nspname");
    case SoughtKind::kExtension:
      return in("pg_extension", "extname");
    case SoughtKind::kPublication:
      return in("pg_publication", "pubname");
  }
  return "true";
}

// Its name without a schema, raw.
std::string BareName(const SoughtObject& sought) {
  if (!sought.is_sql) return sought.name;
  const std::vector<sql::Token> tokens = sql::Tokenize(sought.name);
  return sql::TokenReader(sought.name, tokens).TakeName().name;
}

void AddNames(std::string_view code, std::set<std::string>* names) {
  const std::optional<sql::Effects> effects = sql::EffectsOf(code);
  if (!effects) return;
  for (const sql::Effect& effect : effects->objects) names->insert(effect.name);
}

// The names of everything that a statement of the migrations creates, renames or drops, also in a
// DO block.
std::set<std::string> NamesOfHistory(const std::vector<release::Migration>& migrations) {
  std::set<std::string> names;
  for (const release::Migration& migration : migrations) {
    if (!migration.script) continue;
    AddNames(*migration.script, &names);
    for (sql::StatementIterator walk(*migration.script); walk.Next();) {
      for (const auto& inner : sql::StatementsOfBlock(walk.statement().text)) {
        AddNames(inner.text, &names);
      }
    }
  }
  return names;
}

// `migrations`: names; `objects`: "function auth.uid()".
std::string Sentence(const std::vector<std::string>& migrations,
                     const std::vector<std::string>& objects) {
  const bool one = objects.size() == 1;
  return fmt::format(
      "{} {} for {}, which the migrations do not create: what they do in a database that has {} is "
      "not in the package. If yours has {}, create {} in the setup_script of ballast.toml, then "
      "create the package again",
      JoinSome(migrations), migrations.size() == 1 ? "looks" : "look", JoinSome(objects),
      one ? "it" : "them", one ? "it" : "them", one ? "it" : "them");
}

}  // namespace

Result<std::vector<std::string>> NoticesOfOutsideObjects(
    const std::vector<release::Migration>& migrations, postgres::Session& session) {
  std::map<SoughtObject, std::vector<std::string>> seekers;
  for (const release::Migration& migration : migrations) {
    if (!migration.script) continue;
    for (const SoughtObject& sought : sql::FindSoughtObjects(*migration.script)) {
      const bool is_prismas = BareName(sought) == postgres::kMigrationsTable;
      if (!is_prismas && !sought.name.starts_with("pg_")) {
        seekers[sought].push_back(migration.name);
      }
    }
  }
  std::map<std::vector<std::string>, std::vector<std::string>> missing;  // objects by seekers
  std::set<std::string> made;
  for (const auto& [sought, names] : seekers) {
    const postgres::Outcome outcome = session.Run("SELECT " + Exists(sought));
    if (outcome.error || outcome.results.back().rows[0][0] != "f") continue;
    if (made.empty()) made = NamesOfHistory(migrations);
    if (made.contains(BareName(sought))) continue;
    missing[names].push_back(fmt::format("{} {}", sql::NameOf(sought.kind), sought.name));
  }
  std::vector<std::string> notices;
  for (const auto& [names, objects] : missing) notices.push_back(Sentence(names, objects));
  return notices;
}

}  // namespace ballast::proof
