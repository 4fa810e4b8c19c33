// SPDX-License-Identifier: Apache-2.0
// The files that libpq opens by itself: the service file, and those of TLS. It would wait for the
// writer of a named pipe, and read a device without end.
#pragma once

#include <string>

#include "base/result.h"
#include "postgres/url.h"

namespace ballast::postgres {

// B104 with the path if a file of a service (PGSERVICEFILE, ~/.pg_service.conf, the one in
// PGSYSCONFDIR) exists and is neither a regular file nor /dev/null.
Status CheckServiceFiles();

// The same for the certificates, keys and revocation lists that the target names, or the variables,
// or that libpq looks for in ~/.postgresql; and for the service files if a service is named.
// Nothing for a target without TLS.
Status CheckConnectionFiles(const Target& target);

}  // namespace ballast::postgres
