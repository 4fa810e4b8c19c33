// SPDX-License-Identifier: Apache-2.0
#include "plan/plain_indexes.h"

#include <algorithm>

#include "base/text.h"
#include "sql/concurrent_index.h"

namespace ballast::plan {
namespace {

std::vector<std::string_view> TextsOf(const std::vector<release::Migration>& scripts) {
  std::vector<std::string_view> texts;
  for (const release::Migration& migration : scripts) {
    if (migration.script) texts.push_back(*migration.script);
  }
  return texts;
}

}  // namespace

bool PlainIndexes::IsOwn(const std::string& schema) const {
  if (schema.empty() || schema == "public") return true;
  return std::ranges::any_of(scripts_, [&](const release::Migration& migration) {
    return migration.script && ContainsIgnoringAsciiCase(*migration.script, "create schema") &&
           ContainsIgnoringAsciiCase(*migration.script, schema);
  });
}

std::optional<RewrittenScript> PlainIndexes::FormOf(const release::Migration& migration) {
  if (!migration.script) return std::nullopt;
  auto index = sql::ReadConcurrentIndex(*migration.script);
  if (!index) return std::nullopt;
  const std::string& schema = index->build ? index->table.schema : index->index.schema;
  if (!IsOwn(schema)) return std::nullopt;
  if (!partitioned_) partitioned_.emplace(TextsOf(scripts_));
  const bool refused = index->build ? partitioned_->MayBePartitioned(index->table.name)
                                    : partitioned_->MayBeOnPartitioned(index->index.name);
  if (refused) return std::nullopt;
  return RewrittenScript{std::move(index->plain),
                         "without CONCURRENTLY: the database is new, and nobody else uses it"};
}

}  // namespace ballast::plan
