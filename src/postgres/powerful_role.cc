// SPDX-License-Identifier: Apache-2.0
#include "postgres/powerful_role.h"

#include <fmt/format.h>

namespace ballast::postgres {

std::string IsPowerfulRole(std::string_view oid) {
  return fmt::format(
      "EXISTS (SELECT FROM pg_catalog.pg_roles p WHERE (p.rolsuper OR p.rolname IN "
      "('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')) AND "
      "pg_catalog.pg_has_role({}, p.oid, 'MEMBER'))",
      oid);
}

}  // namespace ballast::postgres
