// SPDX-License-Identifier: Apache-2.0
#include "cli/safe_text.h"

#include <algorithm>
#include <array>

#include "base/printable.h"

namespace ballast::cli {
namespace {

// As Style writes them (terminal.cc).
constexpr std::array<std::string_view, 6> kSequences = {"\x1b[0m",  "\x1b[1m",  "\x1b[2m",
                                                        "\x1b[32m", "\x1b[33m", "\x1b[1;31m"};

std::string_view SequenceAt(std::string_view text) {
  const auto found = std::find_if(kSequences.begin(), kSequences.end(),
                                  [&](std::string_view each) { return text.starts_with(each); });
  return found == kSequences.end() ? std::string_view() : *found;
}

template <class Escape>
std::string BetweenSequences(std::string_view text, const Escape& escape) {
  std::string safe;
  size_t begin = 0;
  for (size_t at = text.find('\x1b'); at != std::string_view::npos;
       at = text.find('\x1b', at + 1)) {
    const std::string_view sequence = SequenceAt(text.substr(at));
    if (sequence.empty()) continue;
    safe += escape(text.substr(begin, at - begin));
    safe += sequence;
    begin = at + sequence.size();
  }
  return safe + escape(text.substr(begin));
}

}  // namespace

std::string SafeText(std::string_view text, bool color) {
  return color ? BetweenSequences(text, PrintableLines) : PrintableLines(text);
}

std::string SafeLine(std::string_view text) {
  return BetweenSequences(text, Printable);
}

}  // namespace ballast::cli
