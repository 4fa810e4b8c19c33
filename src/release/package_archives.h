// SPDX-License-Identifier: Apache-2.0
// The two archives of a package: history.tar.zst in it, and the package as one file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "release/coverage.h"
#include "release/migration.h"
#include "release/package.h"

namespace ballast::release {

// Packs the covered migrations: a tar of NAME/migration.sql (NAME/ for a migration without a
// script), compressed with zstd. Deterministic: in the given order, without times and owners. Names
// must be folder names.
std::string PackHistory(const std::vector<Migration>& migrations);
// B401 for anything that PackHistory does not write: absolute names, "..", links, devices,
// duplicate names, more than kMaxHistoryEntries, more than `limit_bytes` in total.
Result<std::vector<Migration>> UnpackHistory(std::string_view archive, size_t limit_bytes);

// Names and checksums of the migrations in it, without keeping the scripts in memory. Errors as
// UnpackHistory. The scripts are UTF-8, as PackHistory writes them.
Result<Coverage> CoverageOfHistory(std::string_view archive, size_t limit_bytes);

// The package as one file: its files in the order of their paths. Deterministic.
std::string PackPackage(const Package& package);
// Path → bytes of such a file. Only the form is verified: B401 as UnpackHistory, and for paths that
// are not plain. `file` is its name, for errors.
Result<std::map<std::string, std::string>> UnpackPackage(std::string_view archive,
                                                         const std::string& file);

}  // namespace ballast::release
