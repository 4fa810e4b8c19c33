// SPDX-License-Identifier: Apache-2.0
// Splits a change of a table with rows into steps that are committed one by one, because each of
// them blocks the application for less time than one transaction.
#pragma once

#include <string>
#include <vector>

#include "difference/difference.h"

namespace ballast::difference {

// Statements with the same effect as `statement`, each for its own transaction: CREATE INDEX
// CONCURRENTLY; ADD CONSTRAINT … NOT VALID and VALIDATE CONSTRAINT for checks and foreign keys.
// Empty if there are none; it then runs in one transaction with the others.
std::vector<Statement> OnlineSteps(const Statement& statement);

// Whether no other statement concerns the tables of this one, or anything that it can depend on.
// Statements that have online steps themselves are not considered.
bool IsIndependent(const Statement& statement, const std::vector<Statement>& all);

}  // namespace ballast::difference
