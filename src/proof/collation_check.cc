// SPDX-License-Identifier: Apache-2.0
#include "proof/collation_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "apply/replay.h"
#include "base/text.h"
#include "introspect/rows_reader.h"
#include "introspect/volatile_rows.h"
#include "proof/proof.h"
#include "sql/quote.h"
#include "sql/text_order.h"

namespace ballast::proof {
namespace {

// What compares texts for rows that a migration only names: partitions, checks, generated columns,
// triggers, unique expressions, and citext. Range bounds are compared even without rows.
constexpr char kComparesTexts[] = R"(
SELECT EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p
                WHERE partstrat = 'r' AND 100 = ANY (partcollation::oid[])),
  EXISTS (SELECT FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n
             ON n.oid = c.connamespace WHERE contype IN ('c', 'x') AND nspname !~ '^(pg_|information_schema$)')
  OR EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attgenerated <> '')
  OR EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE NOT tgisinternal)
  OR EXISTS (SELECT FROM pg_catalog.pg_index WHERE indisunique AND (indexprs IS NOT NULL OR indpred IS NOT NULL))
  OR EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citext'))";

bool AnyComputes(const std::vector<release::Migration>& migrations) {
  return std::any_of(migrations.begin(), migrations.end(), [](const release::Migration& migration) {
    return migration.script && sql::MayComputeFromTexts(*migration.script);
  });
}

// Whether another collation could give other rows or objects.
Result<bool> MayDepend(postgres::Session& replayed, bool has_rows,
                       const std::vector<release::Migration>& migrations) {
  if (AnyComputes(migrations)) return true;
  TRY_ASSIGN(const auto results, replayed.Query(kComparesTexts));
  const std::vector<postgres::Value>& row = results.back().rows.at(0);
  return postgres::IsTrue(row.at(0)) || (has_rows && postgres::IsTrue(row.at(1)));
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

// Tables and objects that differ after a replay in a database of another locale.
struct Dependents {
  std::set<std::string> tables;
  std::set<std::string> objects;
  std::string failure;  // of the replay
};

// Ignores columns that differ in every replay.
std::set<std::string> TablesOfOtherRows(const std::vector<release::TableRows>& first,
                                        const std::vector<release::TableRows>& other,
                                        const introspect::VolatileRows& known) {
  std::map<std::string, std::pair<std::string, std::string>> digests;
  for (const release::TableRows& rows : first) digests[rows.table].first = rows.digest;
  for (const release::TableRows& rows : other) digests[rows.table].second = rows.digest;
  std::set<std::string> tables;
  for (const auto& [table, sides] : digests) {
    if (sides.first != sides.second && !known.counts.contains(table)) tables.insert(table);
  }
  return tables;
}

Result<std::set<std::string>> OtherObjects(const Replays& replays,
                                           const scratch::ScratchDatabase& other) {
  TRY_ASSIGN(catalog::Snapshot here, ReadSnapshotOf(replays.first.target(), {}));
  replays.volatile_objects.Mark(here);
  TRY_ASSIGN(const catalog::Snapshot there, ReadSnapshotOf(other.target(), {}));
  std::set<std::string> objects;
  for (const catalog::Difference& difference :
       catalog::DiffOnAnyDate(here, there, /*with_layout=*/true)) {
    const bool is_volatile = difference.depends_on == catalog::kTheClockOrRandom;
    if (difference.change != catalog::ChangeKind::kExtra && !is_volatile) {
      objects.insert(difference.object);
    }
  }
  return objects;
}

// The words for such a database, and for what determines the content of the package.
struct LocaleWords {
  std::string_view database;
  std::string_view cause;
};

LocaleWords WordsOf(scratch::OtherLocale locale) {
  if (locale == scratch::OtherLocale::kOrder) return {"with a different collation", "collation"};
  return {"whose LC_CTYPE is C", "character types"};
}

std::vector<std::string> NoticesOf(const Dependents& found, scratch::OtherLocale locale) {
  const auto [database, cause] = WordsOf(locale);
  if (!found.failure.empty()) {
    return {fmt::format("the migrations fail in a database {}: {}", database, found.failure)};
  }
  std::vector<std::string> notices;
  for (const std::string& table : found.tables) {
    notices.push_back(
        fmt::format("rows of {} differ in a database {}: the package has those of the scratch "
                    "server's {}",
                    table, database, cause));
  }
  for (const std::string& object : found.objects) {
    notices.push_back(
        fmt::format("this object differs in a database {}, and the baseline keeps it as the "
                    "scratch server's {} {} it: {}",
                    database, cause,
                    locale == scratch::OtherLocale::kOrder ? "determines" : "determine", object));
  }
  return notices;
}

// Replays the history in a database of that locale. nullopt: the server has none.
Result<std::optional<Dependents>> DependentsOn(scratch::OtherLocale locale,
                                               scratch::ScratchServer& server,
                                               const DoubleReplayOptions& options,
                                               const Replays& replays,
                                               const std::vector<release::TableRows>& rows) {
  TRY_ASSIGN(const std::optional<scratch::ScratchDatabase> database,
             server.CreateDatabaseOf(locale, "locale"));
  if (!database) return std::optional<Dependents>{};
  TRY(DropRoles(server, replays.roles));
  Dependents found;
  if (const Status replayed = ReplayIn(*database, options); !replayed) {
    found.failure = replayed.error().message;
    return std::optional(std::move(found));
  }
  TRY_ASSIGN(postgres::Session session, Reader(*database));
  TRY_ASSIGN(const std::vector<release::TableRows> others,
             introspect::ReadRowDigests(session, replays.volatile_rows));
  found.tables = TablesOfOtherRows(rows, others, replays.volatile_rows);
  TRY_ASSIGN(found.objects, OtherObjects(replays, *database));
  return std::optional(std::move(found));
}

bool AnyHasOtherThanAscii(const std::vector<release::Migration>& migrations) {
  return std::ranges::any_of(migrations, [](const release::Migration& migration) {
    return migration.script && sql::MayHaveOtherThanAscii(*migration.script);
  });
}

}  // namespace

Result<std::vector<std::string>> FindCollationDependence(scratch::ScratchServer& server,
                                                         const DoubleReplayOptions& options,
                                                         const Replays& replays) {
  TRY_ASSIGN(postgres::Session first, Reader(replays.first));
  TRY_ASSIGN(const std::vector<release::TableRows> rows,
             introspect::ReadRowDigests(first, replays.volatile_rows));
  TRY_ASSIGN(const bool depends, MayDepend(first, !rows.empty(), options.migrations));
  std::vector<scratch::OtherLocale> locales;
  if (depends) locales.push_back(scratch::OtherLocale::kOrder);
  if (depends && AnyHasOtherThanAscii(options.migrations)) {
    locales.push_back(scratch::OtherLocale::kCharacters);
  }
  std::vector<std::string> notices;
  std::set<std::string> named;
  for (const scratch::OtherLocale locale : locales) {
    TRY_ASSIGN(std::optional<Dependents> found,
               DependentsOn(locale, server, options, replays, rows));
    if (!found) continue;
    const auto is_named = [&](const std::string& name) { return named.contains(name); };
    std::erase_if(found->tables, is_named);
    std::erase_if(found->objects, is_named);
    for (std::string& notice : NoticesOf(*found, locale)) notices.push_back(std::move(notice));
    named.insert(found->tables.begin(), found->tables.end());
    named.insert(found->objects.begin(), found->objects.end());
  }
  return notices;
}

}  // namespace ballast::proof
