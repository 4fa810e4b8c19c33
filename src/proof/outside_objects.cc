// SPDX-License-Identifier: Apache-2.0
#include "proof/outside_objects.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "plan/outside_objects.h"
#include "postgres/migrations_table.h"
#include "postgres/object_existence.h"
#include "proof/proof.h"
#include "sql/effects.h"
#include "sql/lexer.h"
#include "sql/sought_objects.h"
#include "sql/split.h"
#include "sql/statements_of_block.h"

namespace ballast::proof {
namespace {

using sql::SoughtKind;
using sql::SoughtObject;

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
      "not in the package, and its deploy is refused there. If yours has {}, create {} in the "
      "setup_script of ballast.toml, then create the package again",
      JoinSome(migrations), migrations.size() == 1 ? "looks" : "look", JoinSome(objects),
      one ? "it" : "them", one ? "it" : "them", one ? "it" : "them");
}

// The server's own objects are the same everywhere, and Prisma's table exists in each database that
// it deploys.
bool IsOfEveryDatabase(const SoughtObject& sought) {
  if (BareName(sought) == postgres::kMigrationsTable) return true;
  const bool has_schema =
      sought.kind != SoughtKind::kExtension && sought.kind != SoughtKind::kPublication;
  return has_schema && sought.name.starts_with("pg_");
}

using Seekers = std::map<SoughtObject, std::vector<std::string>>;

Seekers SeekersIn(const std::vector<release::Migration>& migrations) {
  Seekers seekers;
  for (const release::Migration& migration : migrations) {
    if (!migration.script) continue;
    for (const SoughtObject& sought : sql::FindSoughtObjects(*migration.script)) {
      if (!IsOfEveryDatabase(sought)) seekers[sought].push_back(migration.name);
    }
  }
  if (seekers.empty()) return seekers;
  const std::set<std::string> made = NamesOfHistory(migrations);
  std::erase_if(seekers, [&](const auto& seeker) { return made.contains(BareName(seeker.first)); });
  return seekers;
}

}  // namespace

Result<std::vector<release::OutsideObject>> FindOutsideObjects(
    const std::vector<release::Migration>& migrations, postgres::Session& session,
    scratch::ScratchServer& server, const std::string& setup_script) {
  std::vector<release::OutsideObject> found;
  const Seekers seekers = SeekersIn(migrations);
  if (seekers.empty()) return found;
  std::vector<SoughtObject> objects;
  for (const auto& [object, names] : seekers) objects.push_back(object);
  TRY_ASSIGN(const auto after, postgres::SoughtObjectsExist(session, objects));
  TRY_ASSIGN(const scratch::ScratchDatabase empty, server.CreateDatabase("platform"));
  TRY(PreparePlatform(empty, setup_script));
  TRY_ASSIGN(postgres::Session of_platform, empty.Connect());
  TRY_ASSIGN(const auto before, postgres::SoughtObjectsExist(of_platform, objects));
  for (size_t i = 0; i < objects.size(); ++i) {
    const bool is_made = before[i] != after[i];  // or dropped
    if (is_made || !before[i]) continue;
    const SoughtObject& object = objects[i];
    found.push_back({std::string(sql::NameOf(object.kind)), object.schema, object.name,
                     object.is_sql, *before[i], seekers.at(object)});
  }
  return found;
}

std::vector<std::string> NoticesOf(const std::vector<release::OutsideObject>& objects) {
  std::map<std::vector<std::string>, std::vector<std::string>> missing;  // objects by seekers
  for (const release::OutsideObject& object : objects) {
    if (!object.exists) missing[object.sought_by].push_back(plan::NameOf(object));
  }
  std::vector<std::string> notices;
  for (const auto& [names, sought] : missing) notices.push_back(Sentence(names, sought));
  return notices;
}

}  // namespace ballast::proof
