// SPDX-License-Identifier: Apache-2.0
// Objects that the migrations look for and never make. What the migrations do in a database that
// has other ones is not in the package.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "release/manifest.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// With what exists in a database of the server in which only the setup script has run. `session`:
// a database in which the migrations have run, too. Errors as Session::Query and PreparePlatform.
Result<std::vector<release::OutsideObject>> FindOutsideObjects(
    const std::vector<release::Migration>& migrations, postgres::Session& session,
    scratch::ScratchServer& server, const std::string& setup_script);

// A sentence about each migration that looks for some that do not exist.
std::vector<std::string> NoticesOf(const std::vector<release::OutsideObject>& objects);

}  // namespace ballast::proof
