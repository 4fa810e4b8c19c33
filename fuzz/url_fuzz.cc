// SPDX-License-Identifier: Apache-2.0
// Bytes as a database URL: understood, or refused with a message; another database of the same
// server keeps all other keywords.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "postgres/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string url(reinterpret_cast<const char*>(data), size);
  const auto target = ballast::postgres::ParseUrl(url);
  if (!target.ok()) {
    BALLAST_CHECK(!target.error().message.empty());
    return 0;
  }
  const ballast::postgres::Target other = target->WithDatabase("other");
  BALLAST_CHECK(other.database() == "other");
  for (const auto& [keyword, value] : target->keywords) {
    BALLAST_CHECK(keyword == "dbname" ||
                  other.KeywordValue(keyword) == target->KeywordValue(keyword));
  }
  return 0;
}
