// SPDX-License-Identifier: Apache-2.0
// The files that `ballast init` writes for each target.
#pragma once

#include <string>
#include <vector>

namespace ballast::commands {

enum class InitTarget {
  kProject,
  kRailway,
  kDocker,
  kCompose,
  kKubernetes,
  kKubernetesFleet,
  kGithub,
  kMonitoring
};

struct InitFile {
  std::string path;  // relative to the project's root
  std::string text;
  bool executable = false;
};

// `prisma` is the folder of the schema and `package` the package folder, both relative to the root.
std::vector<InitFile> InitFilesOf(InitTarget target, const std::string& prisma,
                                  const std::string& package);

}  // namespace ballast::commands
