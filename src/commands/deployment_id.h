// What names one run in the journal.
#pragma once

#include <string>

namespace ballast::commands {

// A random UUID (version 4).
std::string NewDeploymentId();

}  // namespace ballast::commands
