// SPDX-License-Identifier: Apache-2.0
// Features of SQL that not every supported server version has, found by their words. What an older
// server would do with such a text is refuse it; so only what is in the table is found, and what is
// not found may need a newer server all the same.
#pragma once

#include <string_view>
#include <vector>

namespace ballast::sql {

struct Feature {
  std::string_view name;  // "NULLS NOT DISTINCT"
  int since = 0;          // the first major version that has it

  bool operator==(const Feature&) const = default;
};

// The features newer than PostgreSQL 13 that running the script needs, each once. Code in strings
// is looked into only where it is the body of a function; DO blocks may ask for the version first.
std::vector<Feature> FeaturesOf(std::string_view script);

// Of one definition as the server prints it: the words of syntax, and the built-in functions, that
// came after 13. A function of somebody's own may have such a name, too: that is for the caller.
std::vector<Feature> FeaturesOfDefinition(std::string_view definition);
std::vector<Feature> FunctionsOfDefinition(std::string_view definition);

// Whether the text has the built-in types that came with 14.
bool HasMultirange(std::string_view text);

}  // namespace ballast::sql
