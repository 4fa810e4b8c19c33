// SPDX-License-Identifier: Apache-2.0
// Settings of the database or the role under which scripts mean something else than on a scratch
// server, where their result was proven.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

enum class SettingUse {
  kSetAndObserved,
  kOnlySet,  // not looked for: it seldom changes what migrations make
  // How strings are written (sql::EscapeBackslashes) makes a baseline independent of it. The server
  // reads it before the message begins to run, so that the message could not set it.
  kOnlyObserved
};

// A setting that changes the meaning of a script's text, the objects that it creates, or the rows
// that it writes, and that can be set for a role or a database.
struct ProvenSetting {
  std::string_view name;   // as in pg_settings
  std::string_view value;  // of a scratch server
  // It only changes how values become text or another type. Others than on a scratch server are
  // usual, so that they count only if the role or the database sets them.
  bool of_values = false;
  SettingUse use = SettingUse::kSetAndObserved;
};

// What ballast sets for its own scripts (ScriptSettings), and looks for before others run.
inline constexpr ProvenSetting kProvenSettings[] = {
    {"array_nulls", "on"},
    {"backslash_quote", "safe_encoding", false, SettingUse::kOnlyObserved},
    {"bytea_output", "hex", true},
    {"DateStyle", "ISO, MDY", true},
    {"default_table_access_method", "heap"},
    {"default_tablespace", ""},
    {"default_text_search_config", "pg_catalog.english"},
    {"extra_float_digits", "1", true},
    {"IntervalStyle", "postgres", true},
    {"lc_monetary", "C", false, SettingUse::kOnlySet},
    {"lc_numeric", "C", true, SettingUse::kOnlySet},
    {"lc_time", "C", true, SettingUse::kOnlySet},
    {"quote_all_identifiers", "off", false, SettingUse::kOnlySet},
    {"row_security", "on", false, SettingUse::kOnlySet},
    {"standard_conforming_strings", "on", false, SettingUse::kOnlyObserved},
    {"TimeZone", "UTC", true},
    {"transform_null_equals", "off"},
    {"xmlbinary", "base64", true},
    {"xmloption", "content"}};

// Whether ballast sets it for a script that runs under `settings`.
bool IsSetFor(ScriptSettings settings, const ProvenSetting& setting);

// Those that an observation looks for, as rows of a SQL VALUES list: name, value, of_values.
std::string ObservedSettingRows();

// "array_nulls = off": "ALTER DATABASE \"d\" RESET array_nulls" for SettingSource::kDatabase.
std::string ResetOf(const ScriptSetting& setting, const ServerState& server);

// Sentences about those that a script seldom expects, for a plan that runs scripts of migrations
// and then compares the catalog with the proven one.
std::vector<std::string> DescribeSettings(const Plan& plan, const ServerState& server);

// What to do where the catalog differs from the proven one afterwards; empty without such settings.
std::string RemedyOfSettings(const ServerState& server);

}  // namespace ballast::plan
