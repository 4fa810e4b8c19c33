// SPDX-License-Identifier: Apache-2.0
// Quotes names and literals as PostgreSQL does (manual, "Lexical Structure").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

// Always in double quotes, with embedded quotes doubled: "a""b".
std::string QuoteIdentifier(std::string_view name);

// "schema"."name"; only the quoted name if schema is empty.
std::string QualifiedName(std::string_view schema, std::string_view name);

// A string constant that does not depend on standard_conforming_strings: quotes are doubled, and a
// text with a backslash becomes an E'' constant.
std::string QuoteLiteral(std::string_view text);

// An array of the literals, of type text[]: ARRAY['a', 'b']::text[].
std::string QuoteTextArray(const std::vector<std::string>& texts);

// The script with every plain string constant that has a backslash replaced by an E constant, so
// that it does not depend on standard_conforming_strings.
std::string EscapeBackslashes(std::string_view script);

}  // namespace ballast::sql
