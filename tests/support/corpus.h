// SPDX-License-Identifier: Apache-2.0
// The public histories of real projects (BALLAST_SHARED/corpora).
#pragma once

#include <string>
#include <vector>

#include "release/migration.h"

namespace ballast::testing {

// Names of the corpora here: "bloom", "trigger.dev" …; empty when the test data is absent.
std::vector<std::string> CorpusNames();

// A corpus' migrations in Prisma's order; of "trigger.dev" those that a version had ("691", "692",
// "v4.5.9", "head"), or all.
std::vector<release::Migration> CorpusMigrations(const std::string& corpus,
                                                 const std::string& version = {});

// A migrations folder on disk, read as the corpora are.
std::vector<release::Migration> ReadMigrationsFolder(const std::string& folder);

std::string ReadWholeFile(const std::string& path);

}  // namespace ballast::testing
