// SPDX-License-Identifier: Apache-2.0
// What a server answers to a message.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ballast::postgres {

using Value = std::optional<std::string>;  // text format; nullopt is NULL

// Of a boolean; NULL is not true.
inline bool IsTrue(const Value& value) {
  return value == "t";
}

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
  std::string command_tag;  // "INSERT 0 1", "SELECT 2"
  size_t ordinal = 0;       // 0-based index among the results of its message
};

// A server's error (PostgreSQL manual, "Error and Notice Message Fields"). Passwords from the sent
// text are masked.
struct ServerError {
  std::string severity;
  std::string sqlstate;  // empty: the connection broke
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;
  // What caused it, where the server names it: for constraints and NOT NULL.
  std::string schema, table, column, constraint;
  int position = 0;  // 1-based, in characters of the sent message; 0: none
  bool connection_lost = false;
};

// The results of one message, up to the error if there was one.
struct Outcome {
  std::vector<Rows> results;
  std::optional<ServerError> error;
  size_t completed = 0;  // statements before the error, including those whose results were not kept

  bool ok() const { return !error.has_value(); }
};

}  // namespace ballast::postgres
