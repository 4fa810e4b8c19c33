// SPDX-License-Identifier: Apache-2.0
// Changes of tables with rows in steps that are committed one by one, because each then blocks the
// application for less time than in one transaction.
#pragma once

#include <string>
#include <vector>

#include "difference/difference.h"

namespace ballast::difference {

// The statements that do the same as `statement`, each in a transaction of its own: CREATE INDEX
// CONCURRENTLY; ADD CONSTRAINT … NOT VALID and VALIDATE CONSTRAINT of checks and foreign keys.
// Empty: it is better run together with the others.
std::vector<Statement> OnlineSteps(const Statement& statement);

// Whether none of the other statements, but for those that have steps apart themselves, is about
// the tables of this one or about something that it may need.
bool IsIndependent(const Statement& statement, const std::vector<Statement>& all);

}  // namespace ballast::difference
