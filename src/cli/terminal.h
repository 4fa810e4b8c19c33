// SPDX-License-Identifier: Apache-2.0
// The terminal: colours where they are wanted, a progress line where there is somebody to look at
// it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "cli/options.h"

namespace ballast::cli {

// Whether text on this stream is coloured (also NO_COLOR, https://no-color.org).
bool UseColor(Color choice, int descriptor);

struct Style {
  bool color = false;
  std::string Bold(std::string_view text) const;
  std::string Red(std::string_view text) const;
  std::string Green(std::string_view text) const;
  std::string Yellow(std::string_view text) const;
  std::string Dim(std::string_view text) const;
};

// On a terminal one line that is written over; in a log only the notices.
class TerminalProgress : public Progress {
 public:
  TerminalProgress(bool animate, bool quiet, Style style);
  ~TerminalProgress() override;

  void Stage(std::string_view what, size_t total) override;
  void Step(size_t done, std::string_view what) override;
  void Notice(std::string_view sentence) override;
  void Clear();  // before anything else is printed

 private:
  void Draw(std::string_view line);

  bool animate_;
  bool quiet_;
  Style style_;
  std::string stage_;
  size_t total_ = 0;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace ballast::cli
