// SPDX-License-Identifier: Apache-2.0
#include "apply/cut_off.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/classify.h"
#include "sql/split.h"

namespace ballast::apply {

std::string CutOffText(std::string_view script) {
  const sql::ScriptProperties properties = sql::AnalyzeScript(script);
  if (properties.unterminated != sql::UnterminatedKind::kNone) {
    return fmt::format("the script is cut off: the {} that begins on line {} is never closed",
                       sql::NameOf(properties.unterminated),
                       LineAt(script, properties.unterminated_offset));
  }
  sql::StatementIterator walk(script);
  while (walk.Next()) {
  }
  if (walk.open_parenthesis() != std::string_view::npos) {
    return fmt::format(
        "syntax error at end of input: the script is cut off, the parenthesis on line {} is never "
        "closed",
        LineAt(script, walk.open_parenthesis()));
  }
  return "syntax error at end of input: the script ends in the middle of a statement";
}

std::string CutOffText(std::string_view script, std::string_view server_message) {
  const bool at_end = server_message.starts_with("syntax error at end of input");
  if (at_end || server_message.starts_with("unterminated ")) return CutOffText(script);
  return {};
}

std::string MessageWithinScript(std::string_view script, const std::string& server_message) {
  constexpr std::string_view kNear = " at or near \"";
  const size_t near = server_message.find(kNear);
  const size_t end = server_message.rfind('"');
  const size_t begin = near + kNear.size();
  if (near == std::string::npos || end <= begin) return server_message;
  const std::string quoted = server_message.substr(begin, end - begin);
  if (script.find(quoted) != std::string_view::npos) return server_message;
  size_t own = std::min(quoted.size(), script.size());
  while (own > 0 && !script.ends_with(std::string_view(quoted).substr(0, own))) --own;
  if (own == 0) return server_message;
  const auto unterminated = sql::AnalyzeScript(script).unterminated;
  if (unterminated != sql::UnterminatedKind::kNone) return CutOffText(script);
  return fmt::format("the script is cut off: {}{}{}\"", server_message.substr(0, near), kNear,
                     TrimRight(std::string_view(quoted).substr(0, own)));
}

}  // namespace ballast::apply
