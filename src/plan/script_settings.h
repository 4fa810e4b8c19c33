// SPDX-License-Identifier: Apache-2.0
// Settings of the database or the role under which scripts mean something else than on a scratch
// server, where their result was proven.
#pragma once

#include <string>
#include <vector>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The settings that an observation looks for, as rows of a SQL VALUES list: name, the value of a
// scratch server, and whether it only changes how values are read. Those are usual, so that they
// count only if the role or the database sets them.
std::string_view ScriptSettingRows();

// "array_nulls = off": "ALTER DATABASE \"d\" RESET array_nulls" for the source "database".
std::string ResetOf(const ScriptSetting& setting, const ServerState& server);

// Sentences about those that a script seldom expects, for a plan that runs scripts of migrations
// and then compares the catalog with the proven one.
std::vector<std::string> NoticesOfSettings(const Plan& plan, const ServerState& server);

// What to do where the catalog differs from the proven one afterwards; empty without such settings.
std::string RemedyOfSettings(const ServerState& server);

}  // namespace ballast::plan
