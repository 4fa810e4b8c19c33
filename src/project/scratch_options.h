// SPDX-License-Identifier: Apache-2.0
// The scratch server that a command uses for a project.
#pragma once

#include "project/project_context.h"
#include "scratch/scratch_server.h"

namespace ballast::project {

// The scripts that a command runs in the scratch server.
enum class ScriptSource {
  kProject,  // only the project's own files
  kPackage,  // also those of the release package, whose author may be somebody else
  kFolder,   // also those of a package folder that an option names (--from-release)
};

// kPackage for the release strategy, whose scripts are those of the package.
ScriptSource ScriptSourceOf(const plan::Intent& intent);

// The server of --scratch-url or ballast.toml, else an embedded one. Starting it is refused (B609)
// if the package may be somebody else's (trust.h) and the server is not confined. The version is
// not set.
scratch::ScratchOptions ScratchOptionsOf(const ProjectContext& context, ScriptSource source);

}  // namespace ballast::project
