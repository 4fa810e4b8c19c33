// SPDX-License-Identifier: Apache-2.0
#include "scratch/scratch_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <random>

#include "base/sqlstate.h"
#include "base/text.h"
#include "scratch/embedded_server.h"
#include "sql/quote.h"

namespace ballast::scratch {

struct ScratchState {
  explicit ScratchState(postgres::Session s) : session(std::move(s)) {}

  std::optional<ScratchSupervisor> supervisor;  // absent: the server of --scratch-url
  postgres::Session session;                    // in the maintenance database
  std::string version_text = session.server_version_text();
  std::string url;
  int created = 0;
  int existing = 0;  // databases that have not been dropped
  bool closing = false;
  pid_t owner = getpid();
};

namespace {

constexpr std::string_view kFolderPrefix = "ballast_scratch_";
constexpr int kLeftoverSeconds = 3600;
constexpr std::string_view kOrigin = "--scratch-url";  // also of scratch_url in ballast.toml

// "ballast_scratch_1763816400_4711_1_hint": with its creation time, for a later sweep.
std::string MakeName(const std::string& hint, int number) {
  static const auto salt = std::random_device{}() % 0xfffff;
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  std::string name = fmt::format("{}{}_{}_{:x}_{}", kFolderPrefix, now, getpid(), salt, number);
  if (!hint.empty()) name += "_";
  for (const char c : hint) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += plain ? c : '_';
  }
  return name.substr(0, 63);
}

Error MissingCreatedb(const postgres::Session& session) {
  return MakeError(
      ErrorCode::kPrivilege,
      fmt::format("the role \"{}\" may not create databases on {}", session.target().user(),
                  session.target().Address()),
      fmt::format("grant it (ALTER ROLE \"{}\" CREATEDB), or omit --scratch-url and install "
                  "PostgreSQL's server programs",
                  session.target().user()));
}

Status CheckCreateDb(postgres::Session& session) {
  TRY_ASSIGN(const postgres::Value may,
             session.QueryValue("SELECT rolcreatedb OR rolsuper FROM pg_roles "
                                "WHERE rolname = current_user"));
  if (postgres::IsTrue(may)) return {};
  return MissingCreatedb(session);
}

std::string DropStatement(const postgres::Session& session, const std::string& name) {
  const std::string_view force = session.server_major() >= 13 ? " WITH (FORCE)" : "";
  return fmt::format("DROP DATABASE IF EXISTS {}{}", sql::QuoteIdentifier(name), force);
}

// Roles belong to the whole server: without this, a history that creates one could be replayed only
// once. A role that cannot be dropped stays.
std::string DropRolesSql(const std::vector<std::string>& except = {}) {
  return fmt::format(R"(DO $$ DECLARE role name; BEGIN
FOR role IN SELECT rolname FROM pg_catalog.pg_roles
    WHERE oid >= 16384 AND rolname <> ALL ({}) LOOP
  BEGIN EXECUTE pg_catalog.format('DROP ROLE %I', role); EXCEPTION WHEN OTHERS THEN NULL; END;
END LOOP; END $$)",
                     sql::QuoteTextArray(except));
}

// Databases of killed runs: old enough, and without sessions.
void SweepDatabases(postgres::Session& session) {
  const auto leftovers = session.Query(fmt::format(
      "SELECT d.datname FROM pg_database d WHERE d.datname ~ '^{0}[0-9]+_' AND "
      "split_part(d.datname, '_', 3)::bigint < extract(epoch FROM now()) - {1} AND NOT EXISTS "
      "(SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)",
      kFolderPrefix, kLeftoverSeconds));
  if (!leftovers) return;
  for (const auto& row : leftovers->back().rows) {
    // Without FORCE, so that a database with a new session is kept.
    session.Run("DROP DATABASE IF EXISTS " + sql::QuoteIdentifier(row[0].value_or("")));
  }
}

Result<std::shared_ptr<ScratchState>> UseServer(const std::string& url) {
  TRY_ASSIGN(const postgres::Target target, postgres::ParseUrl(url, kOrigin));
  TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
  TRY(CheckCreateDb(session));
  SweepDatabases(session);
  auto state = std::make_shared<ScratchState>(std::move(session));
  state->url = url;
  return state;
}

// The backend of a closed session needs a moment to end; otherwise DROP and CREATE DATABASE …
// TEMPLATE would wait 100 ms for it (CountOtherDBBackends).
void AwaitEmpty(ScratchState& state, const std::string& name) {
  constexpr int kAttempts = 40;
  if (!state.supervisor) return;
  const std::string question = fmt::format(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = {}", sql::QuoteLiteral(name));
  for (int i = 0; i < kAttempts; ++i) {
    const auto sessions = state.session.QueryValue(question);
    if (!sessions || *sessions == "0") break;
    usleep(500);
  }
  usleep(200);  // it leaves the list before it leaves the database
}

Status Create(ScratchState& state, const std::string& name, const std::string& original) {
  std::string statement = fmt::format("CREATE DATABASE {} TEMPLATE {}", sql::QuoteIdentifier(name),
                                      sql::QuoteIdentifier(original));
  if (original == "template0" && !state.supervisor) statement += " ENCODING 'UTF8'";
  if (state.session.server_major() >= 15) statement += " STRATEGY wal_log";
  const postgres::Outcome outcome = state.session.Run(statement);
  if (outcome.ok()) return {};
  if (outcome.error->sqlstate == sqlstate::kInsufficientPrivilege)
    return MissingCreatedb(state.session);
  return postgres::ErrorOf(*outcome.error, "CREATE DATABASE for a scratch database");
}

}  // namespace

std::string ScratchDatabase::Url(const std::string& schema) const {
  const std::string url = server_->url.empty()
                              ? fmt::format("postgresql://{}@localhost:{}/{}?host={}",
                                            target_.user(), target_.port(), name(), target_.host())
                              : postgres::UrlWithDatabase(server_->url, name());
  return schema.empty() ? url : postgres::UrlWithSchema(url, schema);
}

ScratchDatabase::ScratchDatabase(std::shared_ptr<ScratchState> server, postgres::Target target)
    : server_(std::move(server)), target_(std::move(target)) {
  ++server_->existing;
}

void ScratchDatabase::Drop() {
  const std::shared_ptr<ScratchState> server = std::exchange(server_, nullptr);
  if (server == nullptr || server->closing || server->owner != getpid()) return;
  server->session.IgnoreInterruption();
  AwaitEmpty(*server, name());
  server->session.Run(DropStatement(server->session, name()));
  const bool was_last = --server->existing == 0;
  if (was_last && server->supervisor) server->session.Run(DropRolesSql());
}

Result<ScratchServer> ScratchServer::Start(const ScratchOptions& options, Progress& progress) {
  if (!options.url.empty()) {
    if (options.foreign_history) return NotConfined("--scratch-url names the server");
    TRY_ASSIGN(auto given, UseServer(options.url));
    return ScratchServer(std::move(given));
  }
  TRY_ASSIGN(EmbeddedServer server, StartEmbedded(options, progress));
  auto state = std::make_shared<ScratchState>(std::move(server.session));
  state->supervisor = std::move(server.supervisor);
  return ScratchServer(std::move(state));
}

Result<ScratchKind> ScratchServer::KindOf(const ScratchOptions& options) {
  if (options.url.empty()) {
    TRY_ASSIGN(EmbeddedKind kind, KindOfEmbedded(options));
    return ScratchKind{kind.major, std::move(kind.name)};
  }
  TRY_ASSIGN(const postgres::Target target, postgres::ParseUrl(options.url, kOrigin));
  TRY_ASSIGN(const postgres::Session session, postgres::Session::Connect(target));
  return ScratchKind{session.server_major(), ""};
}

ScratchServer::~ScratchServer() {
  if (state_ == nullptr || !state_->supervisor) return;
  state_->closing = true;
  state_->supervisor->Stop();
}

ScratchServer::ScratchServer(ScratchServer&&) noexcept = default;

ScratchServer& ScratchServer::operator=(ScratchServer&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Result<ScratchDatabase> ScratchServer::CreateDatabase(const std::string& hint) {
  const std::string name = MakeName(hint, ++state_->created);
  TRY(Create(*state_, name, "template0"));
  return ScratchDatabase(state_, target().WithDatabase(name));
}

ScratchDatabase ScratchServer::ReserveDatabase(const std::string& hint) {
  return {state_, target().WithDatabase(MakeName(hint, ++state_->created))};
}

namespace {

// Clauses of CREATE DATABASE, in the order in which they are tried.
Result<std::vector<std::string>> ClausesOf(OtherLocale locale, postgres::Session& session) {
  if (locale == OtherLocale::kCharacters) {
    TRY_ASSIGN(const postgres::Value own,
               session.QueryValue("SELECT datctype FROM pg_database WHERE datname = 'template0'"));
    if (!own || *own == "C" || *own == "POSIX") return std::vector<std::string>{};
    return std::vector<std::string>{"LC_COLLATE 'C' LC_CTYPE 'C'"};
  }
  std::vector<std::string> clauses;
  if (session.server_major() >= 15) clauses.emplace_back("LOCALE_PROVIDER icu ICU_LOCALE 'und'");
  TRY_ASSIGN(
      const postgres::Value known,
      session.QueryValue(
          "SELECT collcollate FROM pg_collation WHERE collprovider = 'c' AND collencoding = 6 "
          "AND collcollate !~* '^(c$|c[.]|posix)' ORDER BY collcollate LIMIT 1"));
  if (known) {
    const std::string quoted = sql::QuoteLiteral(*known);
    clauses.push_back("LC_COLLATE " + quoted + " LC_CTYPE " + quoted);
  }
  return clauses;
}

}  // namespace

Result<std::optional<ScratchDatabase>> ScratchServer::CreateDatabaseOf(OtherLocale locale,
                                                                       const std::string& hint) {
  TRY_ASSIGN(const std::vector<std::string> clauses, ClausesOf(locale, state_->session));
  const std::string name = MakeName(hint, ++state_->created);
  for (const std::string& clause : clauses) {
    const postgres::Outcome outcome = state_->session.Run(
        "CREATE DATABASE " + sql::QuoteIdentifier(name) + " TEMPLATE template0 " + clause);
    if (outcome.ok()) {
      return std::optional(ScratchDatabase(state_, target().WithDatabase(name)));
    }
  }
  return std::optional<ScratchDatabase>{};
}

Result<ScratchDatabase> ScratchServer::CloneDatabase(const ScratchDatabase& original) {
  const std::string name = MakeName("copy", ++state_->created);
  AwaitEmpty(*state_, original.name());
  TRY(Create(*state_, name, original.name()));
  return ScratchDatabase(state_, target().WithDatabase(name));
}

RolesAside::RolesAside(std::shared_ptr<ScratchState> server, Names names)
    : server_(std::move(server)), names_(std::move(names)) {}

RolesAside::~RolesAside() {
  if (server_ == nullptr || server_->closing || server_->owner != getpid()) return;
  std::vector<std::string> kept;
  std::string rename;
  for (const auto& [other, own] : names_) {
    kept.push_back(other);
    rename += fmt::format("ALTER ROLE {} RENAME TO {};\n", sql::QuoteIdentifier(other),
                          sql::QuoteIdentifier(own));
  }
  server_->session.IgnoreInterruption();
  server_->session.Run(DropRolesSql(kept));
  server_->session.Run(rename);
}

Result<RolesAside> ScratchServer::SetRolesAside() {
  RolesAside::Names names;
  if (!is_embedded()) return RolesAside(nullptr, {});
  TRY_ASSIGN(const auto answers,
             state_->session.Query(
                 "SELECT 'ballast_role_' || oid, rolname FROM pg_catalog.pg_roles WHERE oid >= "
                 "16384"));
  std::string rename;
  for (const auto& row : answers.back().rows) {
    const auto& [other, own] = names.emplace_back(row[0].value_or(""), row[1].value_or(""));
    rename += fmt::format("ALTER ROLE {} RENAME TO {};\n", sql::QuoteIdentifier(own),
                          sql::QuoteIdentifier(other));
  }
  TRY(state_->session.Query(rename));
  return RolesAside(state_, std::move(names));
}

const std::string& ScratchServer::version_text() const {
  return state_->version_text;
}
int ScratchServer::major() const {
  return state_->session.server_major();
}
bool ScratchServer::is_embedded() const {
  return state_->supervisor.has_value();
}
const postgres::Target& ScratchServer::target() const {
  return state_->session.target();
}

}  // namespace ballast::scratch
