// SPDX-License-Identifier: Apache-2.0
// Starts the private server of ScratchServer.
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "scratch/scratch_server.h"
#include "scratch/scratch_supervisor.h"
#include "scratch/server_binaries.h"

namespace ballast::scratch {

struct EmbeddedServer {
  ScratchSupervisor supervisor;
  postgres::Session session;  // superuser "postgres" in database "postgres"
};

// What StartEmbedded would start, without starting it. Servers of one kind have the same programs,
// settings and locale. The name is empty if this user has no cache folder. B600.
struct EmbeddedKind {
  int major = 0;
  std::string name;
};
Result<EmbeddedKind> KindOfEmbedded(const ScratchOptions& options);

// B609: migrations of others would run without a sandbox, for this reason ("because …").
Error NotConfined(const std::string& reason);

// B600, B601, B609, B105.
Result<EmbeddedServer> StartEmbedded(const ScratchOptions& options, Progress& progress);

}  // namespace ballast::scratch
