// SPDX-License-Identifier: Apache-2.0
#include "cli/conclusion.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/interruption.h"
#include "base/text.h"

namespace ballast::cli {
namespace {

int missed = 0;  // errno of the first failed write to stdout

}  // namespace

void OpenStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // open() returns the lowest free number, which is this one.
    (void)!open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void Print(const std::string& text, std::FILE* stream) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  const bool flushed = std::fflush(stream) == 0;
  if ((!written || !flushed) && stream == stdout && missed == 0) missed = errno == 0 ? EIO : errno;
}

int Conclude(int status, bool applied) {
  if (missed == 0) return status;
  // A reader that has read enough (`| head -1`) knows that it left; that the database was changed
  // is said to everybody.
  if (missed != EPIPE || applied) {
    const char* const what =
        applied ? "; the database was changed, and `ballast status` shows it" : "";
    Print(fmt::format("Error B105: the output could not be written to stdout: {}{}\n",
                      std::strerror(missed), what),
          stderr);
  }
  if (status > static_cast<int>(ExitStatus::kRefused)) return status;
  return static_cast<int>(applied ? ExitStatus::kPartial : ExitStatus::kFailed);
}

Error InterruptedError(const Error& error, size_t applied, bool created) {
  Error interrupted = Interruption::AsError();
  if (applied > 0) {
    interrupted.message += fmt::format(
        "; {} applied before it and {}; the statement that was running was cancelled and its "
        "transaction rolled back",
        applied == 1 ? "1 migration was" : fmt::format("{} migrations were", applied),
        applied == 1 ? "stays" : "stay");
    interrupted.hint = "run the same command again to continue";
  } else if (StatusOf(error) == ExitStatus::kPartial) {
    interrupted.message += ": " + error.message;
    interrupted.hint =
        "run the same command again: it continues, or reports what must be decided first";
  } else {
    interrupted.message += created ? "; the database was created, and nothing in it was changed"
                                   : "; nothing was changed";
    interrupted.hint = "run the same command again";
  }
  interrupted.where = error.where;
  interrupted.details = error.details;
  interrupted.details.emplace_back("interrupted", error.message);
  return interrupted;
}

int InterruptedStatus() {
  return 128 + Interruption::Signal();
}

}  // namespace ballast::cli
