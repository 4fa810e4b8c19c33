// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace ballast::cli {
namespace {

std::string Wrapped(bool color, std::string_view code, std::string_view text) {
  if (!color) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace

bool UseColor(Color choice, int descriptor) {
  if (choice != Color::kAuto) return choice == Color::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  return isatty(descriptor) != 0;
}

std::string Style::Bold(std::string_view text) const {
  return Wrapped(color, "1", text);
}
std::string Style::Red(std::string_view text) const {
  return Wrapped(color, "1;31", text);
}
std::string Style::Green(std::string_view text) const {
  return Wrapped(color, "32", text);
}
std::string Style::Yellow(std::string_view text) const {
  return Wrapped(color, "33", text);
}
std::string Style::Dim(std::string_view text) const {
  return Wrapped(color, "2", text);
}

TerminalProgress::TerminalProgress(bool animate, bool quiet, Style style)
    : animate_(animate && !quiet), quiet_(quiet), style_(style) {}

TerminalProgress::~TerminalProgress() {
  Clear();
}

void TerminalProgress::Draw(std::string_view line) {
  std::fputs(fmt::format("\r\x1b[K{}", line).c_str(), stderr);
  std::fflush(stderr);
  drawn_ = true;
  last_ = std::chrono::steady_clock::now();
}

void TerminalProgress::Stage(std::string_view what, size_t total) {
  stage_ = what;
  total_ = total;
  if (animate_) Draw(fmt::format("⏳ {} …", what));
}

void TerminalProgress::Step(size_t done, std::string_view what) {
  constexpr auto kRedraw = std::chrono::milliseconds(80);
  if (!animate_ || std::chrono::steady_clock::now() - last_ < kRedraw) return;
  const std::string count =
      total_ > 0 ? fmt::format("{}/{}", done, total_) : fmt::format("{}", done);
  Draw(fmt::format("⏳ {} {} {}", stage_, count, style_.Dim(what.substr(0, 60))));
}

void TerminalProgress::Notice(std::string_view sentence) {
  if (quiet_) return;
  Clear();
  std::fputs(fmt::format("{} {}\n", style_.Yellow("⚠️ "), sentence).c_str(), stderr);
}

void TerminalProgress::Clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace ballast::cli
