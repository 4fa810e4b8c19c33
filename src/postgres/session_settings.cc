// SPDX-License-Identifier: Apache-2.0
#include "postgres/session_settings.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "postgres/observe.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

using sql::QuoteLiteral;

// In the largest unit without a remainder (convert_int_from_base_unit in PostgreSQL's guc.c).
std::string AsShown(std::chrono::milliseconds time) {
  constexpr std::array<std::pair<long, const char*>, 4> kUnits{
      {{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}}};
  for (const auto& [length, unit] : kUnits) {
    if (time.count() % length == 0) return std::to_string(time.count() / length) + unit;
  }
  return std::to_string(time.count()) + "ms";
}

}  // namespace

std::vector<SessionSetting> SessionSettings(const Target& target, const ObserveOptions& options) {
  std::vector<SessionSetting> settings;
  if (!target.schema.empty()) {
    settings.push_back({"search_path", sql::QuoteIdentifier(target.schema)});
  }
  if (options.lock_timeout.count() > 0) {
    settings.push_back({"lock_timeout", AsShown(options.lock_timeout)});
  }
  if (options.statement_timeout.count() > 0) {
    settings.push_back({"statement_timeout", AsShown(options.statement_timeout)});
  }
  return settings;
}

std::vector<SessionSetting> RenewedSettings(const Target& target, const ObserveOptions& options) {
  std::vector<SessionSetting> settings = SessionSettings(target, options);
  settings.push_back({"idle_session_timeout", "0"});
  return settings;
}

// pg_settings, which takes a millisecond to read, is read only if a value is another one.
std::string RenewSettingsSql(const std::vector<SessionSetting>& settings) {
  if (settings.empty()) return {};
  std::vector<std::string> values;
  std::vector<std::string> changed;
  for (const SessionSetting& setting : settings) {
    values.push_back(
        fmt::format("({}, {})", QuoteLiteral(setting.name), QuoteLiteral(setting.value)));
    changed.push_back(fmt::format("pg_catalog.current_setting({}, true) <> {}",
                                  QuoteLiteral(setting.name), QuoteLiteral(setting.value)));
  }
  return fmt::format(
      "SELECT pg_catalog.set_config(s.name, v.value, false)\n"
      "  FROM (VALUES {}) v(name, value) JOIN pg_catalog.pg_settings s USING (name)\n"
      " WHERE s.source <> 'session' AND ({});\n",
      Join(values, ", "), Join(changed, " OR "));
}

}  // namespace ballast::postgres
