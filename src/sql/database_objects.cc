// SPDX-License-Identifier: Apache-2.0
#include "sql/database_objects.h"

#include "base/text.h"
#include "sql/role_switch.h"

namespace ballast::sql {
namespace {

bool NeedsCreateOnDatabase(const TokenReader& statement) {
  if (statement.Is("create")) return statement.Is("schema", 1) || statement.Is("publication", 1);
  return statement.Is("alter") && statement.Is("schema", 1) && statement.Is("rename", 3);
}

}  // namespace

DatabaseObjects DatabaseObjectsIn(std::string_view script) {
  DatabaseObjects found;
  // Most scripts have none and need not be lexed.
  const auto contains = [&](std::string_view word) {
    return ContainsIgnoringAsciiCase(script, word);
  };
  if (!contains("schema") && !contains("publication") && !contains("role") &&
      !contains("authorization") && !contains("reset")) {
    return found;
  }
  StatementIterator statements(script);
  while (statements.Next()) {
    if (SwitchesRole(statements.reader())) {
      found.switches_role = true;
      return found;
    }
    if (!found.first && NeedsCreateOnDatabase(statements.reader())) {
      found.first = statements.statement();
    }
  }
  return found;
}

}  // namespace ballast::sql
