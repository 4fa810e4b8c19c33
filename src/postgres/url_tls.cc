// SPDX-License-Identifier: Apache-2.0
#include "postgres/url_tls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "postgres/system_certificates.h"

namespace ballast::postgres {
namespace {

// Prisma's values and libpq's (PostgreSQL manual, "SSL Mode Descriptions").
constexpr std::array<std::string_view, 6> kModes = {"disable", "allow",     "prefer",
                                                    "require", "verify-ca", "verify-full"};
constexpr std::array<std::string_view, 3> kChannelBindings = {"disable", "prefer", "require"};
constexpr const char* kPrefer = "prefer";

// An empty value is the default, as in libpq.
template <size_t N>
bool IsKnown(const std::array<std::string_view, N>& values, const std::string& value) {
  return value.empty() || std::ranges::find(values, value) != values.end();
}

}  // namespace

bool TlsParameters::Take(std::string_view name, const std::string& value) {
  if (name == "sslrootcert" || name == "sslkey") named_as_libpq = true;
  std::string* taken = name == "sslmode"           ? &mode
                       : name == "channel_binding" ? &channel
                       : name == "sslcert"         ? &cert
                       : name == "sslaccept"       ? &accept
                                                   : nullptr;
  if (taken != nullptr) *taken = value;
  return taken != nullptr;
}

void TlsParameters::ApplyTo(Target& target) const {
  if (!mode.empty()) target.Set("sslmode", IsKnown(kModes, mode) ? mode : kPrefer);
  if (!channel.empty()) {
    target.Set("channel_binding", IsKnown(kChannelBindings, channel) ? channel : kPrefer);
  }
  if (named_as_libpq) {
    if (!cert.empty()) target.Set("sslcert", cert);
    return;
  }
  // With its own modes, libpq verifies the server by the CA that is named.
  const bool verifies = mode.starts_with("verify-");
  const bool strict = IsStrict() && mode != "disable";
  if (!cert.empty() && (strict || verifies)) target.Set("sslrootcert", cert);
  if (strict) target.Set("sslmode", "verify-full");
  if (strict && cert.empty()) target.Set("sslrootcert", "system");
}

std::vector<std::string> TlsParameters::Notices() const {
  std::vector<std::string> notices;
  if (!IsKnown(kModes, mode)) {
    notices.push_back(
        "sslmode has a value that neither Prisma nor libpq knows, so it means prefer, as with "
        "Prisma: without TLS if the server offers none; to insist on TLS, write sslmode=require");
  }
  if (!IsKnown(kChannelBindings, channel)) {
    notices.push_back("channel_binding has an unknown value, so it means prefer, as with Prisma");
  }
  if (!cert.empty() && !named_as_libpq && !IsStrict() && !mode.starts_with("verify-")) {
    notices.push_back(
        "sslcert is not used, because Prisma verifies the server's certificate only with "
        "sslaccept=strict; add it to the URL");
  }
  return notices;
}

void UseSystemCertificates(Target& target) {
  const std::string root = target.KeywordValue("sslrootcert");
  const char* mode_variable = std::getenv("PGSSLMODE");
  std::string mode = target.KeywordValue("sslmode");
  if (mode.empty() && mode_variable != nullptr) mode = mode_variable;
  const bool has_none = root.empty() && mode == "verify-full" && !UserHasRootCertificate();
  if (root != "system" && !has_none) return;
  target.Set("sslrootcert", SystemCertificates());
  target.Set("sslmode", "verify-full");
}

}  // namespace ballast::postgres
