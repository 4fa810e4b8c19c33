// SPDX-License-Identifier: Apache-2.0
// Renders statements with a comment before each that describes its effects, and reads them back.
#pragma once

#include <string>
#include <vector>

#include "difference/difference.h"

namespace ballast::difference {

// "create index \"X\" (SHARE)", "alter column \"T\".\"a\" (ACCESS EXCLUSIVE, rewrites the table)".
std::string Describe(const Statement& statement);

// Each statement, preceded by a comment with its description and the query that lists the rows it
// fails on.
std::string RenderCommented(const std::vector<Statement>& statements);

// Parses such a text. For a statement without such a comment, `object` is the beginning of the
// statement, and its lock is unknown.
std::vector<Statement> ReadCommented(const std::string& text);

}  // namespace ballast::difference
