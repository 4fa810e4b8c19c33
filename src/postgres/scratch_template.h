// What initdb makes, kept as one file in the user's cache: unpacking it is a few dozen times faster
// than initdb, and one file cannot be half there.
#pragma once

#include <string>

#include "base/result.h"
#include "postgres/child_process.h"
#include "postgres/server_binaries.h"

namespace ballast::postgres {

// The file for these programs and this recipe (locale, settings), whether it exists or not; empty
// when this user has no folder for caches.
std::string TemplatePathFor(const ServerBinaries& binaries, const std::string& recipe);

// Writes a stopped server's data folder into the file; other processes see the old file or the
// whole new one. B105.
Status PackTemplate(const std::string& data, const std::string& file);

// Makes the data folder anew from the file. False when the file is absent, cut off or not of our
// format; what was begun of `data` is left for the caller to remove.
bool UnpackTemplate(const std::string& file, const std::string& data, const RunAs& owner);

}  // namespace ballast::postgres
