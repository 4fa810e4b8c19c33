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

// What need not be copied of a server that runs, but is idle after a checkpoint: what belongs to
// the running processes, and the log's segments outside of these two (both included).
struct Omission {
  std::string first_segment;
  std::string last_segment;  // empty: of a stopped server, everything is copied
};

// Writes the data folder of such a server into the file; other processes see the old file or the
// whole new one. B105, also for a folder with links in it.
Status PackTemplate(const std::string& data, const std::string& file, const Omission& omission);

// The same of a stopped server that initdb has just made, where there is a file for it. Of all such
// files, sixteen stay, those used last, and none that was not used for 30 days.
void KeepTemplate(const std::string& data, const std::string& file);

// Makes the data folder anew from the file, which counts as its use. False when the file is absent,
// cut off or not of our format; what was begun of `data` is left for the caller to remove.
bool UnpackTemplate(const std::string& file, const std::string& data, const RunAs& owner);

}  // namespace ballast::postgres
