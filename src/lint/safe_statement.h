// SPDX-License-Identifier: Apache-2.0
// A statement that checks rows or builds indexes as a list of statements that lead to the same
// catalog, and that let reads and writes continue while they read the rows.
#pragma once

#include <optional>
#include <string>

#include "lint/measurement.h"

namespace ballast::lint {

// Of ALTER TABLE, with all of its clauses, and of CREATE INDEX on a partitioned table. nullopt for
// other statements, and if PostgreSQL has no such statements for one of the clauses.
std::optional<std::string> SafeStatement(const StatementTrace& trace);

// SafeStatement; without it, `part`, the form for the part of the statement that a finding is
// about, or advice in words if the statement has other clauses.
std::string SafeStatementOr(const StatementTrace& trace, std::string part);

// Advice for what the form of one clause of an ALTER TABLE leaves out; empty if it has no other.
std::string OtherClauses(const StatementTrace& trace);

}  // namespace ballast::lint
