// SPDX-License-Identifier: Apache-2.0
#include "postgres/url_argument.h"

#include <string_view>
#include <utility>

#include "base/shell_word.h"
#include "base/url_password.h"

namespace ballast::postgres {
namespace {

constexpr char kMask[] = "***";

// Whether libpq's `options` set something that is not a setting of the server, as "-c my.token=x"
// does: it can be a secret.
bool SetsCustomOption(std::string_view options) {
  for (size_t equals = options.find('='); equals != options.npos;
       equals = options.find('=', equals + 1)) {
    const size_t begin = options.find_last_of(" -", equals) + 1;
    if (options.substr(begin, equals - begin).find('.') != std::string_view::npos) return true;
  }
  return false;
}

// The keywords that hold a secret.
bool HasSecret(const Target& target) {
  const std::string password = target.KeywordValue("password");
  return (!password.empty() && password != kMask) || !target.KeywordValue("sslpassword").empty() ||
         SetsCustomOption(target.KeywordValue("options"));
}

}  // namespace

std::string UrlArgument(const std::string& url, const Target& target) {
  std::string shown = url;
  const Result<Target> written = ParseUrl(url);
  if (!written) return UnknownUrlArgument();
  if (target.database() != written->database()) shown = UrlWithDatabase(shown, target.database());
  if (target.schema != written->schema) shown = UrlWithSchema(shown, target.schema);
  shown = MaskPasswordBeforeHost(std::move(shown));
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
