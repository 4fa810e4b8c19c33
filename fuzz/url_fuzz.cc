// SPDX-License-Identifier: Apache-2.0
// Bytes as a database URL: understood or refused, and shown without its password.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "postgres/url.h"

namespace {

using ballast::postgres::Target;

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Whether the shown text contains the word by coincidence: a name that equals the password.
bool IsShownAnyway(const Target& target, const std::string& word) {
  return Has(target.user, word) || Has(target.Address(), word) || Has(target.database, word) ||
         Has(target.schema, word);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string url(reinterpret_cast<const char*>(data), size);
  const std::string shown = ballast::postgres::RedactUrl(url);
  const auto target = ballast::postgres::ParseUrl(url);
  if (!target.ok()) {
    BALLAST_CHECK(shown == "(not a database URL)");
    BALLAST_CHECK(!target.error().message.empty());
    return 0;
  }
  const std::string password = target->KeywordValue("password");
  if (password.size() >= 6 && !IsShownAnyway(*target, password)) {
    BALLAST_CHECK(!Has(shown, password) || Has("postgresql://?schema=the default host", password));
  }
  const Target other = target->WithDatabase("other");
  BALLAST_CHECK(other.database == "other" && other.KeywordValue("dbname") == "other");
  return 0;
}
