// SPDX-License-Identifier: Apache-2.0
// SQL features that some supported server versions lack, found by keywords. Only features in the
// table are found; a script without findings can still need a newer server, which then refuses it.
#pragma once

#include <string_view>
#include <vector>

namespace ballast::sql {

struct Feature {
  std::string_view name;  // "NULLS NOT DISTINCT"
  int since = 0;          // the first major version that has it

  bool operator==(const Feature&) const = default;
};

// The features newer than PostgreSQL 13 that the script needs, each once. Code in strings is
// examined only if it is the body of a function; a DO block can check the version itself.
std::vector<Feature> FeaturesOf(std::string_view script);

// Features of one definition as the server prints it: syntax and built-in functions added after 13.
// A user's function can have the name of such a function; the caller must check that.
std::vector<Feature> FeaturesOfDefinition(std::string_view definition);
std::vector<Feature> FunctionsOfDefinition(std::string_view definition);

// Whether the text uses the built-in multirange types of PostgreSQL 14.
bool HasMultirange(std::string_view text);

}  // namespace ballast::sql
