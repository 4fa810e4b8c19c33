// SPDX-License-Identifier: Apache-2.0
// What a platform provides in a database, told apart from what the history makes in it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

// Makes all objects of a scratch database members of the extension plpgsql, so that catalog,
// baseline and comparison leave them out as they leave out what extensions bring (catalog
// pg_depend, deptype 'e'). Only a superuser may; B304 for another role. Gives the names of the
// objects, as globs for catalog::IsCovered: "schema auth", "provided()".
Result<std::vector<std::string>> MarkAsPlatform(postgres::Session& session);

}  // namespace ballast::introspect
