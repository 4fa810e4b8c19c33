// SPDX-License-Identifier: Apache-2.0
// Statements with what they do in a comment in front of each, and back.
#pragma once

#include <string>
#include <vector>

#include "difference/difference.h"

namespace ballast::difference {

// "create index \"X\" (SHARE)", "alter column \"T\".\"a\" (ACCESS EXCLUSIVE, rewrites the table)".
std::string Describe(const Statement& statement);

// Each statement, preceded by its description as a comment, and by the query that lists the rows
// that make it fail.
std::string RenderCommented(const std::vector<Statement>& statements);

// The statements of such a text. Where a statement has no such comment, its object is how it
// begins, and nothing is known of its lock.
std::vector<Statement> ReadCommented(const std::string& text);

}  // namespace ballast::difference
