// SPDX-License-Identifier: Apache-2.0
// Explains why a migration history does not replay.
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
  const std::string& script;  // the complete script
  size_t sent_offset = 0;     // byte offset in it of the failed message
  size_t completed = 0;       // completed statements of that message
  int server_major = 0;
  std::string path_emptied_by = {};    // the migration that left an empty search_path; empty: none
  std::string made_read_only_by = {};  // the migration that left a read-only session; empty: none
};

// P3018 for a syntax error, else B300 (P1017 if the connection broke), with migration, SQLSTATE,
// the server's message, file and line, and a hint for common causes.
Error ExplainFailure(const FailedScript& failed, const postgres::ServerError& said,
                     const ReplayOptions& options);

}  // namespace ballast::apply
