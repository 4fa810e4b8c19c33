// SPDX-License-Identifier: Apache-2.0
// Reads the scripts of a plan, and finds what in the database makes them fail before the first one
// runs: names that are taken, and objects that depend on what they drop or change.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "assess/applied_objects.h"
#include "base/result.h"
#include "catalog/name_conflicts.h"
#include "catalog/object_identity.h"
#include "catalog/snapshot.h"
#include "plan/plan.h"
#include "plan/review.h"
#include "postgres/session.h"

namespace ballast::assess {

struct ScriptObstacles {
  std::vector<plan::Obstacle> names;       // taken
  std::vector<plan::Obstacle> partitions;  // whose bounds do not allow those of new ones
  std::vector<plan::Obstacle> dependents;  // of what is dropped or changed
  std::vector<plan::Notice> notices;       // about what may make a script fail, or what it drops
  // Objects that the proven state before lacks and that CASCADE drops. Empty if that state is not
  // known.
  std::vector<catalog::ObjectKey> dropped;
  std::vector<catalog::ObjectKey> handled;  // dependent and dropped objects that all this is about
  // All objects that the scripts drop, also with the object that they belong to: of the state
  // before and others; with the script.
  std::map<catalog::ObjectKey, std::string> gone;
  bool complete = false;  // all scripts were read to their end
};

// What is known of the database before.
struct KnownObjects {
  const catalog::Snapshot* managed;  // the proven state; null if it is not known
  // Of additions with what the proven state after has and `managed` lacks.
  std::vector<catalog::NameConflict> conflicts;
  std::function<MadeObjects()> applied;  // asked for only if a name is taken
  // Whether an object that a script replaces (OR REPLACE) may be the project's; asked for only if
  // the state before is not known. Empty: what is replaced is no obstacle, because the state after
  // shows it or the user has accepted it.
  std::function<bool(const std::string& name)> may_be_ours;
};

// Asks the server at most once; with `tries`, again for the bounds of new partitions. Errors as
// Session::Query.
Result<ScriptObstacles> FindScriptObstacles(const plan::Plan& plan, const std::string& schema,
                                            const KnownObjects& known, bool tries,
                                            postgres::Session& session);

}  // namespace ballast::assess
