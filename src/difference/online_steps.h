// SPDX-License-Identifier: Apache-2.0
// Splits a change of a table with rows into steps that are committed one by one, because each of
// them blocks the application for less time than one transaction.
#pragma once

#include <string>
#include <vector>

#include "difference/difference.h"

namespace ballast::difference {

// The online steps of a statement as statements. Empty: it runs in one transaction with the others.
std::vector<Statement> OnlineSteps(const Statement& statement);

// Puts a drop of the index of this quoted name in front of the statement that creates it: of what
// an interrupted build left.
void DropFirst(const std::string& index, Statement& create);

// Whether the last step must run in one transaction with the other statements: another one drops a
// key that the new one replaces, and a table has only one primary key.
bool ReplacesAKey(const Statement& statement, const std::vector<Statement>& all);

// Whether no other statement changes anything that this one can depend on: of its tables, the
// columns and keys that it names.
// Statements that have online steps themselves are not considered.
bool IsIndependent(const Statement& statement, const std::vector<Statement>& all);

}  // namespace ballast::difference
