// SPDX-License-Identifier: Apache-2.0
// The clauses that follow the columns in CREATE TABLE. Only for this folder.
#pragma once

#include <map>
#include <string>

namespace ballast::difference {

struct TableClauses {
  std::string head;                               // SERVER, OPTIONS, PARTITION BY
  std::string method;                             // after USING, quoted; empty: heap
  std::string tablespace;                         // quoted; empty: the database's default
  std::map<std::string, std::string> parameters;  // of WITH
};
TableClauses ParseTableClauses(const std::string& tail);

// " SET (…)" and " RESET (…)" actions of ALTER TABLE; empty if no parameter differs.
std::string ResetParameters(const TableClauses& from, const TableClauses& to);
std::string SetParameters(const TableClauses& from, const TableClauses& to);

}  // namespace ballast::difference
