// SPDX-License-Identifier: Apache-2.0
// Renders statements with a comment before each that describes its effects; for people. Packages of
// earlier versions have the effects of their scripts only in these comments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "difference/difference.h"

namespace ballast::difference {

// "create index \"X\" (SHARE)", "alter column \"T\".\"a\" (ACCESS EXCLUSIVE, rewrites the table)".
std::string Describe(const Statement& statement);

// Each statement, preceded by its description as a comment, and by the query that lists the rows
// that make it fail.
std::string RenderCommented(const std::vector<Statement>& statements);

// The statements of a script of which nothing else is known: `object` is the beginning of the
// statement. Comments mean nothing.
std::vector<Statement> UndescribedStatements(const std::string& text);

// The same for statements that ballast wrote to undo renames and conversions (sql::UndoRenames).
std::vector<Statement> RenamingStatements(const std::string& text);

// Parses the result of RenderCommented, comments included, for packages of versions that recorded
// nothing else. Only for scripts that ballast wrote: what their comments contain is executed. A
// statement without such a comment is undescribed.
std::vector<Statement> ReadCommented(const std::string& text);

// The end of Statement::fails_on for kMissingValue. Packages have only the sentence.
inline constexpr char kHaveNoValue[] = ", which have no value for it";
FailureCause FailureCauseOf(std::string_view fails_on);

// "create", "alter", "drop", "rename".
std::string_view NameOf(ActionKind kind);
// The inverse of NameOf; nothing for other texts.
std::optional<ActionKind> ActionKindNamed(std::string_view name);

}  // namespace ballast::difference
