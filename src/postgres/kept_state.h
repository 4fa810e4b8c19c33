// Scratch servers' data folders, kept in the user's cache, so that a later run can go on from where
// they were. Only embedded servers are kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/scratch_server.h"

namespace ballast::postgres {

// Two servers that belong together, each as one file (scratch_template.h).
struct KeptState {
  std::string first;  // for ScratchOptions::data
  std::string second;
  std::string note;  // as it was given to KeepState
};

// The names of whatever is kept; of what they stand for nothing is said.
std::vector<std::string> KeptStates();

// Nothing when there is none of that name, or not a whole one. Counts as its use.
std::optional<KeptState> FindKeptState(const std::string& name);

// Keeps what the two hold now, nobody else being connected: one database besides those of every
// server, without unlogged tables, which the start after a copy would empty. Others see all of it
// or none of it; of what is kept, the four that were used last stay, 1 GiB in all. False, and
// nothing is kept, where that is not possible: no cache folder, tablespaces, more databases.
bool KeepState(const std::string& name, ScratchServer& first, ScratchServer& second,
               const std::string& note);

void ForgetKeptState(const std::string& name);

}  // namespace ballast::postgres
