// SPDX-License-Identifier: Apache-2.0
// One target of a fleet: a database, or a schema of one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/url.h"

namespace ballast::fleet {

struct Member {
  std::string name;  // unique in the fleet
  std::vector<std::string> groups;
  std::map<std::string, std::string> labels;
  std::string url;          // holds the password: never print it
  std::string url_command;  // prints the URL; run for each connection. Empty: `url` is used
  // In place of those of the URL; empty: those of the URL.
  std::string database;
  std::string schema;
};

// Where it is. Runs `url_command` if there is one. `password_command` as in postgres::Target. P1013
// names the target and never shows the URL; P1000 when the command fails.
Result<postgres::Target> TargetOf(const Member& member, const std::string& password_command);

// What is between `{` and `}` in the template is replaced by the member's name, database, schema or
// label of that name, percent-encoded for a URL. B100 names a placeholder that the member does not
// have.
Result<std::string> ExpandTemplate(const std::string& url_template, const Member& member);

}  // namespace ballast::fleet
