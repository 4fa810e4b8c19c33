// SPDX-License-Identifier: Apache-2.0
#include "scratch/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> EnvironmentFor(const Command& command) {
  std::vector<std::string> environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC",
                                          "HOME=/nonexistent"};
  const fs::path lib = fs::path(command.argv.at(0)).parent_path().parent_path() / "lib";
  std::error_code ignored;
  if (fs::is_directory(lib, ignored)) environment.push_back("LD_LIBRARY_PATH=" + lib.string());
  environment.insert(environment.end(), command.variables.begin(), command.variables.end());
  return environment;
}

std::vector<char*> PointersTo(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void ResetSignals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD}) {
    signal(signal_number, SIG_DFL);
  }
}

bool BecomeAccount(const ServerAccountIds& account) {
  if (!account.change) return true;
  (void)setgroups(1, &account.group);  // refused in some containers, and not needed there
  return setgid(account.group) == 0 && setuid(account.user) == 0;
}

bool RedirectOutput(const char* file) {
  const int in = open("/dev/null", O_RDONLY);
  const int out = open(file, O_WRONLY | O_CREAT | O_APPEND, 0600);
  return in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2;
}

// Reads the system's list of accounts in a thread-safe way, because servers start in parallel.
using Texts = std::array<char, 4096>;

std::string NameOf(uid_t user) {
  passwd entry{};
  Texts texts{};
  passwd* found = nullptr;
  getpwuid_r(user, &entry, texts.data(), texts.size(), &found);
  return found == nullptr ? std::to_string(user) : found->pw_name;
}

std::string RefusalOf(const Command& command) {
  if (!command.run_as.change) return command.argv.at(0) + " cannot be run\n";
  const std::string name = NameOf(command.run_as.user);
  return command.argv.at(0) + " cannot be run as " + name +
         ", the account that stands in for root; it must be able to read that folder\n";
}

}  // namespace

ServerAccountIds ServerAccount() {
  if (geteuid() != 0) return {};
  for (const char* name : {"postgres", "nobody"}) {
    passwd entry{};
    Texts texts{};
    passwd* found = nullptr;
    getpwnam_r(name, &entry, texts.data(), texts.size(), &found);
    if (found != nullptr && entry.pw_uid != 0) return {true, entry.pw_uid, entry.pw_gid};
  }
  return {true, 65534, 65534};
}

PreparedCommand::PreparedCommand(const Command& command)
    : command_(command),
      environment_(EnvironmentFor(command)),
      refusal_(RefusalOf(command)),
      argv_(PointersTo(command.argv)),
      environment_pointers_(PointersTo(environment_)) {}

void PreparedCommand::BecomeChildOf(pid_t parent) const {
  const char* const folder = command_.folder.empty() ? "/" : command_.folder.c_str();
  const char* const log = command_.log.empty() ? "/dev/null" : command_.log.c_str();
  ResetSignals();
  // The death signal is reset by a change of account, so it is set afterwards.
  const bool ready = BecomeAccount(command_.run_as) &&
                     prctl(PR_SET_PDEATHSIG, command_.death_signal) == 0 && getppid() == parent &&
                     chdir(folder) == 0 && RedirectOutput(log);
  if (ready) {
    close_range(3, ~0U, 0);
    umask(077);
    if (command_.sandbox == nullptr || command_.sandbox->Enter()) Become();
  }
  if (RedirectOutput(log)) (void)!write(2, refusal_.data(), refusal_.size());
  _exit(127);
}

void PreparedCommand::Become() const {
  execve(argv_[0], argv_.data(), environment_pointers_.data());
}

pid_t PreparedCommand::Start() const {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) BecomeChildOf(parent);
  return child;
}

pid_t StartProcess(const Command& command) {
  return PreparedCommand(command).Start();
}

int WaitForProcess(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string OutputOf(const std::vector<std::string>& argv) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  Command command;
  command.argv = argv;
  command.log = fmt::format("/proc/self/fd/{}", ends[1]);
  const pid_t child = StartProcess(command);
  close(ends[1]);
  std::string output;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; child > 0 && (got = read(ends[0], buffer.data(), buffer.size())) != 0;) {
    if (got > 0) output.append(buffer.data(), static_cast<size_t>(got));
    if (got < 0 && errno != EINTR) break;
  }
  close(ends[0]);
  return child > 0 && WaitForProcess(child) == 0 ? output : "";
}

Status MakePrivateFolder(const std::string& path, const ServerAccountIds& owner) {
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  const bool made = mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
  const bool given = made && (!owner.change || chown(path.c_str(), owner.user, owner.group) == 0);
  if (given) return {};
  return MakeError(ErrorCode::kCannotWrite,
                   fmt::format("cannot create the folder {}: {}", path, std::strerror(errno)),
                   "choose a folder that can be written");
}

}  // namespace ballast::scratch
