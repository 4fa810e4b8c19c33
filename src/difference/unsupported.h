// SPDX-License-Identifier: Apache-2.0
// What the model of a database does not carry, so that no DDL can change or restore it. Only for
// this folder.
#pragma once

#include <string>
#include <vector>

#include "difference/database_definitions.h"
#include "difference/planner.h"

namespace ballast::difference {

// Unsupported objects of one of the two databases; with `keep_additions`, of `to` only. What both
// have is left unchanged; the comparison afterwards shows whether that was correct.
std::vector<std::string> UnsupportedInOne(const DatabaseDefinitions& from,
                                          const DatabaseDefinitions& to, bool keep_additions);

// Constraints that are dropped and created again although some of their triggers are disabled: DDL
// cannot disable those of the new one. Not those that the other database enforces.
std::vector<std::string> SwitchedConstraintsMadeAgain(const DatabaseDefinitions& from,
                                                      const Planner& plan);

// Tables that are rewritten while a column elsewhere has their row type, which the server refuses.
std::vector<std::string> RewrittenRowTypes(const DatabaseDefinitions& from, const Planner& plan);

}  // namespace ballast::difference
