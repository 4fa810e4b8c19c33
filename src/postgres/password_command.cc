// SPDX-License-Identifier: Apache-2.0
#include "postgres/password_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/interruption.h"

extern char** environ;

namespace ballast::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr size_t kMostBytes = size_t{64} * 1024;

Error Failed(const CommandWords& words, const std::string& what) {
  return MakeError(ErrorCode::kAuthentication, words.name + " " + what, words.hint);
}

// Runs the command as a separate process group, so that all of it can be killed.
class Shell {
 public:
  explicit Shell(const std::string& command) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) sigaddset(&usual, number);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    std::array<char*, 4> argv{const_cast<char*>("sh"), const_cast<char*>("-c"),
                              const_cast<char*>(command.c_str()), nullptr};
    if (posix_spawn(&process_, "/bin/sh", &files, &attributes, argv.data(), environ) != 0) {
      process_ = -1;
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    output_ = ends[0];
  }
  ~Shell() {
    if (output_ >= 0) close(output_);
    if (process_ <= 0) return;
    kill(-process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  bool started() const { return process_ > 0; }
  int output() const { return output_; }
  // Its exit status, as in a shell; -1: it has not ended yet.
  int Wait(Clock::time_point end) {
    int status = 0;
    while (waitpid(process_, &status, WNOHANG) == 0) {
      if (Clock::now() > end || Interruption::WaitFor(milliseconds(1))) return -1;
    }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t process_ = -1;
  int output_ = -1;
};

// Until the end of the output.
Status ReadOutput(int output, Clock::time_point end, const CommandWords& words, std::string* text) {
  std::array<char, 4096> buffer{};
  while (text->size() <= kMostBytes) {
    if (Interruption::Requested()) return Interruption::AsError();
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    if (left.count() <= 0) return Failed(words, "took too long");
    std::array<pollfd, 2> watched{{{output, POLLIN, 0}, {Interruption::Descriptor(), POLLIN, 0}}};
    poll(watched.data(), watched.size(), static_cast<int>(left.count()));
    const ssize_t got = read(output, buffer.data(), buffer.size());
    if (got == 0) return {};
    if (got > 0) text->append(buffer.data(), static_cast<size_t>(got));
  }
  return Failed(words, "printed more than 64 KiB");
}

}  // namespace

Result<std::string> RunPasswordCommand(const std::string& command, milliseconds limit,
                                       const CommandWords& words) {
  Shell shell(command);
  if (!shell.started()) return Failed(words, "cannot be started");
  std::string text;
  const Clock::time_point end = Clock::now() + limit;
  TRY(ReadOutput(shell.output(), end, words, &text));
  const int status = shell.Wait(end);
  if (status < 0)
    return Interruption::Requested() ? Interruption::AsError() : Failed(words, "took too long");
  if (status > 0) return Failed(words, fmt::format("ended with status {}", status));
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return Failed(words, "printed nothing");
  if (text.find('\0') != std::string::npos) return Failed(words, "printed a NUL byte");
  if (text.find('\n') != std::string::npos) return Failed(words, "printed more than one line");
  return text;
}

}  // namespace ballast::postgres
