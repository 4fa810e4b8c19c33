// SPDX-License-Identifier: Apache-2.0
// The address of a PostgreSQL server in messages.
#pragma once

#include <string>

namespace ballast {

// "localhost:5432"; of a socket, its folder: "/run/postgresql". Without the port if there is none,
// or if the host is a list of hosts.
std::string ServerAddress(const std::string& host, const std::string& port);

}  // namespace ballast
