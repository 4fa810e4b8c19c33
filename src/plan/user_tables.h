// SPDX-License-Identifier: Apache-2.0
// The tables of a database whose rows are those of users, for SQL that looks after them.
#pragma once

#include <string>

#include "base/text.h"
#include "catalog/own_schemas.h"

namespace ballast::plan {

// A condition on pg_class as c and pg_namespace as n: not those of the server, of ballast, of
// Prisma and of extensions.
inline std::string IsUserTable() {
  return ReplaceAll(R"(n.nspname NOT LIKE 'pg\_%'
  AND n.nspname NOT IN ('information_schema', @own_schemas)
  AND c.relname <> '_prisma_migrations'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'
                  AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass))",
                    "@own_schemas", catalog::kOwnSchemas);
}

}  // namespace ballast::plan
