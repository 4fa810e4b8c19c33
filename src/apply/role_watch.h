// SPDX-License-Identifier: Apache-2.0
// Determines which roles a replay made on a server that others use, too. A role that the replay's
// session sees before its transaction commits, and that another session does not see, is its own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::apply {

// A role that appeared while a script ran that controls its transactions itself: nobody can know
// whether the script made it.
struct UnclearRole {
  std::string name;
  std::string migration;

  bool operator==(const UnclearRole&) const = default;
};

class RoleWatch {
 public:
  // `observer` is another session of the same server, in no transaction; null: does nothing.
  RoleWatch(postgres::Session& session, postgres::Session* observer)
      : session_(session), observer_(observer) {}

  // Whether the script, or code that an earlier one created, may create roles: then each of its
  // transactions must call InTransaction before it commits. Also for one statement.
  bool Watches(std::string_view script);

  // Notes the roles that the open transaction of the session made. B304, as Session::Query.
  Status InTransaction();

  // Before and after a script whose transactions do not call InTransaction. Roles that its
  // statements themselves create are its own, because a statement fails if the role exists.
  Status BeginUnseen();
  Status EndUnseen(const std::string& migration, std::string_view script);

  // The names of those that still exist.
  Status Finish(std::vector<std::string>& made, std::vector<UnclearRole>& unclear);

 private:
  using Roles = std::map<std::string, std::string>;  // name by OID
  static Result<Roles> RolesOf(postgres::Session& session);

  postgres::Session& session_;
  postgres::Session* observer_;
  bool watches_ = false;  // a script may create roles
  bool code_ = false;     // later ones may, too
  Roles before_;
  std::set<std::string> made_;                  // OIDs
  std::map<std::string, std::string> unclear_;  // migration by OID
};

}  // namespace ballast::apply
