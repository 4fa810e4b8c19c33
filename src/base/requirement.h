// SPDX-License-Identifier: Apache-2.0
// What a script or a database asks of the server that shall hold it.
#pragma once

#include <string>

namespace ballast {

struct Requirement {
  std::string feature;  // "NULLS NOT DISTINCT"
  std::string object;   // what uses it: `index "User_email_key"`
  int since = 0;        // the first major version that has it

  auto operator<=>(const Requirement&) const = default;
};

}  // namespace ballast
