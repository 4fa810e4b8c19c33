// SPDX-License-Identifier: Apache-2.0
// The objects that migrations have made, by their scripts.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "sql/effects.h"

namespace ballast::assess {

struct MadeObject {
  sql::Effect effect;  // as the last script about it leaves it; without the target schema
  std::string migration;
};

// What scripts, one after the other, make of objects.
class MadeObjects {
 public:
  // A name in the target schema is the same with and without it.
  explicit MadeObjects(std::string target_schema) : target_schema_(std::move(target_schema)) {}

  // The next script. One that the grammar cannot parse adds nothing.
  void Add(const release::Migration& migration);

  // What the scripts have made of the object; null if none is about it. Valid until the next Add.
  const MadeObject* Find(const sql::Effect& effect) const;
  // The migration that has made an object which exists after them; empty if none has.
  std::string MigrationThatMade(const sql::Effect& effect) const;

  const std::vector<MadeObject>& all() const { return objects_; }

 private:
  sql::Effect WithoutTarget(sql::Effect effect) const;

  std::string target_schema_;
  std::vector<MadeObject> objects_;
};

// From the rows that count as applied, in their order. Rows whose script the project does not have
// add nothing. Parses all of these scripts.
MadeObjects AppliedObjects(const plan::Intent& intent, const plan::Observation& observation);

// Whether a migration of the migrations table may have made an object of that name: its script
// contains the name, or makes statements while it runs, or is not known.
bool MayHaveMade(const plan::Intent& intent, const plan::Observation& observation,
                 const std::string& name);

}  // namespace ballast::assess
