#include "commands/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "apply/message.h"
#include "apply/replay.h"
#include "base/text.h"
#include "commands/stopwatch.h"
#include "postgres/beside_extensions.h"
#include "postgres/catalog_reader.h"
#include "postgres/facts_query.h"
#include "postgres/facts_reader.h"
#include "postgres/rows_reader.h"
#include "postgres/uncarried.h"
#include "sql/quote.h"

namespace ballast::commands {
namespace {

Status LookFrom(postgres::Session& session, const std::string& schema) {
  TRY(session.Query("SET jit = off; SET search_path = " + sql::QuoteIdentifier(schema)));
  return {};
}

std::string TargetSchemaOf(const postgres::Target& target) {
  return target.schema.empty() ? "public" : target.schema;
}

Error NotCarried(const std::vector<std::string>& objects) {
  Error error = MakeError(
      ErrorCode::kNotCarried,
      fmt::format("the history leaves {} objects of kinds that a baseline cannot carry",
                  objects.size()),
      "take them out of the migrations, or make them in the setup script of ballast.toml");
  for (const std::string& object : objects) error.details.emplace_back("object", object);
  return error;
}

Status RefuseUncarried(postgres::Session& session, const postgres::BaselineDraft& draft) {
  std::vector<std::string> objects;
  for (const catalog::Uncarried& item : draft.uncarried) {
    objects.push_back(item.kind + " " + item.name);
  }
  TRY(LookFrom(session, "public"));
  TRY_ASSIGN(const std::vector<std::string> unknown, postgres::FindUncarried(session));
  objects.insert(objects.end(), unknown.begin(), unknown.end());
  if (!objects.empty()) return NotCarried(objects);
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
        "rows of {}: {} expected, {} there{}", table, a == nullptr ? 0 : a->count,
        b == nullptr ? 0 : b->count,
        a != nullptr && b != nullptr && a->count == b->count ? ", with other values" : ""));
  }
  return differences;
}

// The hashes as the server makes them, read where the baseline was applied.
Status AddServerFingerprint(const postgres::ScratchDatabase& database,
                            release::FingerprintRecord& record) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(LookFrom(session, "public"));
  const catalog::Scope scope{record.schemas, record.globals, record.rights, false};
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query(postgres::FingerprintQuery(session.server_major(), scope)));
  const std::vector<postgres::Value>& row = results.back().rows.at(0);
  record.server_catalog = row.at(0).value_or("");
  record.server_layout = row.at(1).value_or("");
  record.server_major = session.server_major();
  record.any_server = row.at(2) == "0";
  return {};
}

release::FingerprintRecord RecordOf(const catalog::Facts& facts) {
  release::FingerprintRecord record;
  record.catalog = catalog::Fingerprint(facts);
  record.layout = catalog::LayoutFingerprint(facts);
  const catalog::Scope scope = catalog::ScopeOf(facts);
  record.schemas = scope.schemas;
  record.globals = scope.globals;
  record.rights = scope.rights;
  return record;
}

Error ProofError(const std::vector<std::string>& differences, bool given) {
  const char* who = given ? "what Prisma prints of schema.prisma" : "the baseline";
  Error error = MakeError(
      ErrorCode::kProofFailed,
      fmt::format("{} does not give the database of the history: {} differences; no package was "
                  "made",
                  who, differences.size()),
      given ? "leave --from schema away: the baseline is then written from the replayed history"
            : "this is a fault of ballast: please report the objects named above with their "
              "definitions");
  for (const std::string& difference : differences) {
    error.details.emplace_back("object", difference);
  }
  return error;
}

Error ScriptDoesNotApply(const postgres::ServerError& error, const std::string& script,
                         const std::string& name) {
  const int line =
      error.position > 0 ? LineAt(script, apply::ByteOffset(script, error.position)) : 0;
  Error made = MakeError(ErrorCode::kProofFailed,
                         fmt::format("{} does not apply to an empty database: {} (SQLSTATE {})",
                                     name, error.message, error.sqlstate),
                         error.hint, {name, line});
  made.details.emplace_back("sqlstate", error.sqlstate);
  if (!error.detail.empty()) made.details.emplace_back("detail", error.detail);
  return made;
}

Status ApplyScript(const postgres::ScratchDatabase& database, const std::string& script,
                   const std::string& name) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  const postgres::Outcome outcome = session.Run(script);
  if (outcome.error && outcome.error->connection_lost) return ErrorOf(*outcome.error, name);
  if (outcome.error) return ScriptDoesNotApply(*outcome.error, script, name);
  return {};
}

struct Replayed {
  std::vector<std::string> notices;
  std::string from;  // the server's clock before and after
  std::string to;
};

Result<Replayed> ReplayHistory(const postgres::ScratchDatabase& database,
                               const std::vector<release::Migration>& migrations,
                               const ProofOptions& options, Progress& progress) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions replay;
  replay.mode = options.split ? apply::ReplayMode::kSplit : apply::ReplayMode::kBatch;
  replay.setup = options.setup_script;
  replay.folder = options.folder;
  Replayed replayed;
  TRY_ASSIGN(replayed.from, postgres::ServerTime(session));
  TRY_ASSIGN(apply::ReplayReport report, apply::Replay(session, migrations, replay, progress));
  TRY_ASSIGN(postgres::Session after, database.Connect());
  TRY_ASSIGN(replayed.to, postgres::ServerTime(after));
  replayed.notices = std::move(report.notices);
  return replayed;
}

// The second replay, beside the first: a thread that touches nothing but its own database.
class SecondReplay {
 public:
  SecondReplay(const postgres::ScratchDatabase& database,
               const std::vector<release::Migration>& migrations, const ProofOptions& options)
      : thread_([&database, &migrations, &options, this] {
          SilentProgress silent;
          result_ = ReplayHistory(database, migrations, options, silent);
        }) {}
  ~SecondReplay() {
    if (thread_.joinable()) thread_.join();
  }
  SecondReplay(const SecondReplay&) = delete;
  SecondReplay& operator=(const SecondReplay&) = delete;

  Result<Replayed> Join() {
    thread_.join();
    return std::move(*result_);
  }

 private:
  std::optional<Result<Replayed>> result_;
  std::thread thread_;  // last: it starts when all else is there
};

Result<std::vector<std::string>> RolesOf(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname "
                           "COLLATE \"C\""));
  std::vector<std::string> roles;
  for (const auto& row : results.back().rows) roles.push_back(*row[0]);
  return roles;
}

Result<std::vector<std::string>> RolesOn(const postgres::ScratchDatabase& database) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  return RolesOf(session);
}

std::vector<std::string> NewRoles(const std::vector<std::string>& before,
                                  const std::vector<std::string>& after) {
  std::vector<std::string> made;
  for (const std::string& role : after) {
    if (std::find(before.begin(), before.end(), role) == before.end()) made.push_back(role);
  }
  return made;
}

Result<postgres::VolatileRows> HoldAgainst(const postgres::ScratchDatabase& first,
                                           const postgres::ScratchDatabase& second) {
  TRY_ASSIGN(postgres::Session a, first.Connect());
  TRY_ASSIGN(postgres::Session b, second.Connect());
  TRY(LookFrom(a, "public"));
  TRY(LookFrom(b, "public"));
  return postgres::FindVolatileRows(a, b);
}

Result<postgres::BaselineDraft> WriteBaseline(const postgres::ScratchDatabase& database,
                                              const ProofOptions& options, const Proven& proven) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  postgres::BaselineOptions baseline;
  baseline.roles = proven.roles;
  baseline.volatile_rows = proven.volatile_rows;
  if (options.rows_limit > 0) baseline.rows_limit = options.rows_limit;
  TRY_ASSIGN(postgres::BaselineDraft draft, postgres::ReadBaseline(session, baseline));
  TRY(RefuseUncarried(session, draft));
  return draft;
}

}  // namespace

Result<State> ReadState(const postgres::Target& target, const catalog::Scope& scope,
                        const postgres::VolatileRows& volatile_rows) {
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
  // Rolled back, so that behind a pooler no setting stays in a session of others.
  TRY(session.Query("BEGIN READ ONLY"));
  TRY(LookFrom(session, TargetSchemaOf(target)));
  TRY_ASSIGN(auto live, postgres::ReadFacts(session, scope));
  TRY_ASSIGN(auto rows, postgres::ReadRowDigests(session, volatile_rows));
  TRY(session.Query("ROLLBACK"));
  return State{std::move(live.facts), std::move(rows), session.server_version_text()};
}

Result<State> StateOfScript(postgres::ScratchServer& server, const std::string& script,
                            const std::string& name, const postgres::VolatileRows& volatile_rows) {
  TRY_ASSIGN(const postgres::ScratchDatabase database, server.CreateDatabase("baseline"));
  TRY(ApplyScript(database, script, name));
  return ReadState(database.target(), {}, volatile_rows);
}

Result<release::FingerprintRecord> FingerprintRecordOf(const postgres::ScratchDatabase& database,
                                                       const catalog::Facts& facts) {
  release::FingerprintRecord record = RecordOf(facts);
  TRY(AddServerFingerprint(database, record));
  return record;
}

std::vector<std::string> DescribeDifferences(const State& expected, const State& actual) {
  std::vector<std::string> words;
  for (const catalog::Difference& difference :
       catalog::Diff(expected.facts, actual.facts, /*with_layout=*/true)) {
    words.push_back(catalog::Describe(difference));
  }
  const std::vector<std::string> rows = DescribeRows(expected.rows, actual.rows);
  words.insert(words.end(), rows.begin(), rows.end());
  return words;
}

Result<ProofServers> StartProofServers(const postgres::ScratchOptions& options,
                                       Progress& progress) {
  TRY_ASSIGN(postgres::ScratchServer first, postgres::ScratchServer::Start(options, progress));
  TRY_ASSIGN(postgres::ScratchServer second, postgres::ScratchServer::Start(options, progress));
  return ProofServers{std::move(first), std::move(second)};
}

namespace {

// Both replays at once, each on a server of its own.
Result<Replayed> ReplaySideBySide(const postgres::ScratchDatabase& first,
                                  const postgres::ScratchDatabase& second,
                                  const std::vector<release::Migration>& migrations,
                                  const ProofOptions& options, Progress& progress) {
  SecondReplay beside(second, migrations, options);
  TRY_ASSIGN(Replayed replayed, ReplayHistory(first, migrations, options, progress));
  TRY(beside.Join());
  return replayed;
}

void NoteVolatileRows(Proven& proven) {
  for (const std::string& line : proven.volatile_rows.Describe()) {
    proven.notices.push_back("values that are not the same in every replay: " + line);
  }
}

// The replay, twice, and what it does not leave the same. On a server that the user names both run
// one after the other, and only if no role stands in the second one's way.
Status ReplayTwice(ProofServers& servers, const postgres::ScratchDatabase& first,
                   const std::vector<release::Migration>& migrations, const ProofOptions& options,
                   Proven& proven, Progress& progress) {
  TRY_ASSIGN(const std::vector<std::string> before, RolesOn(first));
  TRY_ASSIGN(const postgres::ScratchDatabase second, servers.second.CreateDatabase("again"));
  const bool side_by_side = servers.second.is_embedded();
  TRY_ASSIGN(const Replayed replayed,
             side_by_side ? ReplaySideBySide(first, second, migrations, options, progress)
                          : ReplayHistory(first, migrations, options, progress));
  TRY_ASSIGN(const std::vector<std::string> after, RolesOn(first));
  proven.roles = NewRoles(before, after);
  proven.notices = replayed.notices;
  if (!side_by_side && !proven.roles.empty()) {
    proven.notices.push_back(
        "the history makes roles, which stay on the server given with --scratch-url for the second "
        "replay: values that change from one replay to the next were not looked for");
    return {};
  }
  if (!side_by_side) TRY(ReplayHistory(second, migrations, options, progress));
  TRY_ASSIGN(proven.volatile_rows, HoldAgainst(first, second));
  proven.volatile_rows.from = replayed.from;
  proven.volatile_rows.to = replayed.to;
  NoteVolatileRows(proven);
  return {};
}

// Roles that the history made on a server that is not ours go again, once its databases are gone.
void DropRoles(postgres::ScratchServer& server, Proven& proven) {
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

// What stands on the tables of extensions in the history's database and not where the baseline only
// created them.
Status RefuseBesideExtensions(const postgres::ScratchDatabase& replayed,
                              const postgres::ScratchDatabase& baseline) {
  std::vector<std::vector<std::string>> found;
  for (const auto* database : {&replayed, &baseline}) {
    TRY_ASSIGN(postgres::Session session, database->Connect());
    TRY(LookFrom(session, "public"));
    TRY_ASSIGN(found.emplace_back(), postgres::ReadBesideExtensions(session));
  }
  std::vector<std::string> objects;
  std::set_difference(found[0].begin(), found[0].end(), found[1].begin(), found[1].end(),
                      std::back_inserter(objects));
  if (!objects.empty()) return NotCarried(objects);
  return {};
}

// Roles are not the database's own, so comparing does not find them; a script of Prisma's makes
// none.
void AddMissingRoles(Proven& proven) {
  for (const std::string& role : proven.roles) {
    proven.differences.push_back("role " + sql::QuoteIdentifier(role) + " is missing");
  }
}

Status ProveOn(ProofServers& servers, const std::vector<release::Migration>& migrations,
               const ProofOptions& options, Proven& proven, Progress& progress) {
  Stopwatch watch;
  progress.Stage("replaying the history", migrations.size());
  TRY_ASSIGN(const postgres::ScratchDatabase replayed, servers.first.CreateDatabase("history"));
  TRY(ReplayTwice(servers, replayed, migrations, options, proven, progress));
  proven.stages["replay_ms"] = watch.Lap();

  progress.Stage("reading the catalog and writing the baseline", 0);
  TRY_ASSIGN(postgres::BaselineDraft draft, WriteBaseline(replayed, options, proven));
  TRY_ASSIGN(proven.state, ReadState(replayed.target(), {}, proven.volatile_rows));
  proven.script = options.given_script.value_or(std::move(draft.script));
  proven.notices.insert(proven.notices.end(), draft.notices.begin(), draft.notices.end());
  proven.stages["read_ms"] = watch.Lap();

  progress.Stage("proving the baseline in a second database", 0);
  TRY_ASSIGN(const postgres::ScratchDatabase second, servers.second.CreateDatabase("baseline"));
  const bool given = options.given_script.has_value();
  TRY(ApplyScript(second, proven.script, given ? "Prisma's script" : "the baseline"));
  TRY(RefuseBesideExtensions(replayed, second));
  TRY_ASSIGN(const State state, ReadState(second.target(), {}, proven.volatile_rows));
  proven.differences = DescribeDifferences(proven.state, state);
  if (given) AddMissingRoles(proven);
  if (!proven.differences.empty()) return ProofError(proven.differences, given);
  proven.fingerprint = RecordOf(proven.state.facts);
  TRY(AddServerFingerprint(second, proven.fingerprint));
  proven.stages["prove_ms"] = watch.Lap();
  return {};
}

}  // namespace

Result<Proven> Prove(ProofServers& servers, const std::vector<release::Migration>& migrations,
                     const ProofOptions& options, Progress& progress) {
  Proven proven;
  proven.server = servers.first.version_text();
  Status done = ProveOn(servers, migrations, options, proven, progress);
  DropRoles(servers.first, proven);
  if (!done) return std::move(done).error();
  return proven;
}

}  // namespace ballast::commands
