// SPDX-License-Identifier: Apache-2.0
// Finds the statements of a script that create, change or drop extensions, with PostgreSQL's
// grammar, to check before a deploy whether the role may run them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

enum class ExtensionAct {
  kCreate,     // CREATE EXTENSION
  kChange,     // ALTER EXTENSION and COMMENT ON EXTENSION: only the owner may do it
  kDrop,       // DROP EXTENSION
  kSwitchRole  // SET ROLE, SET SESSION AUTHORIZATION, RESET of either: another role runs the rest
};

struct ExtensionStatement {
  ExtensionAct act = ExtensionAct::kCreate;
  std::string name;       // as the catalog has it; empty for kSwitchRole
  std::string version;    // of CREATE EXTENSION … VERSION; empty: the default one
  bool cascade = false;   // CREATE EXTENSION … CASCADE
  std::string_view text;  // a view into the script, without its semicolon
  int line = 1;
};

// In the order of the script. A DROP EXTENSION of several names returns one entry for each. Omits
// statements that the grammar cannot parse, and statements inside DO blocks and functions.
std::vector<ExtensionStatement> ExtensionStatementsIn(std::string_view script);

}  // namespace ballast::sql
