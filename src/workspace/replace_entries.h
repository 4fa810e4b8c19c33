// SPDX-License-Identifier: Apache-2.0
// Writing so that nothing is ever half there: the new files are written aside, made durable, and
// then change places with the old ones.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

// Puts `files` (path from `folder` → bytes) in the place of whatever the entries `owned` of the
// folder hold now: an owned entry is replaced whole, or removed when no file lies in it; every
// other entry stays. Each entry changes at once; when one cannot, those before it change back. B105
// when anything fails (a full disk …), and the folder is as it was. Paths must lie in owned
// entries. A process that is killed in between leaves old and new entries side by side, which the
// manifest tells, and the folder aside, which RestoreEntries uses and the next that ends well
// removes.
Status ReplaceEntries(const std::filesystem::path& folder,
                      const std::map<std::string, std::string>& files,
                      const std::vector<std::string>& owned);

// For a folder whose entries may be half new and half old: gives those back that a killed process
// has exchanged, up to where `is_whole`; false, and all as it was, where that never is. Where the
// folder is whole already, what killed processes have left aside goes. `is_whole` is asked only
// where there is such.
bool RestoreEntries(const std::filesystem::path& folder, const std::vector<std::string>& owned,
                    const std::function<bool()>& is_whole);

// Removes what killed processes have left aside; what a living one uses stays.
void SweepAsides(const std::filesystem::path& folder);

}  // namespace ballast::workspace
