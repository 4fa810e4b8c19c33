// SPDX-License-Identifier: Apache-2.0
#include "project/project_name.h"

namespace ballast::project {

std::string NameOf(const ProjectContext& context) {
  const workspace::ProjectIdentity& identity = context.project.identity;
  return identity.name.empty() ? identity.schema : identity.name;
}

}  // namespace ballast::project
