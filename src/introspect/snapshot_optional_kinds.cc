// SPDX-License-Identifier: Apache-2.0
// The kinds of objects that a comparison can omit, and how to detect that a database has none.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {

namespace {

// System columns count since vocabulary 2.
std::string GrantsGuard(int vocabulary) {
  std::string guard =
      "(SELECT FROM o WHERE acl IS NOT NULL LIMIT 1) UNION ALL "
      "(SELECT FROM columns WHERE acl IS NOT NULL LIMIT 1)";
  if (vocabulary >= 2) {
    guard +=
        " UNION ALL (SELECT FROM pg_attribute WHERE attnum < 0 AND attacl IS NOT NULL LIMIT 1)"
        " UNION ALL (SELECT FROM pg_namespace WHERE nspname = 'public' AND nspacl IS NULL)";
  }
  return guard;
}

// A release is noted in the comment of the migrations table, which is no part of a snapshot; nor
// are those of schemas that are not in scope.
constexpr std::string_view kOnMigrationsTable =
    "classoid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c, me WHERE c.oid = d.objoid "
    "AND c.relname = '_prisma_migrations' AND (c.relnamespace = me.namespace "
    "OR c.relnamespace NOT IN (SELECT oid FROM s)))";

}  // namespace

// Objects that initdb made have OIDs below 16384 (access/transam.h, FirstNormalObjectId); those of
// extensions do not, and count. 2200 is the schema `public` of initdb, which has a comment.
std::vector<OptionalObjectKind> OptionalObjectKinds(int vocabulary) {
  std::vector<OptionalObjectKind> kinds = {
      {"domains", "SELECT FROM types WHERE typtype = 'd'"},
      {"ranges", "SELECT FROM types WHERE typtype = 'r'"},
      {"base types", "SELECT FROM types WHERE typtype IN ('b', 'p')"},
      {"collations", "SELECT FROM pg_collation WHERE oid >= 16384"},
      {"statistics", "SELECT FROM pg_statistic_ext"},
      {"routines", "SELECT FROM pg_proc WHERE oid >= 16384"},
      {"triggers",
       "SELECT FROM pg_trigger WHERE CASE WHEN tgparentid = 0 THEN NOT tgisinternal "
       "ELSE tgconstraint = 0 END"},
      {"rules", "SELECT FROM pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN'"},
      {"policies", "SELECT FROM pg_policy"},
      {"operators", "SELECT FROM pg_operator WHERE oid >= 16384"},
      {"operator classes",
       "(SELECT FROM pg_opfamily WHERE oid >= 16384 LIMIT 1) UNION ALL "
       "(SELECT FROM pg_opclass WHERE oid >= 16384 LIMIT 1)"},
      {"conversions", "SELECT FROM pg_conversion WHERE oid >= 16384"},
      {"text search",
       "(SELECT FROM pg_ts_parser WHERE oid >= 16384 LIMIT 1) UNION ALL "
       "(SELECT FROM pg_ts_template WHERE oid >= 16384 LIMIT 1) UNION ALL "
       "(SELECT FROM pg_ts_dict WHERE oid >= 16384 LIMIT 1) UNION ALL "
       "(SELECT FROM pg_ts_config WHERE oid >= 16384 LIMIT 1)"},
      {"foreign tables", "SELECT FROM pg_foreign_table"},
      {"grants", GrantsGuard(vocabulary)},
      {"extension dependencies",
       "SELECT FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'x'", 2},
      {"comments", "(SELECT FROM pg_description d WHERE objoid >= 16384 AND NOT (" +
                       std::string(kOnMigrationsTable) +
                       ") LIMIT 1) UNION ALL "
                       "(SELECT FROM pg_description WHERE objoid = 2200 "
                       "AND description <> 'standard public schema')"},
      {"security labels", "SELECT FROM pg_seclabel"},
  };
  std::erase_if(kinds,
                [&](const OptionalObjectKind& kind) { return kind.vocabulary > vocabulary; });
  return kinds;
}

}  // namespace ballast::introspect
