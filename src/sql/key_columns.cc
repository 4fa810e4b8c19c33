// SPDX-License-Identifier: Apache-2.0
#include "sql/key_columns.h"

#include "sql/lexer.h"

namespace ballast::sql {

std::vector<std::string> ColumnsOfKey(std::string_view definition) {
  std::vector<std::string> names;
  bool begins = false;  // a name
  for (const Token& token : Tokenize(definition)) {
    const std::string_view text = definition.substr(token.offset, token.length);
    if (text == ")") break;
    if (text == "(" || text == ",") {
      begins = true;
    } else if (begins) {
      names.push_back(NameContent(text));
      begins = false;
    }
  }
  return names;
}

}  // namespace ballast::sql
