// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

struct BlockStatement {
  std::string text;
  // Statements of one number run one after the other, or none of them has an effect. 0: they always
  // run.
  int branch = 0;
};

// The SQL statements in the code of a DO block, in order, and those that EXECUTE runs from a string
// constant; among them may be other commands of PL/pgSQL. By words; empty if the statement is no
// DO.
std::vector<BlockStatement> StatementsOfBlock(std::string_view statement);

}  // namespace ballast::sql
