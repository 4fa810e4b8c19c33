// SPDX-License-Identifier: Apache-2.0
// What the role lacks for a change of a live database, found before any row is read: rows that it
// may not read are neither missing nor equal.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "difference/difference.h"
#include "plan/change.h"
#include "postgres/session.h"

namespace ballast::change {

// What the change needs of tables that exist; those that do not are left out.
struct NeededPrivileges {
  std::vector<std::string> read;    // quoted tables whose rows are read
  std::vector<std::string> insert;  // quoted tables that get rows and have their sequences moved
  std::vector<std::string> own;     // quoted relations that are altered or dropped
  std::vector<std::string> refer;   // quoted tables that get foreign keys of others
  std::vector<std::string> create;  // raw names of schemas that get objects
  // Further objects that exist, and change.
  struct Owned {
    catalog::ObjectRef object;
    std::string owner;   // raw
    bool drops = false;  // which the owner of its schema may do, too
  };
  std::vector<Owned> owned;
  // A script of somebody's own runs, so the rows of all tables that the role may change are read.
  bool any_rows = false;
};

// Adds what the statements need: their tables are read, too.
void AddStatements(const std::vector<difference::Statement>& statements, NeededPrivileges& needed);

// Adds the owners, in the live database, of functions, types and other objects that are no
// relations and that the statements change.
void AddOwners(const std::vector<difference::Statement>& statements, const catalog::Database& live,
               NeededPrivileges& needed);

// Errors as Session::Query.
Result<plan::LackedOfChange> FindLacked(const NeededPrivileges& needed, const std::string& schema,
                                        postgres::Session& session);

}  // namespace ballast::change
