// SPDX-License-Identifier: Apache-2.0
// The result of initdb as one file in the user's cache: unpacking it is several dozen times faster
// than initdb, and one file is never incomplete.
#pragma once

#include <string>

#include "base/result.h"
#include "scratch/child_process.h"
#include "scratch/server_binaries.h"

namespace ballast::scratch {

// The file for these programs and this recipe (locale, settings), whether it exists or not; empty
// if this user has no cache folder.
std::string TemplatePathFor(const ServerBinaries& binaries, const std::string& recipe);

// Packs the data folder of a stopped server, the result of initdb, into the file, unless `file` is
// empty. Other processes see the old file or the complete new one. Keeps the sixteen most recently
// used files, and none unused for 30 days.
void StoreTemplate(const std::string& data, const std::string& file);

// Creates the data folder from the file and marks the file as used. False if the file is absent,
// incomplete or has another format; the caller must remove `data` then.
bool UnpackTemplate(const std::string& file, const std::string& data,
                    const ServerAccountIds& owner);

}  // namespace ballast::scratch
