// SPDX-License-Identifier: Apache-2.0
// Terminal properties: colors and size.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace ballast::cli {

// Whether TERM is "dumb" or not set: the terminal understands no escape sequences.
bool IsDumbTerminal();

// Whether to color text on this stream: never by default on a dumb terminal (respects NO_COLOR,
// https://no-color.org).
bool UseColor(Color choice, int descriptor);

// Columns of the terminal on `descriptor`; 80 if it does not report a size.
size_t TerminalColumns(int descriptor);

struct Style {
  bool color = false;
  std::string Bold(std::string_view text) const;
  std::string Red(std::string_view text) const;
  std::string Green(std::string_view text) const;
  std::string Yellow(std::string_view text) const;
  std::string Dim(std::string_view text) const;
};

}  // namespace ballast::cli
