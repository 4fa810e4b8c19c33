// SPDX-License-Identifier: Apache-2.0
// Migrations written for a URL with ?schema=NAME: some statements omit the schema and others name
// it, so they run only if NAME is the target schema.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "release/migration.h"

namespace ballast::apply {

// The schema in which the migrations must run, if it is not `public`: the only one that qualifies a
// table or type which they created without a schema, and which neither they nor the setup script
// create.
std::optional<std::string> NamedSchemaOf(const std::vector<release::Migration>& migrations,
                                         const std::string& setup_script);

// Renames a schema of a scratch database.
Status RenameSchema(postgres::Session& session, const std::string& from, const std::string& to);

}  // namespace ballast::apply
