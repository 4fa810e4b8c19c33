// SPDX-License-Identifier: Apache-2.0
// Which targets a fleet has, and which of them a command is about.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "fleet/member.h"
#include "project/project_context.h"

namespace ballast::fleet {

// Where the targets come from, and which of them are meant. At least one source is given; several
// are joined, in this order.
struct Selection {
  std::string file;          // --targets
  std::string variables;     // --targets-env: the prefix of variables that hold URLs
  std::string query;         // --targets-query: a row for each target
  std::string control_url;   // --control-url: a URL or "env:VARIABLE"; empty: the project's
  std::string url_template;  // --url-template: a template or "env:VARIABLE"
  // Kept are the members that match one glob, are in one group and have all labels.
  std::vector<std::string> globs;
  std::vector<std::string> groups;
  std::vector<std::string> labels;  // "key=value"
};

// The members in the order of the sources, all references to variables resolved. B100 without a
// source, or when nothing is left; B101 for the file, for a name twice, and for rows that cannot be
// used; B103 names a variable that is not set; the errors of Session::Connect and Query for the
// control database.
Result<std::vector<Member>> ListMembers(const Selection& selection,
                                        const project::ProjectContext& context, Progress& progress);

// Whether the selection keeps it. B100 for a label without "=".
Result<bool> Keeps(const Selection& selection, const Member& member);

}  // namespace ballast::fleet
