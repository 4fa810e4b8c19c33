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
  return row.at(0) == "t" || (has_rows && row.at(1) == "t");
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

// Objects that a migration has made from the order of texts.
Status AddObjects(const Replays& replays, const scratch::ScratchDatabase& other,
                  std::vector<std::string>& notices) {
  TRY_ASSIGN(const catalog::Snapshot here, ReadSnapshotOf(replays.first.target(), {}));
  TRY_ASSIGN(const catalog::Snapshot there, ReadSnapshotOf(other.target(), {}));
  const std::vector<std::string>& known = replays.volatile_objects;
  std::set<std::string> objects;
  for (const catalog::Difference& difference : catalog::Diff(here, there, /*with_layout=*/true)) {
    const bool is_known = std::find(known.begin(), known.end(), difference.object) != known.end();
    if (difference.change != catalog::ChangeKind::kExtra && !is_known) {
      objects.insert(difference.object);
    }
  }
  for (const std::string& object : objects) {
    notices.push_back(
        "this object differs in a database with a different collation, and the baseline keeps it "
        "as the scratch server's collation determines it: " +
        object);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> FindCollationDependence(scratch::ScratchServer& server,
                                                         const DoubleReplayOptions& options,
                                                         const Replays& replays) {
  TRY_ASSIGN(postgres::Session first, Reader(replays.first));
  const introspect::VolatileRows& known = replays.volatile_rows;
  TRY_ASSIGN(const std::vector<release::TableRows> rows, introspect::ReadRowDigests(first, known));
  TRY_ASSIGN(const bool depends, MayDepend(first, !rows.empty(), options.migrations));
  if (!depends) return std::vector<std::string>{};
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
  std::vector<std::string> notices = Notices(rows, others, known);
  TRY(AddObjects(replays, *third, notices));
  return notices;
}

}  // namespace ballast::proof
