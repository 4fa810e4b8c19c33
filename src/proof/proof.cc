// SPDX-License-Identifier: Apache-2.0
#include "proof/proof.h"
#include "postgres/rolled_back_transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/message.h"
#include "apply/replay.h"
#include "base/background_task.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "catalog/property_name.h"
#include "catalog/requirements.h"
#include "introspect/catalog_reader.h"
#include "introspect/extension_table_dependents.h"
#include "introspect/published_tables.h"
#include "introspect/rows_reader.h"
#include "introspect/snapshot_query.h"
#include "introspect/snapshot_reader.h"
#include "introspect/system_objects.h"
#include "introspect/unsupported_objects.h"
#include "proof/collation_check.h"
#include "proof/outside_objects.h"
#include "proof/role_dependence.h"
#include "proof/stale_views.h"
#include "proof/unfaithful_definitions.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

Status SetSearchPath(postgres::Session& session, const std::string& schema) {
  TRY(session.Query("SET jit = off; SET search_path = " + sql::QuoteIdentifier(schema)));
  return {};
}

Error UnsupportedObjects(const std::vector<std::string>& objects) {
  Error error =
      MakeError(ErrorCode::kUnsupportedObject,
                fmt::format("the migrations create {} of types that a baseline does not support",
                            Counted(objects.size(), "object")),
                fmt::format("remove {0} from the migrations, or create {0} in the setup script of "
                            "ballast.toml",
                            objects.size() == 1 ? "it" : "them"));
  for (const std::string& object : objects) error.details.emplace_back("object", object);
  return error;
}

Status RefuseUnsupported(postgres::Session& session, const introspect::BaselineDraft& draft) {
  std::vector<std::string> objects;
  for (const catalog::UnsupportedObject& item : draft.unsupported) {
    objects.push_back(item.kind + " " + item.name);
  }
  TRY(SetSearchPath(session, "public"));
  TRY_ASSIGN(const std::vector<std::string> unknown, introspect::FindUnsupportedObjects(session));
  objects.insert(objects.end(), unknown.begin(), unknown.end());
  if (!objects.empty()) return UnsupportedObjects(objects);
  return {};
}

std::vector<std::string> DescribeRows(const std::vector<release::TableRows>& expected,
                                      const std::vector<release::TableRows>& actual) {
  std::map<std::string, std::pair<const release::TableRows*, const release::TableRows*>> tables;
  for (const release::TableRows& rows : expected) tables[rows.table].first = &rows;
  for (const release::TableRows& rows : actual) tables[rows.table].second = &rows;
  std::vector<std::string> differences;
  for (const auto& [table, sides] : tables) {
    const auto& [a, b] = sides;
    if (a != nullptr && b != nullptr && a->digest == b->digest) continue;
    differences.push_back(fmt::format(
        "rows of {}: {} expected, {} found{}", table, a == nullptr ? 0 : a->count,
        b == nullptr ? 0 : b->count,
        a != nullptr && b != nullptr && a->count == b->count ? ", with other values" : ""));
  }
  return differences;
}

// The hashes computed by the server, in the database of the baseline.
Status AddServerFingerprint(const scratch::ScratchDatabase& database,
                            release::FingerprintRecord& record) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(SetSearchPath(session, "public"));
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query(introspect::IsolatedMessage(
                 introspect::FingerprintQuery(session.server_major(), record.scope))));
  const std::vector<postgres::Value>& row = results.at(results.size() - 2).rows.at(0);
  record.server_objects = row.at(0).value_or("");
  record.server_objects_layout = row.at(1).value_or("");
  record.server_major = session.server_major();
  TRY_ASSIGN(const std::vector<postgres::Rows> kinds,
             session.Query(introspect::IsolatedMessage(
                 introspect::OptionalKindsQuery(session.server_major(), record.scope))));
  for (const auto& kind : kinds.at(kinds.size() - 2).rows) {
    record.families.push_back(kind.at(0).value_or(""));
  }
  return {};
}

release::FingerprintRecord RecordOf(const State& state) {
  release::FingerprintRecord record;
  record.catalog = catalog::Fingerprint(state.snapshot);
  record.layout = catalog::LayoutFingerprint(state.snapshot);
  record.any_server = !state.any_sensitive;
  record.scope = catalog::ScopeOf(state.snapshot);
  record.needs = catalog::RequirementsOf(state.snapshot);
  const std::set<std::string> dated = catalog::DatedPartitionsOf(state.snapshot).of;
  record.dated_partitions_of.assign(dated.begin(), dated.end());
  return record;
}

Error ProofError(const std::vector<std::string>& differences, bool given) {
  const char* who = given ? "what Prisma prints of schema.prisma" : "the baseline";
  Error error = MakeError(
      ErrorCode::kProofFailed,
      fmt::format("{} does not reproduce the migrated database: {}; no package was created", who,
                  Counted(differences.size(), "difference")),
      given ? "omit --from schema: the baseline is then written from the replayed history"
            : "this is a bug in ballast: please report the objects named above with their "
              "definitions");
  for (const std::string& difference : differences) {
    error.details.emplace_back("object", difference);
  }
  return error;
}

Error ScriptDoesNotApply(const postgres::ServerError& error, const std::string& script,
                         const std::string& name) {
  const int line = error.position > 0 ? LineAt(script, ByteOffset(script, error.position)) : 0;
  Error made = MakeError(ErrorCode::kProofFailed,
                         fmt::format("{} does not apply to an empty database: {} (SQLSTATE {})",
                                     name, error.message, error.sqlstate),
                         error.hint, {name, line});
  made.details.emplace_back("sqlstate", error.sqlstate);
  if (!error.detail.empty()) made.details.emplace_back("detail", error.detail);
  return made;
}

Status ApplyScript(const scratch::ScratchDatabase& database, const std::string& script,
                   const std::string& name) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  const postgres::Outcome outcome = session.Run(script);
  if (outcome.error && outcome.error->connection_lost) return ErrorOf(*outcome.error, name);
  if (outcome.error) return ScriptDoesNotApply(*outcome.error, script, name);
  return {};
}

Result<introspect::BaselineDraft> WriteBaseline(const scratch::ScratchDatabase& database,
                                                const ProofOptions& options,
                                                const ProvenBaseline& proven,
                                                const catalog::Snapshot& conditions) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  introspect::BaselineOptions baseline;
  baseline.roles = proven.roles;
  baseline.volatile_rows = proven.volatile_rows;
  baseline.conditions = conditions;
  if (options.rows_limit > 0) baseline.rows_limit = options.rows_limit;
  TRY_ASSIGN(introspect::BaselineDraft draft, introspect::ReadBaseline(session, baseline));
  TRY(RefuseUnsupported(session, draft));
  return draft;
}

}  // namespace

Result<catalog::Snapshot> ReadSnapshotOf(const postgres::Target& target,
                                         const catalog::Scope& scope) {
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
  TRY(SetSearchPath(session, target.SchemaOrPublic()));
  TRY_ASSIGN(auto live, introspect::ReadSnapshot(session, scope));
  return std::move(live.snapshot);
}

Result<catalog::Snapshot> ReadPublishedTables(const postgres::Target& target) {
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
  TRY(SetSearchPath(session, target.SchemaOrPublic()));
  TRY_ASSIGN(const catalog::Snapshot asked, introspect::FindPublishedTables(session));
  if (asked.empty()) return asked;
  TRY_ASSIGN(catalog::Snapshot found, ReadSnapshotOf(target, catalog::EverythingAnd(asked)));
  std::erase_if(found, [](const catalog::ObjectProperty& one) {
    return !one.property.starts_with(catalog::kPublishedBy);
  });
  return found;
}

Result<State> ReadState(const postgres::Target& target, const catalog::Scope& scope,
                        const introspect::VolatileRows& volatile_rows) {
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
  State state;
  state.server = session.server_version_text();
  // Rolled back, so that behind a pooler no setting stays in a session of others.
  TRY(postgres::InRolledBackTransaction(session, "BEGIN READ ONLY", [&]() -> Status {
    TRY(SetSearchPath(session, target.SchemaOrPublic()));
    TRY_ASSIGN(auto live, introspect::ReadSnapshot(session, scope));
    TRY_ASSIGN(state.rows, introspect::ReadRowDigests(session, volatile_rows));
    state.snapshot = std::move(live.snapshot);
    state.any_sensitive = live.any_sensitive;
    return {};
  }));
  return state;
}

Result<State> StateOfScript(scratch::ScratchServer& server, const std::string& script,
                            const std::string& name, const introspect::VolatileRows& volatile_rows,
                            const catalog::Scope& scope, const std::string& setup_script) {
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("baseline"));
  TRY(PreparePlatform(database, setup_script));
  return ApplyAndRead(database, script, name, volatile_rows, scope);
}

Status PreparePlatform(const scratch::ScratchDatabase& database, const std::string& setup_script) {
  if (setup_script.empty()) return {};
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions options;
  options.setup = setup_script;
  SilentProgress silent;
  TRY(apply::Replay(session, {}, options, silent));
  return {};
}

Result<State> ApplyAndRead(const scratch::ScratchDatabase& database, const std::string& script,
                           const std::string& name, const introspect::VolatileRows& volatile_rows,
                           const catalog::Scope& scope) {
  TRY(ApplyScript(database, script, name));
  return ReadState(database.target(), scope, volatile_rows);
}

Result<release::FingerprintRecord> FingerprintRecordOf(const scratch::ScratchDatabase& database,
                                                       const State& state) {
  release::FingerprintRecord record = RecordOf(state);
  TRY(AddServerFingerprint(database, record));
  return record;
}

std::vector<std::string> DescribeDifferences(const State& expected, const State& actual) {
  std::vector<std::string> words = catalog::DescribeAll(
      catalog::DiffOnAnyDate(expected.snapshot, actual.snapshot, /*with_layout=*/true));
  const std::vector<std::string> rows = DescribeRows(expected.rows, actual.rows);
  words.insert(words.end(), rows.begin(), rows.end());
  return words;
}

namespace {

// They are neither dropped nor part of a baseline.
Error UnclearRoles(const std::vector<apply::UnclearRole>& roles) {
  const apply::UnclearRole& one = roles.front();
  Error error = MakeError(
      ErrorCode::kUnclearRole,
      fmt::format(
          "role {} appeared on the scratch server while migration \"{}\" ran, and it cannot "
          "be determined whether the migration created it",
          sql::QuoteIdentifier(one.name), one.migration),
      "omit --scratch-url: nobody else uses the server that ballast starts; or drop the role if "
      "only the migration needs it, and run the command again while nobody else creates roles "
      "there");
  for (const apply::UnclearRole& role : roles) {
    error.details.emplace_back("object", "role " + sql::QuoteIdentifier(role.name));
  }
  return error;
}

// Drops roles that the migrations created on a server given by the user, after their databases.
void DropRoles(scratch::ScratchServer& server, ProvenBaseline& proven) {
  if (server.is_embedded() || proven.roles.empty()) return;
  auto session = postgres::Session::Connect(server.target());
  if (!session) return;
  for (const std::string& role : proven.roles) {
    const postgres::Outcome dropped = session->Run("DROP ROLE " + sql::QuoteIdentifier(role));
    if (dropped.error) {
      proven.notices.push_back(
          fmt::format("role {} stays on the scratch server: {}", role, dropped.error->message));
    }
  }
}

// Changes that the migrations made to objects of the server and of extensions; the baseline only
// creates the extensions.
Status RefuseChangedSystemObjects(const scratch::ScratchDatabase& replayed,
                                  const scratch::ScratchDatabase& baseline) {
  std::vector<std::vector<std::string>> found;
  std::vector<std::vector<introspect::SystemObject>> system;
  for (const auto* database : {&replayed, &baseline}) {
    TRY_ASSIGN(postgres::Session session, database->Connect());
    TRY(SetSearchPath(session, "public"));
    TRY_ASSIGN(found.emplace_back(), introspect::ReadExtensionTableDependents(session));
    TRY_ASSIGN(system.emplace_back(), introspect::ReadSystemObjects(session));
  }
  std::vector<std::string> objects = introspect::DescribeSystemChanges(system[0], system[1]);
  std::set_difference(found[0].begin(), found[0].end(), found[1].begin(), found[1].end(),
                      std::back_inserter(objects));
  if (!objects.empty()) return UnsupportedObjects(objects);
  return {};
}

// Statements that only create the extensions of a database; schemas created by an extension are
// left to it.
constexpr const char* kCreateExtensions = R"(
SELECT string_agg(CASE WHEN EXISTS (SELECT FROM pg_depend d WHERE d.objid = n.oid
    AND d.classid = 'pg_namespace'::regclass AND d.deptype = 'e')
  THEN format('CREATE EXTENSION IF NOT EXISTS %I VERSION %L CASCADE;', extname, extversion)
  ELSE format('CREATE SCHEMA IF NOT EXISTS %1$I; CREATE EXTENSION IF NOT EXISTS %2$I SCHEMA %1$I '
    'VERSION %3$L CASCADE;', nspname, extname, extversion) END, ' ')
FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql')";

// If migrations remove an object from an extension, the baseline creates it again and fails. Such
// objects are found by comparison with a database in which the extensions were only created.
Status RefuseIncompleteExtensions(const scratch::ScratchDatabase& replayed,
                                  const std::string& setup_script, scratch::ScratchServer& server) {
  TRY_ASSIGN(postgres::Session session, replayed.Connect());
  TRY_ASSIGN(const auto statements, session.QueryValue(kCreateExtensions));
  if (!statements) return {};
  TRY_ASSIGN(const scratch::ScratchDatabase extensions, server.CreateDatabase("extensions"));
  TRY(PreparePlatform(extensions, setup_script));
  TRY_ASSIGN(postgres::Session creator, extensions.Connect());
  if (creator.Run(*statements).error) return {};
  return RefuseChangedSystemObjects(replayed, extensions);
}

// They are not a fault of the baseline: no script can contain them.
Status RefuseUnfaithfulDefinitions(const scratch::ScratchDatabase& replayed) {
  TRY_ASSIGN(const std::vector<std::string> objects, UnfaithfulDefinitions(replayed));
  if (objects.empty()) return {};
  Error error = MakeError(
      ErrorCode::kUnsupportedObject,
      fmt::format("PostgreSQL prints {} that recreate{} a different object, so neither a baseline "
                  "nor a dump reproduces the database",
                  Counted(objects.size(), "definition"), objects.size() == 1 ? "s" : ""),
      "in a new migration, create these views again (DROP VIEW, CREATE VIEW), so that they are "
      "written for the current tables and functions, and these functions with a name for each "
      "parameter");
  for (const std::string& object : objects) error.details.emplace_back("object", object);
  return error;
}

// Roles do not belong to the database, so the comparison does not find them; a script of Prisma's
// creates none.
void AddMissingRoles(ProvenBaseline& proven) {
  for (const std::string& role : proven.roles) {
    proven.differences.push_back("role " + sql::QuoteIdentifier(role) + " is missing");
  }
}

// The conditions become a part of the proven state, if the database of the script fulfills them:
// not those of what the server does not list with its objects, such as default privileges. The
// script of another date lacks the partitions `dated`.
Status AddConditions(const scratch::ScratchDatabase& second, const std::set<std::string>& dated,
                     ProvenBaseline& proven) {
  if (proven.conditions.empty()) return {};
  const catalog::Snapshot asked = catalog::SortedSnapshot(proven.conditions);
  TRY_ASSIGN(const catalog::Snapshot found,
             ReadSnapshotOf(second.target(), catalog::EverythingAnd(asked)));
  catalog::Snapshot& state = proven.state.snapshot;
  for (const catalog::ObjectProperty& one : asked) {
    if (std::ranges::find(found, one) != found.end()) {
      state.push_back(one);
      continue;
    }
    if (dated.contains(one.object)) continue;
    proven.notices.push_back(
        fmt::format("the baseline does not have, and no deploy compares: {} {}: "
                    "{} {}",
                    one.kind, one.object, one.property, one.value));
  }
  state = catalog::SortedSnapshot(std::move(state));
  return {};
}

// Reads the replayed database while the script is applied to another one. `given`: the script was
// not written here. `of_other_date`: it was written on another date.
Status Compare(const scratch::ScratchDatabase& replayed, const scratch::ScratchDatabase& second,
               scratch::ScratchServer& server, const ProofOptions& options, bool of_other_date,
               ProvenBaseline& proven) {
  const bool given = options.given_script.has_value();
  const std::string name = given ? "Prisma's script" : "the baseline";
  BackgroundTask<State> background(
      [&] { return ApplyAndRead(second, proven.script, name, proven.volatile_rows); });
  Result<State> expected = ReadState(replayed.target(), {}, proven.volatile_rows);
  Result<State> state = background.Join();
  if (!state && !given) {
    TRY(RefuseIncompleteExtensions(replayed, options.replay.setup_script, server));
    TRY(RefuseUnfaithfulDefinitions(replayed));
  }
  if (!state) return std::move(state).error();
  TRY(RefuseChangedSystemObjects(replayed, second));
  TRY_ASSIGN(proven.state, std::move(expected));
  if (of_other_date) proven.volatile_objects.Mark(proven.state.snapshot);
  proven.differences = DescribeDifferences(proven.state, *state);
  if (!proven.differences.empty() && !given) {
    proven.revoked = RevokedIn(proven.state.snapshot, state->snapshot);
  }
  if (given) AddMissingRoles(proven);
  if (!proven.differences.empty() && !given) TRY(RefuseUnfaithfulDefinitions(replayed));
  if (!proven.differences.empty()) return ProofError(proven.differences, given);
  TRY_ASSIGN(const std::vector<std::string> stale, StaleViews(replayed, second));
  proven.notices.insert(proven.notices.end(), stale.begin(), stale.end());
  const std::set<std::string> dated =
      catalog::TablesOfDate(proven.volatile_objects.partitions, proven.state.snapshot);
  // With the partitions of the date of the script.
  proven.state.snapshot = std::move(state->snapshot);
  proven.volatile_objects.Mark(proven.state.snapshot);
  TRY(AddConditions(second, dated, proven));
  proven.fingerprint = RecordOf(proven.state);
  return AddServerFingerprint(second, proven.fingerprint);
}

std::set<std::string> LinesOf(const std::string& script) {
  const std::vector<std::string> lines = Split(script, '\n');
  return {lines.begin(), lines.end()};
}

bool HasLines(const std::string& script, const std::set<std::string>& lines) {
  const std::set<std::string> all = LinesOf(script);
  return std::ranges::includes(all, lines);
}

// Compares with the existing baseline's script if that has values which no replay reproduces; if
// there is none or it is not equal, with the script that was written.
Status CompareWithExisting(const scratch::ScratchDatabase& replayed, scratch::ScratchServer& server,
                           const ProofOptions& options, bool any_frozen, ProvenBaseline& proven) {
  const bool given = options.given_script.has_value();
  const bool differs = any_frozen || !proven.volatile_objects.partitions.empty();
  if (differs && !given && options.existing_script &&
      HasLines(*options.existing_script, proven.own_lines)) {
    ProvenBaseline attempt = proven;
    attempt.script = *options.existing_script;
    TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("existing"));
    TRY(PreparePlatform(database, options.replay.setup_script));
    if (Compare(replayed, database, server, options, /*of_other_date=*/true, attempt)) {
      proven = std::move(attempt);
      return {};
    }
  }
  TRY_ASSIGN(const scratch::ScratchDatabase second, server.CreateDatabase("baseline"));
  TRY(PreparePlatform(second, options.replay.setup_script));
  return Compare(replayed, second, server, options, /*of_other_date=*/false, proven);
}

// Privileges of one role on one object are one property.
void AddCondition(const catalog::ObjectProperty& more, catalog::Snapshot& conditions) {
  for (catalog::ObjectProperty& one : conditions) {
    if (one.kind != more.kind || one.object != more.object || one.property != more.property) {
      continue;
    }
    std::set<std::string> privileges;
    for (const std::string& value : {one.value, more.value}) {
      for (const std::string& item : Split(value, ',')) privileges.emplace(Trim(item));
    }
    one.value = Join({privileges.begin(), privileges.end()}, ", ");
    return;
  }
  conditions.push_back(more);
}

// Writes the baseline so that it also fulfills these, in addition to the conditions so far. A given
// script is not written here, so it must do without.
Status FulfillConditions(const scratch::ScratchDatabase& replayed, const ProofOptions& options,
                         const catalog::Snapshot& more, const introspect::BaselineDraft& plain,
                         ProvenBaseline& proven) {
  proven.script = options.given_script.value_or(plain.script);
  if (more.empty()) return {};
  if (options.given_script) {
    std::vector<std::string> missing;
    for (const catalog::ObjectProperty& one : more) {
      missing.push_back(
          fmt::format("{} {}: {} {} is missing", one.kind, one.object, one.property, one.value));
    }
    return ProofError(missing, true);
  }
  for (const catalog::ObjectProperty& one : more) AddCondition(one, proven.conditions);
  TRY_ASSIGN(introspect::BaselineDraft draft,
             WriteBaseline(replayed, options, proven, proven.conditions));
  proven.script = std::move(draft.script);
  const std::set<std::string> before = LinesOf(plain.script);
  std::set<std::string> now = LinesOf(proven.script);
  std::erase_if(now, [&](const std::string& line) { return before.contains(line); });
  proven.own_lines = std::move(now);
  return {};
}

Status AddOutsideObjects(const scratch::ScratchDatabase& replayed, scratch::ScratchServer& server,
                         const ProofOptions& options, ProvenBaseline& proven) {
  TRY_ASSIGN(postgres::Session session, replayed.Connect());
  TRY_ASSIGN(proven.outside_objects, FindOutsideObjects(options.replay.migrations, session, server,
                                                        options.replay.setup_script));
  const std::vector<std::string> notices = NoticesOf(proven.outside_objects);
  proven.notices.insert(proven.notices.end(), notices.begin(), notices.end());
  return {};
}

Status ProveOn(ProofServers& servers, const ProofOptions& options, ProvenBaseline& proven,
               Progress& progress) {
  Stopwatch watch;
  TRY_ASSIGN(Replays replays, ReplayOnBothServers(servers, options.replay, progress));
  proven.notices = std::move(replays.notices);
  proven.split = std::move(replays.split);
  proven.platform = std::move(replays.platform);
  proven.roles = replays.roles;
  if (!replays.unclear_roles.empty()) return UnclearRoles(replays.unclear_roles);
  if (servers.second.is_embedded()) {
    TRY_ASSIGN(const std::vector<std::string> notices,
               FindCollationDependence(servers.second, options.replay, replays));
    proven.notices.insert(proven.notices.end(), notices.begin(), notices.end());
  }
  proven.volatile_rows = std::move(replays.volatile_rows);
  proven.volatile_objects = std::move(replays.volatile_objects);
  proven.stages["replay_ms"] = watch.Lap();

  progress.Stage("reading the catalog and writing the baseline", 0);
  TRY_ASSIGN(introspect::BaselineDraft draft, WriteBaseline(replays.first, options, proven, {}));
  proven.notices.insert(proven.notices.end(), draft.notices.begin(), draft.notices.end());
  proven.stages["read_ms"] = watch.Lap();

  TRY(AddOutsideObjects(replays.first, servers.first, options, proven));

  RoleDependence roles(servers.options, options.replay, replays);
  TRY(roles.Find(draft.script));
  TRY(FulfillConditions(replays.first, options, roles.conditions(), draft, proven));

  progress.Stage("proving the baseline in a second database", 0);
  const bool any_frozen = !draft.frozen_values.empty();
  proven.conditions.insert(proven.conditions.end(), roles.absent_roles().begin(),
                           roles.absent_roles().end());
  TRY_ASSIGN(const catalog::Snapshot published, ReadPublishedTables(replays.first.target()));
  proven.conditions.insert(proven.conditions.end(), published.begin(), published.end());
  Status compared = CompareWithExisting(replays.first, servers.second, options, any_frozen, proven);
  if (!compared && !proven.revoked.empty()) {
    const catalog::Snapshot revoked = std::exchange(proven.revoked, {});
    TRY(FulfillConditions(replays.first, options, revoked, draft, proven));
    compared = CompareWithExisting(replays.first, servers.second, options, any_frozen, proven);
  }
  TRY(std::move(compared));
  TRY_ASSIGN(const std::vector<std::string> about_roles, roles.Notices(proven.script));
  proven.notices.insert(proven.notices.end(), about_roles.begin(), about_roles.end());
  proven.notices.insert(proven.notices.end(), draft.frozen_values.begin(),
                        draft.frozen_values.end());
  proven.stages["prove_ms"] = watch.Lap();
  return {};
}

}  // namespace

Result<ProvenBaseline> Prove(ProofServers& servers, const ProofOptions& options,
                             Progress& progress) {
  ProvenBaseline proven;
  proven.server = servers.first.version_text();
  Status done = ProveOn(servers, options, proven, progress);
  DropRoles(servers.first, proven);
  if (!done) return std::move(done).error();
  return proven;
}

}  // namespace ballast::proof
