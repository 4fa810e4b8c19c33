// SPDX-License-Identifier: Apache-2.0
// Progress on stderr: a line that is redrawn on a terminal, lines in a log, or lines of JSON.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "cli/terminal.h"

namespace ballast::cli {

enum class ProgressForm {
  kTerminal,  // one line, redrawn every second and with each step
  kLog,       // a line when a stage begins and ends, and every ten seconds in between
  kJson,      // the same moments as one JSON object per line
  kNone       // nothing, not even notices
};

struct ProgressSettings {
  ProgressForm form = ProgressForm::kLog;
  Style style = {};
  // Columns of the terminal at this moment; asked for before each redraw.
  std::function<size_t()> columns = [] { return size_t{80}; };
  std::FILE* stream = stderr;
  // How long between two lines about a running stage. Zero: the form's own.
  std::chrono::milliseconds interval{0};
};

// Also safe to call from a thread of its own: steps and ticks are serialised.
class ProgressOutput : public Progress {
 public:
  // Ends the running stage and removes the redrawn line. Call it before anything else is printed.
  virtual void Finish() = 0;
};

std::unique_ptr<ProgressOutput> MakeProgressOutput(const ProgressSettings& settings);

}  // namespace ballast::cli
