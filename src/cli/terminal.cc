// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace ballast::cli {
namespace {

std::string Wrapped(bool color, std::string_view code, std::string_view text) {
  if (!color) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace

bool IsDumbTerminal() {
  const char* type = std::getenv("TERM");
  return type == nullptr || *type == '\0' || std::string_view(type) == "dumb";
}

bool UseColor(Color choice, int descriptor) {
  if (choice != Color::kAuto) return choice == Color::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  return isatty(descriptor) != 0 && !IsDumbTerminal();
}

size_t TerminalColumns(int descriptor) {
  constexpr size_t kUsual = 80;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
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

}  // namespace ballast::cli
