// SPDX-License-Identifier: Apache-2.0
// CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY, and what they are without that word.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::sql {

struct PlainIndex {
  bool create = false;  // else DROP INDEX
  std::string object;   // create: the table, drop: the index; as NameContent has it, qualified
  // The script with the word CONCURRENTLY blanked out, so that every other byte, line and position
  // stays where it is. By the manual of CREATE INDEX ("Building Indexes Concurrently") the index is
  // the same one; the statement then locks the table instead, and runs inside a transaction.
  std::string plain;
};

// The script as such a statement if it is exactly one of them (comments may stand around it), else
// nothing. DROP INDEX of several names is refused by the server with CONCURRENTLY, so it is none.
std::optional<PlainIndex> ReadPlainIndex(std::string_view script);

// The last part of a qualified name: "User" of "public.User".
std::string_view LastPart(std::string_view name);

}  // namespace ballast::sql
