// SPDX-License-Identifier: Apache-2.0
#include "plan/plain_indexes.h"

#include <algorithm>

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

std::optional<RewrittenScript> PlainIndexes::FormOf(const release::Migration& migration) {
  if (!migration.script) return std::nullopt;
  auto index = sql::ReadConcurrentIndex(*migration.script);
  if (!index) return std::nullopt;
  if (!partitioned_) partitioned_.emplace(TextsOf(scripts_));
  const bool refused = index->build ? partitioned_->MayBePartitioned(index->table.name)
                                    : partitioned_->MayBeOnPartitioned(index->index.name);
  if (refused) return std::nullopt;
  return RewrittenScript{std::move(index->plain),
                         "without CONCURRENTLY: the database is new, and nobody else uses it"};
}

}  // namespace ballast::plan
