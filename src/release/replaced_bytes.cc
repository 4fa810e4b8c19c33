// SPDX-License-Identifier: Apache-2.0
#include "release/replaced_bytes.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ballast::release {

std::vector<std::string> DescribeReplacedBytes(const std::vector<Migration>& migrations) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::vector<std::string> sentences;
  for (const Migration& migration : migrations) {
    const std::string& script = migration.script.TextOrEmpty();
    const size_t at = script.find(kReplacement);
    if (at == std::string::npos) continue;
    sentences.push_back(fmt::format(
        "line {} of {} has bytes that are not UTF-8, or U+FFFD: in their place the database gets "
        "the character U+FFFD, as with Prisma; save the file as UTF-8",
        LineAt(script, at), migration.name));
  }
  return sentences;
}

}  // namespace ballast::release
