// SPDX-License-Identifier: Apache-2.0
#include "scratch/embedded_server.h"

#include <fmt/format.h>
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/interruption.h"
#include "base/text.h"
#include "scratch/npm_programs.h"
#include "scratch/scratch_folder.h"
#include "scratch/scratch_template.h"
#include "scratch/shifted_clock.h"

namespace ballast::scratch {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kStartTimeout = std::chrono::seconds(60);

// Migrations use the role "postgres" (OWNER TO postgres), which most servers have.
constexpr const char* kSuperuser = "postgres";

std::string NearestLocale() {
  for (const char* name : {"C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"}) {
    if (const locale_t found = newlocale(LC_ALL_MASK, name, nullptr)) {
      freelocale(found);
      return name;
    }
  }
  return "C";
}

struct Plan {
  ServerBinaries binaries;
  std::string locale;
  std::string template_file;
  ServerAccountIds account;
  bool confined = true;
  bool clock_ahead = false;
};

// The end of a log, from the beginning of a line.
std::string LastLines(const std::string& file) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  constexpr size_t kEnough = 600;
  if (text.size() <= kEnough) return std::string(Trim(text));
  const size_t line = text.find('\n', text.size() - kEnough);
  return std::string(Trim(std::string_view(text).substr(line + 1)));
}

// What the machine lacks, according to the server's log, which can be incomplete on a full disk.
std::string RemedyFor(const std::string& log, const ScratchFolder& folder) {
  const auto says = [&](std::string_view words) { return log.find(words) != std::string::npos; };
  if (says("No space left on device") || says("Disk quota exceeded") || IsFull(folder)) {
    return fmt::format(
        "there is no space left for {}: free some, or set BALLAST_SCRATCH_DIR to a folder with "
        "more space",
        folder.path);
  }
  if (says("file descriptors") || says("Too many open files")) {
    return "the limit of open files is too low: raise it (ulimit -n 1024)";
  }
  if (says("Cannot allocate memory") || says("out of memory")) {
    return "there is too little memory: a scratch server needs about 150 MB";
  }
  return "name other server programs with BALLAST_POSTGRES_BIN, or a server with --scratch-url";
}

Error DoesNotStart(const std::string& what, const ScratchFolder& folder) {
  const std::string log = LastLines(folder.Log());
  return MakeError(ErrorCode::kScratchFailed, log.empty() ? what : what + ": " + log,
                   RemedyFor(log, folder));
}

Status RunInitdb(const Plan& plan, const ScratchFolder& folder) {
  Command initdb;
  initdb.argv = {plan.binaries.Program("initdb"),
                 "-D",
                 folder.Data(),
                 "-U",
                 kSuperuser,
                 "--auth=trust",
                 "--no-sync",
                 "--encoding=UTF8",
                 "--locale=" + plan.locale,
                 "--text-search-config=english",
                 "--wal-segsize=1",
                 "--no-instructions"};
  if (plan.binaries.major < 14) initdb.argv.pop_back();
  initdb.folder = folder.path;
  initdb.log = folder.Log();
  initdb.run_as = plan.account;
  const pid_t process = StartProcess(initdb);
  if (process > 0 && WaitForProcess(process) == 0) return {};
  return DoesNotStart("initdb failed", folder);
}

// Durability off, no background work, little memory, and settings that give the same results on
// every machine. All are defaults that a database or session can change.
std::string Settings(const ServerBinaries& binaries) {
  std::string settings = R"(
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
max_connections = 50
shared_buffers = 64MB
huge_pages = off
dynamic_shared_memory_type = mmap
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = logical
max_wal_senders = 4
max_wal_size = 1GB
min_wal_size = 16MB
checkpoint_timeout = 1d
bgwriter_lru_maxpages = 0
autovacuum = off
jit = off
max_logical_replication_workers = 0
max_parallel_workers = 0
max_parallel_maintenance_workers = 0
max_locks_per_transaction = 1024
max_prepared_transactions = 4
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_min_messages = fatal
logging_collector = off
)";
  if (binaries.major >= 18) settings += "io_method = sync\n";
  return settings;
}

Status PrepareData(const Plan& plan, const ScratchFolder& folder, Progress& progress) {
  if (!plan.template_file.empty() &&
      UnpackTemplate(plan.template_file, folder.Data(), plan.account)) {
    return {};
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder.Data(), ignored);
  progress.Stage(fmt::format("preparing PostgreSQL {} (once)", plan.binaries.version_text), 0);
  TRY(RunInitdb(plan, folder));
  std::ofstream(folder.Data() + "/postgresql.conf", std::ios::app) << Settings(plan.binaries);
  StoreTemplate(folder.Data(), plan.template_file);
  return {};
}

postgres::Target TargetIn(const ScratchFolder& folder) {
  postgres::Target target;
  // The server needs no password. Migrations must not be able to read PGPASSWORD.
  target.keywords = {{"host", folder.path},       {"port", "5432"},
                     {"dbname", "postgres"},      {"user", kSuperuser},
                     {"password", "no-password"}, {"sslmode", "disable"},
                     {"gssencmode", "disable"}};
  return target;
}

// The postmaster writes "ready" into the eighth line of its file (miscadmin.h,
// LOCK_FILE_LINE_PM_STATUS); until then a connection would be refused.
bool SaysReady(const ScratchFolder& folder) {
  std::ifstream file(folder.Data() + "/postmaster.pid");
  std::string line;
  for (int i = 0; i < 8; ++i) {
    if (!std::getline(file, line)) return false;
  }
  return Trim(line) == "ready";
}

Result<postgres::Session> AwaitReady(const ScratchFolder& folder, ScratchSupervisor& supervisor) {
  const auto deadline = Clock::now() + kStartTimeout;
  useconds_t pause = 500;
  while (!SaysReady(folder)) {
    if (!supervisor.IsRunning())
      return DoesNotStart("the scratch server ended at its start", folder);
    if (Clock::now() > deadline) return DoesNotStart("the scratch server does not start", folder);
    if (Interruption::Requested()) return Interruption::AsError();
    usleep(pause);
    pause = std::min<useconds_t>(pause + pause / 4, 20000);
  }
  return postgres::Session::Connect(TargetIn(folder));
}

Result<EmbeddedServer> StartOnce(const Plan& plan, Progress& progress) {
  TRY_ASSIGN(const ScratchFolder folder, MakeScratchFolder(plan.account));
  if (const Status prepared = PrepareData(plan, folder, progress); !prepared) {
    RemoveScratchFolder(folder);
    close(folder.lock);
    return prepared.error();
  }
  Command server;
  server.argv = {plan.binaries.Program("postgres"), "-D", folder.Data(), "-k", folder.path};
  server.folder = folder.path;
  server.log = folder.Log();
  server.run_as = plan.account;
  server.death_signal = SIGQUIT;
  const Sandbox sandbox(server.argv.front(), folder.path);
  if (plan.confined) server.sandbox = &sandbox;
  if (plan.clock_ahead) server.variables.push_back(InstallShiftedClock(folder.path));
  TRY_ASSIGN(ScratchSupervisor supervisor, ScratchSupervisor::Start(folder, server));
  TRY_ASSIGN(postgres::Session session, AwaitReady(folder, supervisor));
  return EmbeddedServer{std::move(supervisor), std::move(session)};
}

// A checkout of others can have other programs in its node_modules.
Result<ServerBinaries> BinariesFor(const ScratchOptions& options) {
  if (!options.foreign_history) {
    return ChooseServerBinaries(options.binaries, options.major, options.project);
  }
  Result<ServerBinaries> binaries = ChooseServerBinaries(options.binaries, options.major);
  if (binaries || binaries.error().code != ErrorCode::kNoServerBinaries) return binaries;
  if (!HasNpmPrograms(options.project)) return binaries;
  Error error = binaries.error();
  error.hint = fmt::format(
      "{} in node_modules is not used for a package that the project's git repository "
      "does not have: commit the package, or, if you trust it, pass --trust-history",
      NpmPackageName());
  return error;
}

Result<Plan> MakePlan(const ScratchOptions& options) {
  TRY_ASSIGN(ServerBinaries binaries, BinariesFor(options));
  Plan plan{std::move(binaries),
            options.locale.empty() ? NearestLocale() : options.locale,
            "",
            ServerAccount(),
            Sandbox::Unavailable().empty(),
            options.clock_ahead};
  plan.template_file = TemplatePathFor(plan.binaries, plan.locale + Settings(plan.binaries));
  return plan;
}

// If the template is the cause, try once more without it.
Result<EmbeddedServer> StartTwice(const Plan& plan, Progress& progress) {
  const bool had_template = access(plan.template_file.c_str(), R_OK) == 0;
  Result<EmbeddedServer> server = StartOnce(plan, progress);
  if (server || !had_template || Interruption::Requested()) return server;
  unlink(plan.template_file.c_str());
  return StartOnce(plan, progress);
}

void SayNotConfined(const std::string& reason, Progress& progress) {
  static std::atomic_flag said;
  if (said.test_and_set()) return;
  progress.Notice(
      fmt::format("the scratch server has no sandbox, because {}: what the migrations make the "
                  "server do (COPY … TO PROGRAM) can affect this machine",
                  reason));
}

}  // namespace

Error NotConfined(const std::string& reason) {
  return MakeError(
      ErrorCode::kNotConfined,
      fmt::format("the package is not committed to this project's git repository, so "
                  "its history may be somebody else's, and it would run on a server without a "
                  "sandbox, because {}",
                  reason),
      "if you trust the migrations, pass --trust-history; otherwise commit the package, or run the "
      "command where Landlock is available, without --scratch-url");
}

Result<EmbeddedServer> StartEmbedded(const ScratchOptions& options, Progress& progress) {
  TRY_ASSIGN(Plan plan, MakePlan(options));
  std::string reason = Sandbox::Unavailable();
  if (!reason.empty() && options.foreign_history) return NotConfined(reason);
  SweepScratchFolders();
  Result<EmbeddedServer> server = StartTwice(plan, progress);
  const bool may_retry = !options.foreign_history && !Interruption::Requested();
  if (!server && plan.confined && may_retry) {
    // Some installations use start scripts, which a sandbox does not allow.
    plan.confined = false;
    reason = "the server does not start in a sandbox";
    server = StartTwice(plan, progress);
  }
  if (server && !plan.confined) SayNotConfined(reason, progress);
  return server;
}

Result<EmbeddedKind> KindOfEmbedded(const ScratchOptions& options) {
  TRY_ASSIGN(const Plan plan, MakePlan(options));
  return EmbeddedKind{plan.binaries.major,
                      std::filesystem::path(plan.template_file).filename().string()};
}

}  // namespace ballast::scratch
