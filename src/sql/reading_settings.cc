// SPDX-License-Identifier: Apache-2.0
#include "sql/reading_settings.h"

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

bool IsOn(std::string_view value) {
  const std::string word = ToLowerAscii(std::string(value));
  return word == "on" || word == "true" || word == "default" || word == "'on'" || word == "'true'";
}

bool SetsOtherReading(TokenReader reader) {
  if (!reader.Take("set")) return false;
  if (!reader.Take("session")) (void)reader.Take("local");
  if (reader.Take("names")) return !NamesUtf8(reader.Text());
  const bool encoding = reader.Take("client_encoding");
  if (!encoding && !reader.Take("standard_conforming_strings")) return false;
  if (!reader.Take("=")) (void)reader.Take("to");
  return encoding ? !NamesUtf8(reader.Text()) : !IsOn(reader.Text());
}

// set_config, or code.
bool MayCallSetting(const StatementText& statement, const TokenReader& reader) {
  if (reader.Is("set") || !(reader.Has("set_config") || reader.Is("do"))) return false;
  return ContainsIgnoringAsciiCase(statement.text, "client_encoding") ||
         ContainsIgnoringAsciiCase(statement.text, "standard_conforming_strings");
}

}  // namespace

bool ChangesReading(const StatementText& statement, const TokenReader& reader) {
  return SetsOtherReading(reader) || MayCallSetting(statement, reader);
}

}  // namespace ballast::sql
