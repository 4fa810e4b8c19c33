// SPDX-License-Identifier: Apache-2.0
#include "commands/scratch.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "apply/setup_script.h"
#include "base/interruption.h"
#include "base/url_password.h"
#include "commands/deploy.h"
#include "commands/scratch_schema.h"
#include "commands/scratch_variables.h"
#include "commands/template_database.h"
#include "project/project_context.h"
#include "project/scratch_options.h"
#include "scratch/scratch_server.h"
#include "workspace/files.h"

namespace ballast::commands {
namespace {

[[noreturn]] void Become(const std::vector<std::string>& command,
                         const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  const int problem = errno;
  const std::string program = MaskUrlPasswords(command.front());
  std::fprintf(stderr, "ballast: cannot run %s: %s\n", program.c_str(), std::strerror(problem));
  std::_Exit(problem == ENOENT ? 127 : 126);
}

// The command's status as in a shell. Signals from the terminal reach the command as well; a
// termination request to ballast alone is forwarded, and determines the status.
int RunChild(const std::vector<std::string>& command,
             const std::map<std::string, std::string>& variables) {
  const auto old_quit = std::signal(SIGQUIT, SIG_IGN);
  const pid_t child = fork();
  if (child == 0) {
    Interruption::Uninstall();
    std::signal(SIGQUIT, SIG_DFL);
    std::signal(SIGPIPE, SIG_DFL);
    Become(command, variables);
  }
  if (child < 0) {
    std::fprintf(stderr, "ballast: cannot create a process: %s\n", std::strerror(errno));
    return 126;
  }
  Interruption::ForwardTo(child);
  // A signal that arrived in between was not forwarded.
  if (Interruption::Requested()) kill(child, Interruption::Signal());
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  Interruption::ForwardTo(0);
  std::signal(SIGQUIT, old_quit);
  if (Interruption::Requested()) return 128 + Interruption::Signal();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Status DeployTo(const std::string& url, const ScratchOptions& options,
                const project::Invocation& invocation) {
  project::Invocation there = invocation;
  there.database_url = url;
  there.runs_password_command = false;
  DeployReport deployed = options.from_template ? DeployTemplate({}, there) : Deploy({}, there);
  if (deployed.error) return *std::move(deployed.error);
  return {};
}

// Deployed, if that was asked for.
Result<scratch::ScratchDatabase> MakeDatabase(scratch::ScratchServer& server,
                                              const ScratchOptions& options,
                                              const std::string& schema,
                                              const project::Invocation& invocation) {
  if (options.from_template) {
    scratch::ScratchDatabase database = server.ReserveDatabase("scratch");
    TRY(DeployTo(database.Url(schema), options, invocation));
    return database;
  }
  TRY_ASSIGN(scratch::ScratchDatabase database, server.CreateDatabase("scratch"));
  if (options.deployed) {
    TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
    TRY_ASSIGN(const std::string setup, project::SetupScriptOf(context));
    TRY_ASSIGN(postgres::Session session, database.Connect());
    TRY(apply::RunSetupScript(setup, session));
    TRY(DeployTo(database.Url(schema), options, invocation));
  }
  return database;
}

Status Run(const ScratchOptions& options, const project::Invocation& invocation,
           const std::function<void()>& before, ScratchReport& report) {
  scratch::ScratchOptions scratch{.project = invocation.directory};
  std::string schema;
  if (options.deployed || options.from_template) {
    TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
    const bool has_package =
        context.has_option_package ||
        workspace::IsFolder(context.project.package / release::kMigrationsPath);
    scratch = project::ScratchOptionsOf(
        context, has_package ? project::ScriptSource::kPackage : project::ScriptSource::kProject);
    TRY_ASSIGN(schema, ScratchSchemaOf(context));
  }
  scratch.url = invocation.scratch_url;
  scratch.major = options.major;
  TRY_ASSIGN(scratch::ScratchServer server,
             scratch::ScratchServer::Start(scratch, *invocation.progress));
  TRY_ASSIGN(const scratch::ScratchDatabase database,
             MakeDatabase(server, options, schema, invocation));
  const ScratchVariables variables(invocation);
  std::optional<scratch::ScratchDatabase> shadow;
  if (variables.NeedShadow()) {
    TRY_ASSIGN(shadow, server.CreateDatabase("shadow"));
  }
  if (Interruption::Requested()) return Interruption::AsError();
  before();
  report.exit_status =
      RunChild(options.command, variables.For(database, schema, shadow ? &*shadow : nullptr));
  return {};
}

}  // namespace

ScratchReport Scratch(const ScratchOptions& options, const project::Invocation& invocation,
                      const std::function<void()>& before) {
  ScratchReport report;
  Status done = Run(options, invocation, before, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
