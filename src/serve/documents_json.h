// SPDX-License-Identifier: Apache-2.0
// The JSON documents of the API, as described in web/openapi.json. Keys are promises.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/key_figures.h"
#include "serve/settings.h"
#include "serve/state_registry.h"
#include "serve/store.h"

namespace ballast::serve {

// RFC 3339 in UTC, with milliseconds.
std::string TimeText(Clock::time_point time);
// GET /api/v1/overview: all databases in brief.
std::string OverviewJson(const StateView& view, const Settings& settings,
                         const std::vector<report::KeyFigure>& figures);
// GET /api/v1/databases/NAME: all details of one.
std::string DatabaseJson(const StateView& view, size_t index);
// GET /api/v1/packages, with the graph of upgrade paths and the databases at each state.
std::string PackagesJson(const StateView& view);
// GET /api/v1/runs: the stored reports, with the name of the database.
std::string RunsJson(const std::vector<StoredRun>& runs);
std::string FiguresJson(const std::vector<report::KeyFigure>& figures);
std::string SamplesJson(const std::vector<Sample>& samples);
// GET /readyz; without `detailed`, only whether everything is ready.
std::string ReadyJson(const StateView& view, bool detailed);
// GET /healthz.
std::string HealthJson(int64_t uptime_seconds);
// {"error": {"code", "message", "hint"}}
std::string ErrorJson(const std::string& code, const std::string& message,
                      const std::string& hint = {});

// Reads a posted run report; returns a sentence if it is not valid. The run gets the name of the
// watched database that its target is, if any.
std::optional<std::string> ReadPostedReport(const std::string& body, const StateView& view,
                                            StoredRun& run);

}  // namespace ballast::serve
