// SPDX-License-Identifier: Apache-2.0
#include "proof/collation_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "apply/replay.h"
#include "base/text.h"
#include "introspect/rows_reader.h"
#include "introspect/volatile_rows.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

constexpr std::array<std::string_view, 4> kWrites = {"insert", "update", "delete", "merge"};
constexpr std::array<std::string_view, 15> kComparisons = {
    "order by", "over",  "min(",     "max(", "lower(", "upper(", "initcap(",   "between",
    "greatest", "least", "distinct", "<",    ">",      "like",   "values from"};

template <size_t kSize>
bool HasAny(std::string_view script, const std::array<std::string_view, kSize>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return ContainsIgnoringAsciiCase(script, word);
  });
}

// A hint only: words in comments and strings also match.
bool MayCompareTexts(const std::vector<release::Migration>& migrations) {
  return std::any_of(migrations.begin(), migrations.end(), [](const release::Migration& migration) {
    if (!migration.script) return false;
    return HasAny(*migration.script, kWrites) && HasAny(*migration.script, kComparisons);
  });
}

Result<postgres::Session> Reader(const scratch::ScratchDatabase& database) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(session.Query("SET jit = off; SET search_path = public"));
  return session;
}

// The second replay created them, and the third creates them again.
Status DropRoles(scratch::ScratchServer& server, const std::vector<std::string>& roles) {
  if (roles.empty()) return {};
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(server.target()));
  for (const std::string& role : roles) {
    TRY(session.Query("DROP ROLE IF EXISTS " + sql::QuoteIdentifier(role)));
  }
  return {};
}

Status ReplayIn(const scratch::ScratchDatabase& database, const DoubleReplayOptions& options) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions replay;
  replay.mode = options.mode;
  replay.setup = options.setup_script;
  replay.folder = options.folder;
  SilentProgress silent;
  TRY_ASSIGN(const apply::ReplayReport report,
             apply::Replay(session, options.migrations, replay, silent));
  return {};
}

// The tables whose rows differ, ignoring columns that differ in every replay.
std::vector<std::string> Notices(const std::vector<release::TableRows>& first,
                                 const std::vector<release::TableRows>& other,
                                 const introspect::VolatileRows& known) {
  std::map<std::string, std::pair<std::string, std::string>> digests;
  for (const release::TableRows& rows : first) digests[rows.table].first = rows.digest;
  for (const release::TableRows& rows : other) digests[rows.table].second = rows.digest;
  std::vector<std::string> notices;
  for (const auto& [table, sides] : digests) {
    if (sides.first == sides.second || known.counts.contains(table)) continue;
    notices.push_back(fmt::format(
        "rows of {} differ in a database with a different collation: the package has those of the "
        "scratch server's collation",
        table));
  }
  return notices;
}

}  // namespace

Result<std::vector<std::string>> FindCollationDependence(scratch::ScratchServer& server,
                                                         const DoubleReplayOptions& options,
                                                         const Replays& replays) {
  if (!MayCompareTexts(options.migrations)) return std::vector<std::string>{};
  TRY_ASSIGN(postgres::Session first, Reader(replays.first));
  const introspect::VolatileRows& known = replays.volatile_rows;
  TRY_ASSIGN(const std::vector<release::TableRows> rows, introspect::ReadRowDigests(first, known));
  if (rows.empty()) return std::vector<std::string>{};
  TRY_ASSIGN(const std::optional<scratch::ScratchDatabase> third,
             server.CreateDatabaseOfOtherCollation("collation"));
  if (!third) return std::vector<std::string>{};
  TRY(DropRoles(server, replays.roles));
  if (const Status replayed = ReplayIn(*third, options); !replayed) {
    return std::vector<std::string>{
        "the migrations fail in a database with a different collation: " +
        replayed.error().message};
  }
  TRY_ASSIGN(postgres::Session other, Reader(*third));
  TRY_ASSIGN(const std::vector<release::TableRows> others,
             introspect::ReadRowDigests(other, known));
  return Notices(rows, others, known);
}

}  // namespace ballast::proof
