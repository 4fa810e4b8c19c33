// SPDX-License-Identifier: Apache-2.0
// The SQL of a project's platform: one text from the scripts of several files, which remembers
// which lines are of which file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::release {

struct PlatformPart {
  std::string file;       // for errors; empty if the text names none
  std::string_view text;  // of that file alone

  bool operator==(const PlatformPart&) const = default;
};

// Appends the script of a file, with a comment in front that names it.
void AppendPart(std::string_view file, std::string_view text, std::string& script);

// The parts in order; views of the script. Without such a comment it is one part.
std::vector<PlatformPart> PartsOf(std::string_view script);

}  // namespace ballast::release
