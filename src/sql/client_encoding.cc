// SPDX-License-Identifier: Apache-2.0
#include "sql/client_encoding.h"

#include <string>

#include "base/text.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

// The names of UTF-8 (PostgreSQL encnames.c); case and punctuation do not matter.
bool NamesUtf8(std::string_view value) {
  std::string name;
  for (const char c : ToLowerAscii(std::string(value))) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) name += c;
  }
  return name == "utf8" || name == "unicode" || name == "default";
}

bool SetsOtherEncoding(TokenReader reader) {
  if (!reader.Take("set")) return false;
  if (!reader.Take("session")) (void)reader.Take("local");
  if (reader.Take("names")) return !NamesUtf8(reader.Text());
  if (!reader.Take("client_encoding")) return false;
  if (!reader.Take("=")) (void)reader.Take("to");
  return !NamesUtf8(reader.Text());
}

// set_config, or code.
bool MayCallSetting(const StatementText& statement, const TokenReader& reader) {
  if (reader.Is("set") || !ContainsIgnoringAsciiCase(statement.text, "client_encoding")) {
    return false;
  }
  return reader.Has("set_config") || reader.Is("do");
}

}  // namespace

bool ChangesClientEncoding(const StatementText& statement, const TokenReader& reader) {
  return SetsOtherEncoding(reader) || MayCallSetting(statement, reader);
}

}  // namespace ballast::sql
