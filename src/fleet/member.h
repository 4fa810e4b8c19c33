// SPDX-License-Identifier: Apache-2.0
// A target of a fleet: a database, or a schema of one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/url.h"

namespace ballast::fleet {

struct Member {
  std::string name;  // unique in the fleet
  std::vector<std::string> groups;
  std::map<std::string, std::string> labels;
  std::set<std::string> secrets;  // labels that stand in the password of the URL template
  std::string url;                // contains the password; never print it
  std::string variable;           // that holds exactly `url`; empty: none
  std::string url_command;        // prints the URL; run for each connection; empty: use `url`
  // Replace the parts of the URL; empty: as in the URL.
  std::string database;
  std::string schema;
  bool lacks_database = false;  // its row has a column `database`, which is NULL or empty
};

// The labels as reports show them: "***" in place of passwords, which are the values of `secrets`,
// of labels whose name contains "password", and those in URLs.
std::map<std::string, std::string> ShownLabels(const Member& member);

// The target's address. Runs `url_command` if set. `password_command` as in postgres::Target. P1013
// never shows the URL; P1000 if the command fails.
Result<postgres::Target> TargetOf(const Member& member, const std::string& password_command);

// Gives the member the URL of the template, with each {placeholder} replaced by its name, database,
// schema or label of that name, encoded for its place. A database that the path names goes to
// `member.database` instead, so that it is no other one (Target::undecoded_database). B100 names an
// unknown placeholder; the member is then unchanged.
Status ApplyTemplate(const std::string& url_template, Member& member);

// The value of --database-url, as a word of a shell's command line, that reaches the member without
// showing a password: its variable if `process` (the program's own variables) has it, else its URL,
// "***" instead of a password, or "…" if it cannot be shown.
std::string UrlArgument(const Member& member,
                        const std::map<std::string, std::string, std::less<>>& process);

}  // namespace ballast::fleet
