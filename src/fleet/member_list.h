// SPDX-License-Identifier: Apache-2.0
// Lists the targets of a fleet and selects those that a command works on.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "fleet/member.h"
#include "postgres/connect_with_retry.h"
#include "project/project_context.h"

namespace ballast::fleet {

// Sources and filters. At least one source must be given; several are concatenated in this order.
struct Selection {
  std::string file;          // --targets
  std::string variables;     // --targets-env: the prefix of variables that hold URLs
  std::string query;         // --targets-query: a row for each target
  std::string control_url;   // --control-url: a URL or "env:VARIABLE"; empty: the project's
  std::string url_template;  // --url-template: a template or "env:VARIABLE"
  // IsSelected members that match a glob, belong to a group and have all labels.
  std::vector<std::string> globs;
  std::vector<std::string> groups;
  std::vector<std::string> labels;  // "key=value"
};

// The selected members by name (NaturalLess), with variables resolved: the order of a query's rows
// can change from run to run. B100 without a source, if no member is selected, or if one of the
// globs, groups or labels matches none; B101 for an invalid file, duplicate names, and invalid
// rows; B103 names an unset variable; errors as ConnectWithRetry and Query for the control
// database.
Result<std::vector<Member>> ListMembers(const Selection& selection,
                                        const project::ProjectContext& context,
                                        const postgres::ConnectOptions& connect,
                                        Progress& progress);

// Whether the member is selected. B100 for a label without "=".
Result<bool> IsSelected(const Selection& selection, const Member& member);

}  // namespace ballast::fleet
