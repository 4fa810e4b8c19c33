// SPDX-License-Identifier: Apache-2.0
// Names and literals as PostgreSQL writes them (manual: 4.1.1 identifiers, 4.1.2 constants).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

// Always in double quotes, embedded quotes doubled: "a""b".
std::string QuoteIdentifier(std::string_view name);

// "schema"."name"; the bare quoted name where schema is empty.
std::string QualifiedName(std::string_view schema, std::string_view name);

// A string constant that means the same whatever standard_conforming_strings says: quotes doubled,
// and the E'' form where a backslash occurs.
std::string QuoteLiteral(std::string_view text);

// The literals as an expression of type text[]: ARRAY['a', 'b']::text[].
std::string QuoteTextArray(const std::vector<std::string>& texts);

// The script with every plain string constant that has a backslash as an E constant, which means
// the same whatever standard_conforming_strings is.
std::string EscapeBackslashes(std::string_view script);

}  // namespace ballast::sql
