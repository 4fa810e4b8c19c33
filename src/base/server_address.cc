// SPDX-License-Identifier: Apache-2.0
#include "base/server_address.h"

namespace ballast {

std::string ServerAddress(const std::string& host, const std::string& port) {
  const bool is_socket = host.starts_with('/');
  const bool is_list = host.find(',') != std::string::npos;
  return is_socket || is_list || port.empty() ? host : host + ":" + port;
}

}  // namespace ballast
