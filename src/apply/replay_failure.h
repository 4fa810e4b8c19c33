// SPDX-License-Identifier: Apache-2.0
// What to tell someone whose history does not replay.
#pragma once

#include <string>
#include <string_view>

#include "apply/replay.h"
#include "base/error.h"
#include "postgres/session.h"

namespace ballast::apply {

struct FailedScript {
  std::string migration;      // empty: the setup script
  std::string file;           // for the place
  const std::string& script;  // the whole of it
  size_t sent_offset = 0;     // where in it the failed message began, in bytes
  size_t completed = 0;       // statements of that message that were done
  int server_major = 0;
  std::string path_emptied_by = {};  // the migration that left an empty search_path; empty: none
};

// B300 (P1017 when the connection broke), with a hint for the common causes.
Error ExplainFailure(const FailedScript& failed, const postgres::ServerError& said,
                     const ReplayOptions& options);

// The byte that a server's position (1-based, in characters of UTF-8) points at.
size_t ByteOfPosition(std::string_view text, int position);

}  // namespace ballast::apply
