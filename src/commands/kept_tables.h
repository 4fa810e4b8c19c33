// SPDX-License-Identifier: Apache-2.0
// The tables in which `rollback --keep-data` keeps data (plan/kept_data.h), before and after a
// deploy.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "commands/deploy.h"
#include "postgres/session.h"

namespace ballast::commands {

// The names of those with data of this target schema, sorted: "Note", "User.mood". Errors as
// Session::Query.
Result<std::vector<std::string>> KeptTables(postgres::Session& session, const std::string& schema);

// "the schema ballast_kept has data that a rollback has kept: …", with what restores it.
std::string DescribeKeptTables(const std::vector<std::string>& tables);

// Adds to the report which of the tables `before` were restored and which remain, and why.
// `server_notices`: of the deploy, whose restore explains itself in them. Errors as KeptTables.
Status ReportKeptTables(const std::vector<std::string>& before, const std::string& schema,
                        const std::vector<std::string>& server_notices, postgres::Session& session,
                        DeployReport& report);

}  // namespace ballast::commands
