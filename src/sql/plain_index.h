// SPDX-License-Identifier: Apache-2.0
// CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY, and the same without CONCURRENTLY.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::sql {

struct PlainIndex {
  bool create = false;  // false: DROP INDEX
  std::string
      object;  // the table for CREATE, the index for DROP; qualified, as NameContent gives it
  // The script with CONCURRENTLY replaced by spaces, so that all other positions are unchanged.
  // According to the manual ("Building Indexes Concurrently") the index is the same; the statement
  // locks the table instead and can run inside a transaction.
  std::string plain;
};

// The statement if the script is exactly one of them, apart from comments; else nothing. DROP INDEX
// of several names is not one, because the server refuses it with CONCURRENTLY.
std::optional<PlainIndex> ReadPlainIndex(std::string_view script);

// The last part of a qualified name: "User" of "public.User".
std::string_view LastPart(std::string_view name);

}  // namespace ballast::sql
