// SPDX-License-Identifier: Apache-2.0
#include "apply/cut_off.h"

#include <fmt/format.h>

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

}  // namespace ballast::apply
