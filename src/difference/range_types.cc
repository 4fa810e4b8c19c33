// SPDX-License-Identifier: Apache-2.0
#include "difference/range_types.h"

#include <variant>

#include "difference/database_definitions.h"
#include "sql/quote.h"

namespace ballast::difference {

bool IsRange(const catalog::Definition& definition) {
  return std::holds_alternative<catalog::RangeType>(definition.created);
}

std::string RenamePartsOfRange(const catalog::Name& range, int server_major) {
  const std::string type = sql::QuoteLiteral(QuotedName(range)) + "::pg_catalog.regtype";
  const auto rename_functions = [](const std::string& of_type, const std::string& name) {
    return "  FOR part IN SELECT objid FROM pg_catalog.pg_depend WHERE deptype = 'i'\n"
           "      AND classid = 'pg_catalog.pg_proc'::pg_catalog.regclass\n"
           "      AND refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass\n"
           "      AND refobjid = " +
           of_type +
           " LOOP\n"
           "    EXECUTE format('ALTER FUNCTION %s RENAME TO %I', part::pg_catalog.regprocedure, " +
           name +
           ");\n"
           "  END LOOP;\n";
  };
  const std::string multirange = sql::QuoteLiteral(range.name + "_multirange");
  std::string text = "DO $do$\nDECLARE\n  part oid;\n  multirange oid;\nBEGIN\n" +
                     rename_functions(type, sql::QuoteLiteral(range.name));
  if (server_major >= 14) {
    text +=
        "  SELECT rngmultitypid INTO multirange FROM pg_catalog.pg_range WHERE rngtypid = " + type +
        ";\n  EXECUTE format('ALTER TYPE %s RENAME TO %I', " + "multirange::pg_catalog.regtype, " +
        multirange + ");\n" + rename_functions("multirange", multirange);
  }
  return text + "END\n$do$;\n";
}

}  // namespace ballast::difference
