// SPDX-License-Identifier: Apache-2.0
// The clauses of a query in a tree of text.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "sql/canonical_tree.h"

namespace ballast::sql {

bool IsAnyOf(const TextNode& node, std::initializer_list<std::string_view> words);

// Whether the nodes between two parentheses are a query.
bool IsQuery(const TextNodes& nodes);

// Whether a query or statement ends here and another one follows: `;`, UNION, INTERSECT, EXCEPT.
bool SeparatesQueries(const TextNode& node);

struct FromClause {
  size_t begin = 0;
  size_t end = 0;
};

// From behind FROM to the next clause; none in a query without FROM, and in a union.
std::optional<FromClause> FromClauseOf(const TextNodes& nodes);

// What the columns of the only relation in a FROM clause are qualified with; empty: not one only.
std::string OnlyRelation(const TextNodes& nodes, FromClause clause);

}  // namespace ballast::sql
