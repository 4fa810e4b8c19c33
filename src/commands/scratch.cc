// SPDX-License-Identifier: Apache-2.0
#include "commands/scratch.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "commands/deploy.h"
#include "scratch/scratch_server.h"

namespace ballast::commands {
namespace {

// What the command's environment says of the database, for Prisma, libpq and psql.
std::map<std::string, std::string> VariablesFor(const scratch::ScratchDatabase& database) {
  const postgres::Target& target = database.target();
  std::map<std::string, std::string> variables = {{"DATABASE_URL", database.Url()},
                                                  {"DIRECT_URL", database.Url()},
                                                  {"PGHOST", target.host},
                                                  {"PGPORT", target.port},
                                                  {"PGDATABASE", target.database}};
  const std::string user = target.KeywordValue("user");
  const std::string password = target.KeywordValue("password");
  if (!user.empty()) variables["PGUSER"] = user;
  if (!password.empty()) variables["PGPASSWORD"] = password;
  return variables;
}

[[noreturn]] void Become(const std::vector<std::string>& command,
                         const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  std::fprintf(stderr, "ballast: cannot run %s: %s\n", arguments[0], std::strerror(errno));
  std::_Exit(errno == ENOENT ? 127 : 126);
}

// The command's status as a shell gives it; signals that come to us from the terminal come to it
// too.
int RunChild(const std::vector<std::string>& command,
             const std::map<std::string, std::string>& variables) {
  const auto old_int = std::signal(SIGINT, SIG_IGN);
  const auto old_quit = std::signal(SIGQUIT, SIG_IGN);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGQUIT, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    Become(command, variables);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::signal(SIGINT, old_int);
  std::signal(SIGQUIT, old_quit);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Status DeployTo(const scratch::ScratchDatabase& database, const project::Invocation& invocation) {
  project::Invocation there = invocation;
  there.database_url = database.Url();
  DeployReport deployed = Deploy({}, there);
  if (deployed.error) return *std::move(deployed.error);
  return {};
}

Status Run(const ScratchOptions& options, const project::Invocation& invocation,
           ScratchReport& report) {
  scratch::ScratchOptions scratch;
  scratch.url = invocation.scratch_url;
  scratch.major = options.major;
  TRY_ASSIGN(scratch::ScratchServer server,
             scratch::ScratchServer::Start(scratch, *invocation.progress));
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("scratch"));
  if (options.deployed) TRY(DeployTo(database, invocation));
  report.exit_status = RunChild(options.command, VariablesFor(database));
  return {};
}

}  // namespace

ScratchReport Scratch(const ScratchOptions& options, const project::Invocation& invocation) {
  ScratchReport report;
  Status done = Run(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
