// SPDX-License-Identifier: Apache-2.0
// The certificate authorities that the system trusts, for servers whose certificate is checked.
#pragma once

#include <string>

namespace ballast::postgres {

// The bundle of certificates: SSL_CERT_FILE (as OpenSSL reads it), else the first that exists of
// the places where Linux distributions keep it. Where there is none, Debian's place, so that
// libpq's error names a file.
std::string SystemCertificates();

// True if libpq would find a root certificate of the user's own: PGSSLROOTCERT, or
// ~/.postgresql/root.crt (PostgreSQL manual, 34.19.1).
bool UserHasRootCertificate();

}  // namespace ballast::postgres
