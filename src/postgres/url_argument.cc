// SPDX-License-Identifier: Apache-2.0
#include "postgres/url_argument.h"

#include <algorithm>

#include "base/shell_word.h"

namespace ballast::postgres {
namespace {

constexpr char kMask[] = "***";

// Only the password before the host; the caller checks that there is no other.
std::string WithMaskedPassword(std::string url) {
  const size_t login = url.find("://") + 3;
  const size_t end = std::min(url.find_first_of("/?#", login), url.size());
  const size_t at = url.rfind('@', end);
  const size_t colon = url.find(':', login);
  if (at == std::string::npos || at < login || colon > at) return url;
  return url.replace(colon + 1, at - colon - 1, kMask);
}

// The keywords that hold a secret.
bool HasSecret(const Target& target) {
  const std::string password = target.KeywordValue("password");
  return (!password.empty() && password != kMask) || !target.KeywordValue("sslpassword").empty();
}

}  // namespace

std::string UrlArgument(const std::string& url, const Target& target) {
  std::string shown = url;
  const Result<Target> written = ParseUrl(url);
  if (!written) return UnknownUrlArgument();
  if (target.database() != written->database()) shown = UrlWithDatabase(shown, target.database());
  if (target.schema != written->schema) shown = UrlWithSchema(shown, target.schema);
  if (shown.find("://") != std::string::npos) shown = WithMaskedPassword(shown);
  const Result<Target> read = ParseUrl(shown);
  const bool same = read && read->host() == target.host() && read->port() == target.port() &&
                    read->user() == target.user() && read->database() == target.database() &&
                    read->schema == target.schema;
  return same && !HasSecret(*read) ? ShellWord(shown) : UnknownUrlArgument();
}

std::string UnknownUrlArgument() {
  return ShellWord("…");
}

}  // namespace ballast::postgres
