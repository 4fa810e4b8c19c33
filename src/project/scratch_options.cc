// SPDX-License-Identifier: Apache-2.0
#include "project/scratch_options.h"

#include "project/trust.h"

namespace ballast::project {

namespace {

bool MayBeForeign(const ProjectContext& context, ScriptSource source) {
  switch (source) {
    case ScriptSource::kProject:
      return false;
    case ScriptSource::kPackage:
      return IsForeignPackage(context);
    case ScriptSource::kFolder:
      return !context.trust_history;
  }
  return true;
}

}  // namespace

ScriptSource ScriptSourceOf(const plan::Intent& intent) {
  return std::holds_alternative<plan::ApplyRelease>(intent) ? ScriptSource::kPackage
                                                            : ScriptSource::kProject;
}

scratch::ScratchOptions ScratchOptionsOf(const ProjectContext& context, ScriptSource source) {
  return {.url = context.project.config.scratch_url,
          .project = context.project.migrations.string(),
          .foreign_history = MayBeForeign(context, source)};
}

}  // namespace ballast::project
