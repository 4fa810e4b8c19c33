// SPDX-License-Identifier: Apache-2.0
// The TLS parameters of a database URL: Prisma's and libpq's, which share some names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "postgres/url.h"

namespace ballast::postgres {

struct TlsParameters {
  std::string mode;     // sslmode
  std::string channel;  // channel_binding
  std::string cert;     // sslcert: for Prisma the trusted CA, for libpq the client's certificate
  std::string accept;   // sslaccept, Prisma's: whether the server's certificate is verified
  bool named_as_libpq = false;  // sslrootcert or sslkey: sslcert has libpq's meaning

  // False if the parameter is another one, or one that Prisma does not know.
  bool Take(std::string_view name, const std::string& value);
  // As libpq's parameters. A mode that is unknown means "prefer", and another value of sslaccept
  // "strict", as in Prisma. sslaccept=strict is verify-full.
  void ApplyTo(Target& target) const;
  // Sentences about the parameters that have less effect than their author may expect.
  std::vector<std::string> Notices() const;

 private:
  bool IsStrict() const { return !accept.empty() && accept != "accept_invalid_certs"; }
};

// "system", which libpq supports since version 16, and verify-full without a root certificate,
// which it refuses, both mean the system's authorities. As in libpq 16, "system" implies
// verify-full, because anybody can get a certificate for some name from a public authority.
void UseSystemCertificates(Target& target);

}  // namespace ballast::postgres
