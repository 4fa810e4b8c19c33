// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/scene.h"

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

// The database before the scene; `first`: deployed already by the strategy as the folder is now.
void Open(Scene& scene, bool first) {
  scene.start = std::move(*Server().CreateDatabase("start"));
  if (!first) return;
  Quiet(scene.folder->path(), fmt::format("DATABASE_URL='{}' ballast deploy --strategy {}",
                                          scene.start->Url(), scene.strategy));
}

void Complete(Scene& scene) {
  {
    postgres::Session session = std::move(*scene.start->Connect());
    scene.before = PortraitOf(session);
  }
  AwaitAlone(scene.start->name());
  scratch::ScratchDatabase database = scene.NewDatabase();
  std::string words;
  for (const std::string& word : scene.Deploy()) words += " " + word;
  Quiet(scene.folder->path(), fmt::format("DATABASE_URL='{}' ballast{}", database.Url(), words));
  postgres::Session session = std::move(*database.Connect());
  scene.complete = PortraitOf(session);
  scene.dump = DumpForComparison(database.target());
}

Scene Begin(const std::string& name, const std::string& strategy, const Scripts& scripts) {
  Scene scene;
  scene.name = name;
  scene.strategy = strategy;
  scene.folder = MakeProject(scripts);
  return scene;
}

Scene Release() {
  Scene scene = Begin("release", "release", kFirst);
  Quiet(scene.folder->path(), "ballast release create v1.0.0");
  Open(scene, false);
  return scene;
}

Scene Development() {
  Scene scene = Begin("development", "development", kFirst);
  Quiet(scene.folder->path(), "ballast baseline create");
  AddScripts(scene.folder->path(), kLater);
  Open(scene, false);
  return scene;
}

Scene History() {
  Scene scene = Begin("history", "history", kFirst);
  AddScripts(scene.folder->path(), kAlone);
  scene.atomic = false;
  Open(scene, false);
  return scene;
}

Scene Pending() {
  Scene scene = Begin("pending", "history", kFirst);
  Open(scene, true);
  AddScripts(scene.folder->path(), kLater);
  scene.atomic = false;  // history: each migration is a transaction of its own
  return scene;
}

// Behind, so that the index is built concurrently, and not as on an empty database.
Scene Concurrent() {
  Scene scene = Begin("concurrent", "history", kFirst);
  Open(scene, true);
  AddScripts(scene.folder->path(), kAlone);
  scene.atomic = false;
  return scene;
}

Scene Upgrade() {
  Scene scene = Begin("upgrade", "release", kFirst);
  const fs::path& folder = scene.folder->path();
  Quiet(folder, "ballast release create v1.0.0 && cp -r .ballast old");
  Open(scene, true);
  AddScripts(folder, kLater);
  Quiet(folder, "ballast release create v1.1.0 --from-release old");
  return scene;
}

// An upgrade whose concurrent step is followed by scripts that cannot share a transaction.
Scene UpgradeInSteps() {
  Scene scene = Begin("upgrade in steps", "release", kFirst);
  const fs::path& folder = scene.folder->path();
  Quiet(folder, "ballast release create v1.0.0 && cp -r .ballast old");
  Open(scene, true);
  AddScripts(folder, kAlone);
  Quiet(folder, "ballast release create v1.1.0 --from-release old");
  scene.atomic = false;
  return scene;
}

// The same scripts, pending on a database of the development strategy.
Scene DevelopmentInSteps() {
  Scene scene = Begin("development in steps", "development", kFirst);
  Quiet(scene.folder->path(), "ballast baseline create");
  Open(scene, true);
  AddScripts(scene.folder->path(), kAlone);
  scene.atomic = false;
  return scene;
}

// What the later release has is moved to ballast_kept, in one transaction.
Scene Rollback() {
  Scene scene = Begin("rollback", "release", kFirst);
  const fs::path& folder = scene.folder->path();
  Quiet(folder, "ballast release create v1.0.0 && cp -r .ballast old");
  AddScripts(folder, kLater);
  Quiet(folder, "ballast release create v1.1.0 --from-release old");
  Open(scene, true);
  scene.command = {"rollback", "--to", "v1.0.0", "--keep-data"};
  scene.before_status = 0;
  scene.complete_status = 1;
  scene.complete_found = "behind";
  return scene;
}

// A table, a default and a row are missing.
Scene Repair() {
  Scene scene = Begin("repair", "release", kFirst);
  Quiet(scene.folder->path(), "ballast release create v1.0.0");
  Open(scene, true);
  {
    postgres::Session session = std::move(*scene.start->Connect());
    BALLAST_CHECK(
        session.Query("DROP TABLE \"B\"; DELETE FROM \"A\" WHERE \"id\" = 2; "
                      "ALTER TABLE \"A\" ALTER COLUMN \"v\" SET DEFAULT 'no'"));
  }
  scene.command = {"repair"};
  scene.complete_found = "";
  return scene;
}

std::vector<Scene> CompleteScenes(const std::vector<Scene (*)()>& makers) {
  std::vector<Scene> made;
  for (Scene (*make)() : makers) {
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
  std::vector<std::string> words = {program, "-C", folder.string()};
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

Portrait PortraitOf(postgres::Session& session) {
  const auto value = [&](const std::string& sql) {
    auto answer = session.QueryValue(sql);
    return answer ? answer->value_or("") : "ERROR: " + answer.error().message;
  };
  Portrait portrait;
  if (!value("SELECT to_regclass('_prisma_migrations')").empty()) {
    portrait.rows = value(
        "SELECT string_agg(migration_name || '|' || CASE WHEN rolled_back_at IS NOT NULL "
        "THEN 'rolled back' WHEN finished_at IS NULL THEN 'open' ELSE 'done' END, E'\\n' "
        "ORDER BY started_at) FROM _prisma_migrations");
  }
  portrait.values = value(
      "SELECT string_agg(relname || query_to_xml(format('SELECT * FROM %s ORDER BY 1', "
      "oid::regclass), false, false, '')::text, '' ORDER BY relname) FROM pg_class WHERE "
      "relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> "
      "'_prisma_migrations'");
  const auto snapshot =
      introspect::ReadSnapshot(session, catalog::Scope{{"public"}, {}, {}, false});
  portrait.catalog = snapshot ? catalog::Fingerprint(snapshot->snapshot) : snapshot.error().message;
  return portrait;
}

scratch::ScratchDatabase Scene::NewDatabase() const {
  auto database = Server().CloneDatabase(*start);
  if (!database) ADD_FAILURE() << database.error().message;
  return std::move(*database);
}

const std::vector<Scene>& Scenes() {
  static const std::vector<Scene> scenes =
      CompleteScenes({Release, Development, History, Pending, Upgrade, Concurrent, UpgradeInSteps,
                      DevelopmentInSteps});
  return scenes;
}

const std::vector<Scene>& ChangeScenes() {
  static const std::vector<Scene> scenes = CompleteScenes({Rollback, Repair});
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
