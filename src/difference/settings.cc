// SPDX-License-Identifier: Apache-2.0
#include "difference/settings.h"

#include <algorithm>

#include "difference/database_definitions.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Setting;

bool Has(const Settings& settings, const Setting& setting) {
  return std::ranges::any_of(settings,
                             [&](const Setting& other) { return other.set == setting.set; });
}

// The default storage is that of the column's type, which can be another one by then.
std::string Reset(const Setting& setting, const catalog::TableObject* table) {
  if (!setting.storage || table == nullptr) return setting.reset;
  const auto at = ColumnNamed(*table, setting.column);
  if (!at) return setting.reset;
  return "ALTER TABLE ONLY " + QuotedName(table->table.name) + " ALTER COLUMN " +
         sql::QuoteIdentifier(setting.column) + " SET STORAGE " + table->type_storages[*at] + ";\n";
}

}  // namespace

std::string ResetAll(const Settings& settings, const catalog::TableObject* table) {
  return AlterSettings(settings, {}, table);
}

std::string AlterSettings(const Settings& from, const Settings& to,
                          const catalog::TableObject* table) {
  std::string text;
  for (auto setting = from.rbegin(); setting != from.rend(); ++setting) {
    if (!Has(to, *setting)) text += Reset(*setting, table);
  }
  return text + SettingsNotIn(to, from);
}

std::string SettingsNotIn(const Settings& settings, const Settings& other) {
  std::string text;
  for (const Setting& setting : settings) {
    if (!Has(other, setting)) text += setting.set;
  }
  return text;
}

Settings OfRemainingColumns(const Settings& settings, const catalog::TableObject& table) {
  Settings remaining = settings;
  std::erase_if(remaining, [&](const Setting& setting) {
    return !setting.column.empty() && !ColumnNamed(table, setting.column);
  });
  return remaining;
}

}  // namespace ballast::difference
