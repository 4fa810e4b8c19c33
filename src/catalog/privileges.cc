// SPDX-License-Identifier: Apache-2.0
#include "catalog/privileges.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

// GRANT and REVOKE know fewer words than COMMENT.
std::string GrantKind(const std::string& kind) {
  if (kind == "VIEW" || kind == "MATERIALIZED VIEW" || kind == "FOREIGN TABLE") return "TABLE";
  if (kind == "AGGREGATE") return "FUNCTION";
  if (kind == "SERVER") return "FOREIGN SERVER";
  return kind;
}

std::string RoleName(const std::string& role) {
  return role.empty() ? "PUBLIC" : sql::QuoteIdentifier(role);
}

// A statement about an object. If the name is known only when the script runs, the statement is
// built then.
std::string WithName(const Address& address, const std::string& before, const std::string& after) {
  if (!address.grant_text.empty()) return before + address.grant_text + after + ";\n";
  if (address.named_by.empty()) return before + address.text + after + ";\n";
  return RenderNamed(before, after, address.named_by);
}

std::string Privileges(const Address& address, const std::string& verb, const GrantGroup& group,
                       const std::string& after, bool all) {
  std::vector<std::string> words;
  words.reserve(group.size());
  for (const Grant& grant : group) words.push_back(grant.privilege);
  if (address.kind != "COLUMN") {
    const std::string privileges = all ? "ALL" : Join(words, ", ");
    return WithName(address, verb + privileges + " ON " + GrantKind(address.kind) + " ", after);
  }
  for (std::string& word : words) word += " (" + address.column + ")";
  const std::string table = address.text.substr(0, address.text.size() - address.column.size() - 1);
  return verb + Join(words, ", ") + " ON TABLE " + table + after + ";\n";
}

std::string ByGrantor(const Address& address, const GrantGroup& group, const std::string& text) {
  if (group[0].grantor == address.owner) return text;
  return "SET LOCAL ROLE " + sql::QuoteIdentifier(group[0].grantor) + ";\n" + text +
         "RESET ROLE;\n";
}

}  // namespace

std::vector<GrantGroup> GroupGrants(const std::vector<Grant>& grants) {
  std::vector<GrantGroup> groups;
  for (const Grant& grant : grants) {
    const auto it = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return group[0].grantee == grant.grantee && group[0].grantor == grant.grantor &&
             group[0].grantable == grant.grantable && group[0].id == grant.id;
    });
    if (it == groups.end()) {
      groups.push_back({grant});
    } else {
      it->push_back(grant);
    }
  }
  return groups;
}

std::string GrantStatements(const Address& address, const GrantGroup& group, bool all) {
  const std::string option = group[0].grantable ? " WITH GRANT OPTION" : "";
  return ByGrantor(
      address, group,
      Privileges(address, "GRANT ", group, " TO " + RoleName(group[0].grantee) + option, all));
}

std::string RevokeStatements(const Address& address, const GrantGroup& group, bool option_only) {
  return ByGrantor(address, group,
                   Privileges(address, option_only ? "REVOKE GRANT OPTION FOR " : "REVOKE ", group,
                              " FROM " + RoleName(group[0].grantee) + " CASCADE", false));
}

std::string RevokeByOwner(const Address& address, const GrantGroup& group, bool all) {
  return Privileges(address, "REVOKE ", group, " FROM " + RoleName(group[0].grantee), all);
}

}  // namespace ballast::catalog
