// SPDX-License-Identifier: Apache-2.0
// Migrations written for a URL with ?schema=NAME: statements name the schema without creating it,
// because Prisma creates the schema of its URL. They run only if NAME is the target schema.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "release/migration.h"

namespace ballast::apply {

// The schema in which the migrations must run, if it is not `public`. It is the only schema that
// some statements name and others omit for the same table or type, or in which the migrations
// create all their tables and types. Neither they nor the setup script create it.
std::optional<std::string> NamedSchemaOf(const std::vector<release::Migration>& migrations,
                                         const std::string& setup_script);

// Renames a schema of a scratch database.
Status RenameSchema(postgres::Session& session, const std::string& from, const std::string& to);

}  // namespace ballast::apply
