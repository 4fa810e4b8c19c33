#include "commands/deployment_id.h"

#include <random>
#include <string_view>

namespace ballast::commands {

std::string NewDeploymentId() {
  std::random_device device;
  std::string id;
  for (const char c : std::string_view("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx")) {
    id += c == 'x' ? "0123456789abcdef"[device() & 15] : c;
  }
  return id;
}

}  // namespace ballast::commands
