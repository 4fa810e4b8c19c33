// SPDX-License-Identifier: Apache-2.0
// What ballast sets in a session whose scripts it runs.
#pragma once

#include <string>
#include <vector>

#include "postgres/url.h"

namespace ballast::postgres {

struct ObserveOptions;

struct SessionSetting {
  std::string name;
  std::string value;  // as the server shows it
  bool operator==(const SessionSetting&) const = default;
};

// Those that the URL and the command ask for: the search_path of `?schema=`, and time limits.
std::vector<SessionSetting> SessionSettings(const Target& target, const ObserveOptions& options);
// All that an observation sets for the session: also idle_session_timeout, because ballast can
// compare longer than a session may be idle.
std::vector<SessionSetting> RenewedSettings(const Target& target, const ObserveOptions& options);

// SQL before a script: sets again what an earlier one has reset (RESET, SET … TO DEFAULT, DISCARD
// ALL), because the session began with it. What a script has set otherwise remains. Settings that
// the server lacks are left out. Empty without settings.
std::string RenewSettingsSql(const std::vector<SessionSetting>& settings);

}  // namespace ballast::postgres
