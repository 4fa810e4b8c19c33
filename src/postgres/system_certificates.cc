// SPDX-License-Identifier: Apache-2.0
#include "postgres/system_certificates.h"

#include <unistd.h>

#include <cstdlib>

namespace ballast::postgres {
namespace {

constexpr const char* kBundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch, NixOS
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL and their kin
    "/etc/pki/tls/certs/ca-bundle.crt",                   // older ones of them
    "/etc/ssl/ca-bundle.pem",                             // SUSE
    "/etc/ssl/cert.pem",                                  // Alpine, Void
};

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool IsReadable(const std::string& file) {
  return access(file.c_str(), R_OK) == 0;
}

}  // namespace

std::string SystemCertificates() {
  std::string named = Environment("SSL_CERT_FILE");
  if (!named.empty()) return named;
  for (const char* bundle : kBundles) {
    if (IsReadable(bundle)) return bundle;
  }
  return kBundles[0];
}

bool UserHasRootCertificate() {
  const std::string home = Environment("HOME");
  return !Environment("PGSSLROOTCERT").empty() ||
         (!home.empty() && IsReadable(home + "/.postgresql/root.crt"));
}

}  // namespace ballast::postgres
