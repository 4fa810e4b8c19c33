// SPDX-License-Identifier: Apache-2.0
// The parts of what follows the columns in CREATE TABLE. Only for this folder.
#pragma once

#include <map>
#include <string>

namespace ballast::difference {

struct TableTail {
  std::string head;                               // SERVER, OPTIONS, PARTITION BY
  std::string method;                             // after USING, quoted; empty: heap
  std::string tablespace;                         // quoted; empty: the database's default
  std::map<std::string, std::string> parameters;  // of WITH
};
TableTail ParseTail(const std::string& tail);

// " SET (…)" and " RESET (…)" actions of ALTER TABLE; empty if no parameter differs.
std::string ResetParameters(const TableTail& from, const TableTail& to);
std::string SetParameters(const TableTail& from, const TableTail& to);

}  // namespace ballast::difference
