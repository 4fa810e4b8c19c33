// SPDX-License-Identifier: Apache-2.0
// Properties that definitions give to existing objects (catalog::Setting). Only for this folder.
#pragma once

#include <string>
#include <vector>

#include "catalog/created_object.h"
#include "catalog/database.h"

namespace ballast::difference {

using Settings = std::vector<catalog::Setting>;

// Takes all of them back, the last one first. `table`: with the columns as they are when the
// statements run; null for other objects than tables.
std::string ResetAll(const Settings& settings, const catalog::TableObject* table);

// Takes back those that only `from` has, and sets those that only `to` has.
std::string AlterSettings(const Settings& from, const Settings& to,
                          const catalog::TableObject* table);

// Sets those of `settings` that `other` does not have.
std::string SettingsNotIn(const Settings& settings, const Settings& other);

// Those whose columns the table has.
Settings OfRemainingColumns(const Settings& settings, const catalog::TableObject& table);

}  // namespace ballast::difference
