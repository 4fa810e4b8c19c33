// SPDX-License-Identifier: Apache-2.0
#include "introspect/privilege_conditions.h"

#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "base/check.h"
#include "base/text.h"
#include "catalog/property_name.h"
#include "introspect/snapshot_query.h"
#include "introspect/snapshot_statement.h"
#include "sql/lexer.h"

namespace ballast::introspect {
namespace {

// Kind, identity and note, as in a snapshot.
using ObjectName = std::tuple<std::string, std::string, std::string>;

Result<std::map<ObjectName, catalog::ObjectId>> ReadObjects(postgres::Session& session) {
  const std::string query =
      WriteSnapshotStatement(session.server_major(), {}).with +
      "\nSELECT class::int8, oid::int8, 0, kind, object, note FROM o UNION ALL "
      "SELECT class::int8, oid::int8, attnum, kind, object, note FROM columns";
  TRY_ASSIGN(const std::vector<postgres::Rows> results, session.Query(IsolatedMessage(query)));
  BALLAST_CHECK(results.size() > 1);
  std::map<ObjectName, catalog::ObjectId> objects;
  for (const auto& row : results[results.size() - 2].rows) {
    const auto number = [&](size_t at) { return std::strtoll(row[at]->c_str(), nullptr, 10); };
    objects[{row[3].value_or(""), row[4].value_or(""), row[5].value_or("")}] = {
        static_cast<uint32_t>(number(0)), static_cast<uint32_t>(number(1)),
        static_cast<int32_t>(number(2))};
  }
  return objects;
}

Result<std::set<std::string>> ReadRoles(postgres::Session& session) {
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query("SELECT rolname FROM pg_catalog.pg_roles"));
  std::set<std::string> roles;
  for (const auto& row : results.back().rows) roles.insert(row[0].value_or(""));
  return roles;
}

}  // namespace

Result<std::vector<catalog::PrivilegeCondition>> FindConditions(
    postgres::Session& session, const catalog::Snapshot& properties) {
  TRY_ASSIGN(const auto objects, ReadObjects(session));
  TRY_ASSIGN(const std::set<std::string> roles, ReadRoles(session));
  constexpr std::string_view kGrantable = " with grant option";
  std::vector<catalog::PrivilegeCondition> conditions;
  for (const catalog::ObjectProperty& property : properties) {
    if (!catalog::IsConditionOn(property.property)) continue;
    const catalog::PropertyName name = catalog::ReadPropertyName(property.property);
    const std::string note = name.part.empty() ? "" : std::string(name.part) + " ";
    const auto object = objects.find({property.kind, property.object, note});
    if (object == objects.end()) continue;
    catalog::PrivilegeCondition plain;
    plain.id = object->second;
    plain.revoked = name.rest.starts_with(catalog::kRevokedFrom);
    const std::string_view words =
        plain.revoked ? catalog::kRevokedFrom : catalog::kOptionalGrantTo;
    const std::string role(name.rest.substr(words.size()));
    if (role != "PUBLIC") plain.role = sql::NameContent(role);
    plain.optional = !plain.role.empty() && !roles.contains(plain.role);
    catalog::PrivilegeCondition grantable = plain;
    grantable.grantable = true;
    for (const std::string& item : Split(property.value, ',')) {
      const std::string_view text = Trim(item);
      if (text.ends_with(kGrantable)) {
        grantable.privileges.emplace_back(text.substr(0, text.size() - kGrantable.size()));
      } else {
        plain.privileges.emplace_back(text);
      }
    }
    for (catalog::PrivilegeCondition* one : {&plain, &grantable}) {
      if (!one->privileges.empty()) conditions.push_back(std::move(*one));
    }
  }
  return conditions;
}

}  // namespace ballast::introspect
