// SPDX-License-Identifier: Apache-2.0
// The objects that the applied migrations of a project have made, by their scripts.
#pragma once

#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "sql/effects.h"

namespace ballast::assess {

struct AppliedObject {
  sql::Effect effect;  // as the last script about it leaves it
  std::string migration;
};

// From the rows that count as applied, in their order. Rows whose script the project does not have
// and scripts that the grammar cannot parse add nothing. Parses all of these scripts.
std::vector<AppliedObject> AppliedObjects(const plan::Intent& intent,
                                          const plan::Observation& observation);

// The migration that has made an object which exists after them; empty if none has.
std::string MigrationThatMade(const std::vector<AppliedObject>& objects, const sql::Effect& effect);

}  // namespace ballast::assess
