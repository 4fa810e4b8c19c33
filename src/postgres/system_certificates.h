// SPDX-License-Identifier: Apache-2.0
// The certificate authorities that the system trusts, for servers whose certificate is checked.
#pragma once

#include <string>

namespace ballast::postgres {

// The bundle of certificates: SSL_CERT_FILE (as OpenSSL reads it), else the first existing file
// of those that Linux distributions use. If there is none, the path of Debian, so that libpq's
// error names a file.
std::string SystemCertificates();

// Whether libpq would find a root certificate of the user: PGSSLROOTCERT, or
// ~/.postgresql/root.crt (PostgreSQL manual, 34.19.1).
bool UserHasRootCertificate();

}  // namespace ballast::postgres
