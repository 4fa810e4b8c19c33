// SPDX-License-Identifier: Apache-2.0
// What an assessment says about a database, in the words of all reports: status, doctor, deploy,
// fleet status and serve.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/assess.h"
#include "base/error.h"
#include "plan/plan.h"

namespace ballast::assess {

struct Summary {
  std::optional<plan::Found> found;  // empty: the database was not reached
  std::vector<std::string> pending;
  std::vector<std::string> failed;
  std::vector<std::string> unknown;  // names of rows that the project does not know
  // Whether the database was compared with a proven state; if not, drift and additions are not
  // known.
  bool compared = false;
  std::vector<std::string> drift;        // descriptions of missing or changed managed objects
  std::vector<std::string> differences;  // the drift of a current database that is not accepted
  std::vector<std::string> ignored;      // as drift, for objects that `ignore` names
  std::vector<std::string> additions;    // names; without those that a deploy would drop
  std::string fingerprint_expected;      // empty: not known for this state
  std::string fingerprint_actual;
  // The refusal of a deploy, if it would refuse: code and sentence, and the evidence.
  std::optional<Error> refusal;
  std::vector<std::string> evidence;
  std::vector<std::string> remedies;

  // The database has everything that the project has, and a deploy would not refuse.
  bool HasEverything() const;
  // It also is as proven, except for accepted drift. The only definition of "up to date".
  bool IsUpToDate() const;
};

// `deploy_command` is what the remedies name: "ballast deploy --strategy release".
Summary Summarize(const Assessment& assessment, const std::string& deploy_command);

}  // namespace ballast::assess
