// SPDX-License-Identifier: Apache-2.0
// What initdb makes, kept as one file in the user's cache: unpacking it is a few dozen times faster
// than initdb, and one file cannot be half there.
#pragma once

#include <string>

#include "base/result.h"
#include "scratch/child_process.h"
#include "scratch/server_binaries.h"

namespace ballast::scratch {

// The file for these programs and this recipe (locale, settings), whether it exists or not; empty
// when this user has no folder for caches.
std::string TemplatePathFor(const ServerBinaries& binaries, const std::string& recipe);

// Writes the data folder of a stopped server into the file. Other processes see the old file or the
// complete new one. B105, also for a folder that contains links.
Status PackTemplate(const std::string& data, const std::string& file);

// The same for a server that initdb has just made, unless `file` is empty. The sixteen files used
// last are kept, and none that was not used for 30 days.
void KeepTemplate(const std::string& data, const std::string& file);

// Makes the data folder anew from the file, which counts as its use. False when the file is absent,
// cut off or not of our format; what was begun of `data` is left for the caller to remove.
bool UnpackTemplate(const std::string& file, const std::string& data, const RunAs& owner);

}  // namespace ballast::scratch
