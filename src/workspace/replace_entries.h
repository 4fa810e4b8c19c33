// SPDX-License-Identifier: Apache-2.0
// Replaces entries of a folder atomically: new files are written to a temporary folder, synced, and
// then exchanged with the old ones.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

// Replaces the content of the entries `owned` by `files` (path from `folder` → bytes). An owned
// entry is replaced completely, or removed if it has no files; other entries are unchanged. Each
// entry changes atomically; if one fails, the previous ones are reverted. On B105 (a full disk …)
// the folder is unchanged. Paths must be within owned entries. If the process is killed in between,
// old and new entries coexist, which the manifest detects; the temporary folder is used by
// RestoreEntries and removed by the next successful call.
Status ReplaceEntries(const std::filesystem::path& folder,
                      const std::map<std::string, std::string>& files,
                      const std::vector<std::string>& owned);

// Repairs a folder whose entries can be partly old and partly new: reverts the exchanges of a
// killed process until `is_whole`; returns false, with everything unchanged, if it never is. If the
// folder is already complete, removes leftovers of killed processes. Calls `is_whole` only if there
// are such leftovers.
bool RestoreEntries(const std::filesystem::path& folder, const std::vector<std::string>& owned,
                    const std::function<bool()>& is_whole);

// Removes temporary folders of killed processes, not those in use.
void RemoveStaleStagingFolders(const std::filesystem::path& folder);

}  // namespace ballast::workspace
