// SPDX-License-Identifier: Apache-2.0
#include "plan/plain_indexes.h"

#include <algorithm>

#include "base/text.h"
#include "sql/classify.h"
#include "sql/lexer.h"
#include "sql/plain_index.h"

namespace ballast::plan {
namespace {

bool Mentions(const release::Migration& migration, std::string_view name) {
  return migration.script && migration.script->find(name) != std::string::npos;
}

// Whether a string constant, which may be code, mentions partitions.
bool HidesPartitions(std::string_view script) {
  const std::vector<sql::Token> tokens = sql::Tokenize(script);
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    return token.kind == sql::TokenKind::kString &&
           ContainsIgnoringAsciiCase(script.substr(token.offset, token.length), "partition");
  });
}

}  // namespace

PlainIndexes::PlainIndexes(const std::vector<release::Migration>& scripts) : scripts_(scripts) {
  for (const release::Migration& migration : scripts) {
    if (!migration.script) continue;
    if (!ContainsIgnoringAsciiCase(*migration.script, "partition")) continue;
    unsure_ = unsure_ || HidesPartitions(*migration.script);
    for (const sql::Statement& statement : sql::ReadScript(*migration.script)) {
      if (statement.kind == sql::StatementKind::kCreateTable) {
        partitioned_.insert(std::string(sql::LastPart(statement.object)));
      }
    }
  }
  for (const release::Migration& migration : scripts) {
    if (!migration.script || partitioned_.empty()) continue;
    if (!ContainsIgnoringAsciiCase(*migration.script, "rename to")) continue;
    unsure_ = unsure_ || std::any_of(partitioned_.begin(), partitioned_.end(),
                                     [&](const std::string& n) { return Mentions(migration, n); });
  }
}

// Some script mentions both the index and a partitioned table.
bool PlainIndexes::IsOfPartitioned(const std::string& index) const {
  if (partitioned_.empty()) return false;
  return std::any_of(scripts_.begin(), scripts_.end(), [&](const release::Migration& migration) {
    if (!Mentions(migration, index)) return false;
    return std::any_of(partitioned_.begin(), partitioned_.end(),
                       [&](const std::string& name) { return Mentions(migration, name); });
  });
}

std::optional<RewrittenScript> PlainIndexes::FormOf(const release::Migration& migration) const {
  if (unsure_ || !migration.script) return std::nullopt;
  auto index = sql::ReadPlainIndex(*migration.script);
  if (!index) return std::nullopt;
  const std::string name(sql::LastPart(index->object));
  if (index->create ? partitioned_.contains(name) : IsOfPartitioned(name)) return std::nullopt;
  return RewrittenScript{std::move(index->plain),
                         "without CONCURRENTLY: the database is new, and nobody else uses it"};
}

}  // namespace ballast::plan
