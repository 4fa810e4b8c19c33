// SPDX-License-Identifier: Apache-2.0
#include "cli/become_program.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "cli/conclusion.h"

namespace ballast::cli {

int BecomeProgram(const std::vector<std::string>& arguments) {
  std::fflush(nullptr);
  std::signal(SIGPIPE, SIG_DFL);  // an ignored signal stays ignored; handlers end with the process
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  const int reason = errno;
  Print(fmt::format("Error: the deploy succeeded, but {} cannot be started: {}\n", arguments[0],
                    std::strerror(reason)),
        stderr);
  constexpr int kNotFound = 127;
  constexpr int kNotStarted = 126;
  return reason == ENOENT ? kNotFound : kNotStarted;
}

}  // namespace ballast::cli
