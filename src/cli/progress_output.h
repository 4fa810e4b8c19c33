// SPDX-License-Identifier: Apache-2.0
// Progress on stderr: a redrawn line on a terminal, lines in a log, or lines of JSON.
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
  kLog,       // a line when a stage begins and ends, and every ten seconds
  kJson,      // the same events as one JSON object per line
  kNone       // nothing, including notices
};

struct ProgressSettings {
  ProgressForm form = ProgressForm::kLog;
  Style style = {};
  // The current width of the terminal; called before each redraw.
  std::function<size_t()> columns = [] { return size_t{80}; };
  std::FILE* stream = stderr;
  // Where the forms for people print the target once the server is connected; null: nowhere.
  std::FILE* target_stream = nullptr;
  // Time between two lines about a running stage; zero: the default of the form.
  std::chrono::milliseconds interval{0};
};

// Thread-safe: steps and ticks are serialized.
class ProgressOutput : public Progress {
 public:
  // Ends the running stage and clears the redrawn line. Call it before printing anything else.
  virtual void Finish() = 0;
  // Whether the target has been printed.
  virtual bool HasPrintedTarget() const { return false; }
};

std::unique_ptr<ProgressOutput> MakeProgressOutput(const ProgressSettings& settings);

}  // namespace ballast::cli
