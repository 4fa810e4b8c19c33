// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/scenario.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "catalog/snapshot.h"
#include "introspect/snapshot_reader.h"
#include "sql/quote.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

const Scripts kFirst = {
    {"20240101000000_init",
     "CREATE TYPE \"E\" AS ENUM ('x');\n"
     "CREATE TABLE \"A\" (\"id\" SERIAL PRIMARY KEY, \"v\" TEXT, \"e\" \"E\");\n"
     "INSERT INTO \"A\"(\"v\") VALUES ('one'), ('two');\n"},
    {"20240102000000_b", "CREATE TABLE \"B\" (\"id\" INTEGER PRIMARY KEY REFERENCES \"A\");\n"}};
const Scripts kLater = {{"20240103000000_c", "ALTER TABLE \"A\" ADD COLUMN \"c\" INTEGER;\n"},
                        {"20240104000000_d",
                         "UPDATE \"A\" SET \"c\" = \"id\";\n"
                         "ALTER TABLE \"A\" ALTER COLUMN \"c\" SET NOT NULL;\n"}};
const Scripts kAlone = {
    {"20240105000000_concurrent", "CREATE INDEX CONCURRENTLY \"A_v_idx\" ON \"A\"(\"v\");\n"},
    {"20240106000000_own", "BEGIN;\nCREATE TABLE \"Own\" (\"id\" INTEGER);\nCOMMIT;\n"},
    {"20240107000000_enum", "ALTER TYPE \"E\" ADD VALUE 'y';\n"},
    {"20240108000000_use", "ALTER TABLE \"A\" ALTER COLUMN \"e\" SET DEFAULT 'y';\n"}};

std::string Quiet(const fs::path& folder, const std::string& command) {
  const Ran ran = RunIn(folder, command);
  if (ran.status != 0) ADD_FAILURE() << command << "\n" << ran.out << ran.err;
  return ran.out;
}

scratch::ScratchServer& Server() {
  auto server = ServerOf(0);
  BALLAST_CHECK(server);
  return **server;
}

// The database before the scenario; `first`: deployed already by the strategy as the folder is now.
void Open(Scenario& scenario, bool first) {
  scenario.start = std::move(*Server().CreateDatabase("start"));
  if (!first) return;
  Quiet(scenario.folder->path(), fmt::format("DATABASE_URL='{}' ballast deploy --strategy {}",
                                             scenario.start->Url(), scenario.strategy));
}

void Complete(Scenario& scenario) {
  {
    postgres::Session session = std::move(*scenario.start->Connect());
    scenario.before = ReadContent(session);
  }
  AwaitAlone(scenario.start->name());
  scratch::ScratchDatabase database = scenario.NewDatabase();
  std::string words;
  for (const std::string& word : scenario.Deploy()) words += " " + word;
  Quiet(scenario.folder->path(), fmt::format("DATABASE_URL='{}' ballast{}", database.Url(), words));
  postgres::Session session = std::move(*database.Connect());
  scenario.complete = ReadContent(session);
  scenario.dump = DumpForComparison(database.target());
}

Scenario Begin(const std::string& name, const std::string& strategy, const Scripts& scripts) {
  Scenario scenario;
  scenario.name = name;
  scenario.strategy = strategy;
  scenario.folder = MakeProject(scripts);
  return scenario;
}

Scenario Release() {
  Scenario scenario = Begin("release", "release", kFirst);
  Quiet(scenario.folder->path(), "ballast release create v1.0.0");
  Open(scenario, false);
  return scenario;
}

Scenario Development() {
  Scenario scenario = Begin("development", "development", kFirst);
  Quiet(scenario.folder->path(), "ballast baseline create");
  AddScripts(scenario.folder->path(), kLater);
  Open(scenario, false);
  return scenario;
}

Scenario History() {
  Scenario scenario = Begin("history", "history", kFirst);
  AddScripts(scenario.folder->path(), kAlone);
  scenario.atomic = false;
  Open(scenario, false);
  return scenario;
}

Scenario Pending() {
  Scenario scenario = Begin("pending", "history", kFirst);
  Open(scenario, true);
  AddScripts(scenario.folder->path(), kLater);
  scenario.atomic = false;  // history: each migration is a transaction of its own
  return scenario;
}

// Behind, so that the index is built concurrently, and not as on an empty database.
Scenario Concurrent() {
  Scenario scenario = Begin("concurrent", "history", kFirst);
  Open(scenario, true);
  AddScripts(scenario.folder->path(), kAlone);
  scenario.atomic = false;
  return scenario;
}

Scenario UpgradeBy(const char* name, const Scripts& scripts) {
  Scenario scenario = Begin(name, "release", kFirst);
  const fs::path& folder = scenario.folder->path();
  Quiet(folder, "ballast release create v1.0.0 && cp -r .ballast old");
  Open(scenario, true);
  AddScripts(folder, scripts);
  Quiet(folder, "ballast release create v1.1.0 --from-release old");
  return scenario;
}

Scenario Upgrade() {
  return UpgradeBy("upgrade", kLater);
}

// An upgrade whose concurrent step is followed by scripts that cannot share a transaction.
Scenario UpgradeInSteps() {
  Scenario scenario = UpgradeBy("upgrade in steps", kAlone);
  scenario.atomic = false;
  return scenario;
}

// The same scripts, pending on a database of the development strategy.
Scenario DevelopmentInSteps() {
  Scenario scenario = Begin("development in steps", "development", kFirst);
  Quiet(scenario.folder->path(), "ballast baseline create");
  Open(scenario, true);
  AddScripts(scenario.folder->path(), kAlone);
  scenario.atomic = false;
  return scenario;
}

// What the later release has is moved to ballast_kept, in one transaction.
Scenario Rollback() {
  Scenario scenario = Begin("rollback", "release", kFirst);
  const fs::path& folder = scenario.folder->path();
  Quiet(folder, "ballast release create v1.0.0 && cp -r .ballast old");
  AddScripts(folder, kLater);
  Quiet(folder, "ballast release create v1.1.0 --from-release old");
  Open(scenario, true);
  scenario.command = {"rollback", "--to", "v1.0.0", "--keep-data"};
  scenario.before_status = 0;
  scenario.complete_status = 1;
  scenario.complete_found = "behind";
  return scenario;
}

// The same by the scripts of the history, where the rollback is found by a replay.
Scenario HistoryRollback() {
  Scenario scenario = Begin("rollback of the history", "history", kFirst);
  AddScripts(scenario.folder->path(), kLater);
  Open(scenario, true);
  scenario.command = {"rollback", "--to", kFirst.back().first, "--keep-data"};
  scenario.before_status = 0;
  scenario.complete_status = 1;
  scenario.complete_found = "behind";
  return scenario;
}

// Forward again: the kept values return.
Scenario ForwardWithKeptData() {
  Scenario scenario = Rollback();
  scenario.name = "forward with kept data";
  Quiet(scenario.folder->path(),
        fmt::format("DATABASE_URL='{}' ballast rollback --strategy release --to v1.0.0 --keep-data",
                    scenario.start->Url()));
  scenario.command = {"deploy"};
  scenario.before_status = 1;
  scenario.complete_status = 0;
  scenario.complete_found = "current";
  return scenario;
}

Scenario RepairAfter(const char* name, const Scripts& scripts, const char* drift) {
  Scenario scenario = Begin(name, "release", kFirst);
  AddScripts(scenario.folder->path(), scripts);
  Quiet(scenario.folder->path(), "ballast release create v1.0.0");
  Open(scenario, true);
  {
    postgres::Session session = std::move(*scenario.start->Connect());
    BALLAST_CHECK(session.Query(drift));
  }
  scenario.command = {"repair"};
  scenario.complete_found = "";
  return scenario;
}

// A table, a default and a row are missing.
Scenario Repair() {
  return RepairAfter("repair", {},
                     "DROP TABLE \"B\"; DELETE FROM \"A\" WHERE \"id\" = 2; "
                     "ALTER TABLE \"A\" ALTER COLUMN \"v\" SET DEFAULT 'no'");
}

// Indexes of a table with rows, built concurrently, in addition to what fits in a transaction.
Scenario RepairInSteps() {
  const Scripts indexes = {{"20240103000000_indexes",
                            "CREATE INDEX \"A_v_idx\" ON \"A\"(\"v\");\n"
                            "CREATE UNIQUE INDEX \"A_id_v_key\" ON \"A\"(\"id\", \"v\");\n"}};
  Scenario scenario = RepairAfter("repair in steps", indexes,
                                  "DROP INDEX \"A_v_idx\", \"A_id_v_key\"; DROP TABLE \"B\"; "
                                  "ALTER TABLE \"A\" ALTER COLUMN \"v\" SET DEFAULT 'no'");
  scenario.atomic = false;
  return scenario;
}

std::vector<Scenario> CompleteScenes(const std::vector<Scenario (*)()>& makers) {
  std::vector<Scenario> made;
  for (Scenario (*make)() : makers) {
    made.push_back(make());
    Complete(made.back());
  }
  return made;
}

}  // namespace

Process::Process(const fs::path& folder, const std::vector<std::string>& arguments,
                 const std::string& url)
    : streams_("process") {
  const std::string program = BALLAST_PROGRAM_DIR "/ballast";
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const char* path = std::getenv("PATH");
  std::vector<std::string> variables = {"NO_COLOR=1", "DATABASE_URL=" + url,
                                        std::string("PATH=") + (path == nullptr ? "" : path)};
  std::vector<char*> argv;
  std::vector<char*> env;
  argv.reserve(words.size() + 1);
  env.reserve(variables.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& variable : variables) env.push_back(variable.data());
  argv.push_back(nullptr);
  env.push_back(nullptr);
  const std::string out = (streams_.path() / "out").string();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  const int failed = posix_spawn(&pid_, program.c_str(), &files, nullptr, argv.data(), env.data());
  posix_spawn_file_actions_destroy(&files);
  BALLAST_CHECK(failed == 0);
}

Process::~Process() {
  if (!status_) kill(pid_, SIGKILL);
  Wait();
}

int Process::Wait() {
  if (status_) return *status_;
  int status = 0;
  waitpid(pid_, &status, 0);
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return *status_;
}

bool Process::AwaitOutput(const std::string& text) {
  while (Output().find(text) == std::string::npos) {
    int status = 0;
    if (status_ || waitpid(pid_, &status, WNOHANG) == pid_) {
      if (!status_) status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      return Output().find(text) != std::string::npos;
    }
    usleep(1000);
  }
  return true;
}

std::string Process::Output() const {
  std::ifstream stream(streams_.path() / "out", std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

DatabaseContent ReadContent(postgres::Session& session) {
  const auto value = [&](const std::string& sql) {
    auto answer = session.QueryValue(sql);
    return answer ? answer->value_or("") : "ERROR: " + answer.error().message;
  };
  DatabaseContent content;
  if (!value("SELECT to_regclass('_prisma_migrations')").empty()) {
    content.rows = value(
        "SELECT string_agg(migration_name || '|' || CASE WHEN rolled_back_at IS NOT NULL "
        "THEN 'rolled back' WHEN finished_at IS NULL THEN 'open' ELSE 'done' END, E'\\n' "
        "ORDER BY started_at) FROM _prisma_migrations");
  }
  content.values = value(
      "SELECT string_agg(relname || query_to_xml(format('SELECT * FROM %s ORDER BY 1', "
      "oid::regclass), false, false, '')::text, '' ORDER BY relname) FROM pg_class WHERE "
      "relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> "
      "'_prisma_migrations'");
  const auto snapshot =
      introspect::ReadSnapshot(session, catalog::Scope{{"public"}, {}, {}, false});
  content.catalog = snapshot ? catalog::Fingerprint(snapshot->snapshot) : snapshot.error().message;
  return content;
}

scratch::ScratchDatabase Scenario::NewDatabase() const {
  auto database = Server().CloneDatabase(*start);
  if (!database) ADD_FAILURE() << database.error().message;
  return std::move(*database);
}

const std::vector<Scenario>& Scenarios() {
  static const std::vector<Scenario> scenes =
      CompleteScenes({Release, Development, History, Pending, Upgrade, Concurrent, UpgradeInSteps,
                      DevelopmentInSteps});
  return scenes;
}

const std::vector<Scenario>& ChangeScenes() {
  static const std::vector<Scenario> scenes =
      CompleteScenes({Rollback, Repair, RepairInSteps, HistoryRollback, ForwardWithKeptData});
  return scenes;
}

void AwaitAlone(const std::string& database) {
  const std::string sql =
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client "
      "backend' AND datname = " +
      sql::QuoteLiteral(database);
  while (true) {
    auto count = Admin().QueryValue(sql);
    if (!count || count->value_or("") == "0") return;
    usleep(500);
  }
}

postgres::Session& Admin() {
  static postgres::Session session = std::move(*postgres::Session::Connect(Server().target()));
  return session;
}

}  // namespace ballast::testing
