// SPDX-License-Identifier: Apache-2.0
#include "apply/role_watch.h"

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

// The script of an extension can create roles, too.
bool MayCreateRoles(std::string_view script) {
  if (!ContainsIgnoringAsciiCase(script, "create")) return false;
  if (ContainsIgnoringAsciiCase(script, "extension")) return true;
  return ContainsIgnoringAsciiCase(script, "role") || ContainsIgnoringAsciiCase(script, "user") ||
         ContainsIgnoringAsciiCase(script, "group");
}

bool CreatesCode(std::string_view script) {
  return ContainsIgnoringAsciiCase(script, "function") ||
         ContainsIgnoringAsciiCase(script, "procedure");
}

// The roles that the statements themselves create, without those of code that they run.
std::set<std::string> CreatedRoles(std::string_view script) {
  std::set<std::string> names;
  for (sql::StatementIterator walk(script); walk.Next();) {
    sql::TokenReader words = walk.reader();
    if (!words.Take("create")) continue;
    if (!words.Take("role") && !words.Take("user") && !words.Take("group")) continue;
    if (words.Is("mapping")) continue;
    if (!words.AtEnd()) names.insert(sql::NameContent(words.Text()));
  }
  return names;
}

}  // namespace

Result<RoleWatch::Roles> RoleWatch::RolesOf(postgres::Session& session) {
  // Query would set client_encoding, which is state that a script may have left.
  const postgres::Outcome outcome =
      session.Run("SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r");
  if (outcome.error) return postgres::ErrorOf(*outcome.error, "a query of ballast");
  Roles roles;
  for (const auto& row : outcome.results.back().rows) {
    roles.emplace(row[0].value_or(""), row[1].value_or(""));
  }
  return roles;
}

bool RoleWatch::Watches(std::string_view script) {
  if (observer_ == nullptr) return false;
  if (MayCreateRoles(script)) {
    watches_ = true;
    code_ = code_ || CreatesCode(script);
    return true;
  }
  return code_;
}

// The order matters: a role that another session commits between the two queries is not in the
// first answer. One that another session drops between them does not exist at the end.
Status RoleWatch::InTransaction() {
  TRY_ASSIGN(const Roles inside, RolesOf(session_));
  TRY_ASSIGN(const Roles outside, RolesOf(*observer_));
  for (const auto& [oid, name] : inside) {
    if (!outside.contains(oid)) made_.insert(oid);
  }
  return {};
}

Status RoleWatch::BeginUnseen() {
  TRY_ASSIGN(before_, RolesOf(*observer_));
  return {};
}

Status RoleWatch::EndUnseen(const std::string& migration, std::string_view script) {
  TRY_ASSIGN(const Roles after, RolesOf(*observer_));
  const std::set<std::string> created = CreatedRoles(script);
  for (const auto& [oid, name] : after) {
    if (before_.contains(oid) || made_.contains(oid)) continue;
    if (created.contains(name)) {
      made_.insert(oid);
    } else {
      unclear_.emplace(oid, migration);
    }
  }
  return {};
}

Status RoleWatch::Finish(std::vector<std::string>& made, std::vector<UnclearRole>& unclear) {
  if (!watches_) return {};
  TRY_ASSIGN(const Roles roles, RolesOf(*observer_));
  for (const auto& [oid, name] : roles) {
    if (made_.contains(oid)) made.push_back(name);
    const auto found = unclear_.find(oid);
    if (found != unclear_.end()) unclear.push_back({name, found->second});
  }
  return {};
}

}  // namespace ballast::apply
