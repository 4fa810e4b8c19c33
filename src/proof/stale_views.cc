// SPDX-License-Identifier: Apache-2.0
#include "proof/stale_views.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "introspect/rows_reader.h"

namespace ballast::proof {
namespace {

using Views = std::map<std::string, release::TableRows>;

Result<Views> StoredIn(const scratch::ScratchDatabase& database) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(session.Query("SET jit = off; SET search_path = public"));
  TRY_ASSIGN(const std::vector<release::TableRows> rows, introspect::ReadStoredViews(session));
  Views views;
  for (const release::TableRows& view : rows) views[view.table] = view;
  return views;
}

}  // namespace

Result<std::vector<std::string>> StaleViews(const scratch::ScratchDatabase& replayed,
                                            const scratch::ScratchDatabase& baseline) {
  std::vector<std::string> sentences;
  TRY_ASSIGN(Views left, StoredIn(replayed));
  TRY_ASSIGN(Views fresh, StoredIn(baseline));
  for (const auto& [name, rows] : fresh) left.try_emplace(name);
  for (const auto& [name, rows] : left) {
    const release::TableRows& now = fresh[name];
    if (rows.digest == now.digest) continue;
    sentences.push_back(fmt::format(
        "materialized view {}: its query returns {}, but after the migrations it contained {}: the "
        "migrations do not refresh it, or the query returns different rows each time",
        name, Counted(static_cast<size_t>(now.count), "row"),
        Counted(static_cast<size_t>(rows.count), "row")));
  }
  return sentences;
}

}  // namespace ballast::proof
