// SPDX-License-Identifier: Apache-2.0
// What a statement that makes something does to the tables that exist: its lock, and the rows that
// it may fail on. Inside of difference only.
#pragma once

#include "difference/difference.h"
#include "difference/side.h"

namespace ballast::difference {

// Fills in what is known of the creation of a definition of `to`. `existing`: its table is in both
// databases, so that it may have rows.
void JudgeCreation(const Side& from, const Side& to, size_t at, bool existing,
                   Statement& statement);

// What a drop takes: the lock, and rows where it is a table.
void JudgeDrop(const Side& from, size_t at, Statement& statement);

// The lock of a change in place.
LockMode LockOfAlter(catalog::Step step, const std::string& text);

}  // namespace ballast::difference
