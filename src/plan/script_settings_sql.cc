// SPDX-License-Identifier: Apache-2.0
#include "plan/script_settings_sql.h"

#include <fmt/format.h>

#include "plan/script_settings.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

template <class Selects>
std::string SetSql(const Selects& selects) {
  std::string sql;
  for (const ProvenSetting& it : kProvenSettings) {
    if (selects(it)) {
      sql += fmt::format("SET LOCAL {} = {};\n", it.name, sql::QuoteLiteral(it.value));
    }
  }
  return sql;
}

template <class Selects>
std::string ResetSql(const Selects& selects) {
  std::string sql;
  for (const ProvenSetting& it : kProvenSettings) {
    if (selects(it)) sql += fmt::format("SET LOCAL {} TO DEFAULT;\n", it.name);
  }
  return sql;
}

}  // namespace

std::string SetSettingsSql(ScriptSettings settings) {
  return SetSql([&](const ProvenSetting& it) { return IsSetFor(settings, it); });
}

// The script itself sets the first one.
std::string RestoreSettingsSql(ScriptSettings settings) {
  if (settings == ScriptSettings::kSession) return {};
  return "SET LOCAL check_function_bodies TO DEFAULT;\n" +
         ResetSql([&](const ProvenSetting& it) { return IsSetFor(settings, it); });
}

std::string OwnSettingsSql() {
  // Only a role that may change it can have changed it.
  return "DO $ballast$\nBEGIN\n"
         "  IF pg_catalog.current_setting('session_replication_role') <> 'origin' THEN\n"
         "    PERFORM pg_catalog.set_config('session_replication_role', 'origin', true);\n"
         "  END IF;\nEND\n$ballast$;\n"
         "SET LOCAL check_function_bodies = on;\nSET LOCAL row_security = on;\n";
}

std::string WithValuesAsText(const std::string& sql) {
  if (sql.empty()) return {};
  const auto of_values = [](const ProvenSetting& it) { return it.of_values; };
  return SetSql(of_values) + sql + ResetSql(of_values);
}

}  // namespace ballast::plan
