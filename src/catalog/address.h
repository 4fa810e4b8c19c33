// SPDX-License-Identifier: Apache-2.0
// The names of an object in statements about it.
#pragma once

#include <string>

namespace ballast::catalog {

// How COMMENT ON, ALTER … OWNER TO and GRANT … ON name an object.
struct Address {
  std::string kind;  // "TABLE", "MATERIALIZED VIEW", "CONSTRAINT"
  std::string text;  // "\"User\"", "\"User_pkey\" ON \"User\""
  std::string owner;
  bool owner_follows = false;  // has no owner of its own, or has its table's
  // An expression that returns the name when the script runs; `text` is then "%I".
  std::string named_by;          // "current_schema()", "current_database()"
  bool owner_changed = false;    // written even if the owner is the role that read the database
  std::string column;            // for a COLUMN: its quoted name, which is the end of `text`
  std::string grant_text = {};   // the form for GRANT; empty: `text`
  std::string object_kind = {};  // in snapshots ("enum"); empty: `kind` in lower case
  std::string arguments = {};    // of a routine or an operator: the types, "integer, text"
};

}  // namespace ballast::catalog
