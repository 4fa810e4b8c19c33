// SPDX-License-Identifier: Apache-2.0
#include "assess/default_privileges.h"

#include <fmt/format.h>

#include "sql/quote.h"

namespace ballast::assess {
namespace {

// The object type of a default differs from that of acldefault for sequences.
std::string Query(const std::string& target_schema) {
  return fmt::format(R"(
SELECT CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
    WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' END,
  CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_get_userbyid(g.grantee)) END,
  pg_catalog.string_agg(DISTINCT g.privilege_type, ', ' ORDER BY g.privilege_type),
  pg_catalog.quote_ident(current_user)
FROM pg_catalog.pg_default_acl d, LATERAL pg_catalog.aclexplode(d.defaclacl) g
WHERE d.defaclrole = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
  AND (d.defaclnamespace = 0 OR d.defaclnamespace = (
    SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = {}))
  AND d.defaclobjtype IN ('r', 'S', 'f', 'T') AND g.grantee <> d.defaclrole
  AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(pg_catalog.acldefault(
      CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char", d.defaclrole)) b
    WHERE b.grantee = g.grantee AND b.privilege_type = g.privilege_type)
GROUP BY 1, 2 ORDER BY 1, 2)",
                     sql::QuoteLiteral(target_schema));
}

}  // namespace

Result<std::vector<std::string>> OpeningDefaultPrivileges(const std::string& target_schema,
                                                          postgres::Session& session) {
  TRY_ASSIGN(const auto answers, session.Query(Query(target_schema)));
  std::vector<std::string> sentences;
  for (const auto& row : answers.back().rows) {
    sentences.push_back(fmt::format(
        "the default privileges of role {} in this database give {} privileges on {} that the "
        "deploy creates: {}",
        row[3].value_or(""), row[1].value_or(""), row[0].value_or(""), row[2].value_or("")));
  }
  return sentences;
}

}  // namespace ballast::assess
