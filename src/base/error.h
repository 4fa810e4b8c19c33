// SPDX-License-Identifier: Apache-2.0
// An error as a value. It is created once, near its cause; callers add at most one clause.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error_codes.h"

namespace ballast {

// A position: a file or a migration's name, with a 1-based line (0: the line is not known).
struct Place {
  std::string file;
  int line = 0;

  bool operator==(const Place&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::kBug;
  std::string message;  // one sentence, no code, no password
  std::string hint;     // the next thing to do, often a command; may be empty
  Place where;
  // For scripts and -v, in order: ("sqlstate", "42P01"), ("object", …).
  std::vector<std::pair<std::string, std::string>> details;
  // Something was committed before the error: the exit status is 4 for every code.
  bool partial = false;

  // The first detail of that name, or an empty string.
  std::string Detail(std::string_view name) const;

  // All details of that name, in order.
  std::vector<std::string> AllDetails(std::string_view name) const;
};

Error MakeError(ErrorCode code, std::string message, std::string hint = {}, Place where = {});

// The exit status of the process: 4 for a partial error, else the one of its code.
ExitStatus StatusOf(const Error& error);

}  // namespace ballast
