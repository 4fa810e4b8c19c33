// SPDX-License-Identifier: Apache-2.0
// Sets the proven settings (script_settings.h) for SQL inside a transaction.
#pragma once

#include <string>

#include "plan/plan.h"

namespace ballast::plan {

// SQL before and after a script that runs under `settings`. The second one restores the settings
// of the role and the database. Both are empty for kSession.
std::string SetSettingsSql(ScriptSettings settings);
std::string RestoreSettingsSql(ScriptSettings settings);

// SQL for ballast's own steps after scripts in the same transaction, which can have left
// settings that turn off the checks of rows or hide some of them.
std::string OwnSettingsSql();

// A part of a kChange script that writes values as text: in the formats that a kBaseline script
// reads. Empty for no SQL.
std::string WithValuesAsText(const std::string& sql);

}  // namespace ballast::plan
