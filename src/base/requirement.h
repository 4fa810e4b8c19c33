// SPDX-License-Identifier: Apache-2.0
// A feature that a script or a database requires of the server.
#pragma once

#include <string>

namespace ballast {

struct Requirement {
  std::string feature;  // "NULLS NOT DISTINCT"
  std::string object;   // what uses it: `index "User_email_key"`
  int since = 0;        // the first PostgreSQL major version that has it

  auto operator<=>(const Requirement&) const = default;
};

}  // namespace ballast
