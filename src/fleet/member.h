// SPDX-License-Identifier: Apache-2.0
// A target of a fleet: a database, or a schema of one.
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
  std::string url;          // contains the password; never print it
  std::string url_command;  // prints the URL; run for each connection; empty: use `url`
  // Replace the parts of the URL; empty: as in the URL.
  std::string database;
  std::string schema;
};

// The target's address. Runs `url_command` if set. `password_command` as in postgres::Target. P1013
// names the target and never shows the URL; P1000 if the command fails.
Result<postgres::Target> TargetOf(const Member& member, const std::string& password_command);

// Replaces each {placeholder} by the member's name, database, schema or label of that name,
// percent-encoded for a URL. B100 names an unknown placeholder.
Result<std::string> ExpandTemplate(const std::string& url_template, const Member& member);

}  // namespace ballast::fleet
