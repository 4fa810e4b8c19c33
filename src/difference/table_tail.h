// SPDX-License-Identifier: Apache-2.0
// What follows the columns in CREATE TABLE, as the model writes it, in its parts. Inside of
// difference only.
#pragma once

#include <map>
#include <string>

namespace ballast::difference {

struct TableTail {
  std::string head;                               // SERVER, OPTIONS, PARTITION BY
  std::string method;                             // after USING, quoted; empty: heap
  std::string tablespace;                         // quoted; empty: the database's own
  std::map<std::string, std::string> parameters;  // of WITH
};
TableTail ParseTail(const std::string& tail);

// " SET (…)" and " RESET (…)" of ALTER TABLE, each a whole action; empty: no parameter differs.
std::string ResetParameters(const TableTail& from, const TableTail& to);
std::string SetParameters(const TableTail& from, const TableTail& to);

}  // namespace ballast::difference
