// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/columns.h"

#include <array>

namespace ballast::sample {

Column CreatedAt() {
  return {"createdAt", "DateTime",          "", "TIMESTAMP(3)", true, false,
          "now()",     "CURRENT_TIMESTAMP", ""};
}
Column UpdatedAt() {
  return {"updatedAt", "DateTime", "", "TIMESTAMP(3)", true, false, "", "", "@updatedAt"};
}

Column IdColumn(Random& random) {
  switch (random.Below(5)) {
    case 0:
      return {"id", "Int", "", "SERIAL", true, false, "autoincrement()", "", ""};
    case 1:
      return {"id", "BigInt", "", "BIGSERIAL", true, false, "autoincrement()", "", ""};
    case 2:
      return {"id", "String", "@db.Uuid", "UUID", true, false, "uuid()", "", ""};
    default:
      return {"id", "String", "", "TEXT", true, false, "cuid()", "", ""};
  }
}

Column AnyColumn(const Project& project, Random& random, const std::string& name) {
  const auto kinds = std::to_array<Column>({
      {"", "String", "", "TEXT", false, false, "", "", ""},
      {"", "String", "", "TEXT", true, false, "\"\"", "''", ""},
      {"", "String", "@db.VarChar(80)", "VARCHAR(80)", false, false, "", "", ""},
      {"", "Int", "", "INTEGER", true, false, "0", "0", ""},
      {"", "Int", "@db.SmallInt", "SMALLINT", false, false, "", "", ""},
      {"", "BigInt", "", "BIGINT", false, false, "", "", ""},
      {"", "Boolean", "", "BOOLEAN", true, false, "false", "false", ""},
      {"", "DateTime", "", "TIMESTAMP(3)", false, false, "", "", ""},
      {"", "DateTime", "@db.Timestamptz(6)", "TIMESTAMPTZ(6)", true, false, "now()",
       "CURRENT_TIMESTAMP", ""},
      {"", "DateTime", "@db.Date", "DATE", false, false, "", "", ""},
      {"", "Json", "", "JSONB", false, false, "", "", ""},
      {"", "Json", "", "JSONB", true, false, "\"{}\"", "'{}'", ""},
      {"", "Float", "", "DOUBLE PRECISION", true, false, "1.5", "1.5", ""},
      {"", "Decimal", "", "DECIMAL(65,30)", false, false, "", "", ""},
      {"", "Decimal", "@db.Decimal(12, 2)", "DECIMAL(12,2)", true, false, "0", "0", ""},
      {"", "Bytes", "", "BYTEA", false, false, "", "", ""},
      {"", "String", "", "TEXT[]", true, true, "", "", ""},
      {"", "Int", "", "INTEGER[]", true, true, "[1, 2]", "ARRAY[1, 2]::INTEGER[]", ""},
      {"", "String", "@db.Uuid", "UUID", false, false, "", "", ""},
  });
  Column column = kinds.at(random.Below(kinds.size()));
  if (!project.enums.empty() && random.OneIn(5)) {
    const Enum& value = random.Pick(project.enums);
    const std::string& first = value.values.front();
    column = {"",    value.name,        "", "\"" + value.name + "\"", true, false,
              first, "'" + first + "'", ""};
  }
  column.name = name;
  return column;
}

}  // namespace ballast::sample
