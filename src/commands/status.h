// SPDX-License-Identifier: Apache-2.0
// `ballast status`: where the database stands. It changes nothing at all and takes no lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/assess.h"
#include "base/error.h"
#include "project/invocation.h"
#include "project/strategy_selection.h"
#include "report/run_report.h"

namespace ballast::commands {

struct StatusOptions {
  std::string strategy;
  std::string branch;
  bool strict = false;       // additions are refused
  bool allow_drift = false;  // drift is not
};

struct StatusReport : project::StrategySelection {
  std::optional<report::Target> target;  // empty: the URL is not known
  std::optional<plan::Found> found;      // empty: the database was not reached
  std::vector<std::string> pending;
  std::vector<std::string> failed;
  std::vector<assess::FailureLine> failures;  // the same, with what is known of each
  std::vector<std::string> unknown;
  std::vector<std::string> differences;  // of a database that is current: drift, in words
  std::vector<std::string> drift;        // of any: managed objects that are missing or changed
  std::vector<std::string> additions;    // what others have made, by name
  std::string fingerprint_expected;      // empty: none is known for this state
  std::string fingerprint_actual;
  // What a deploy would say, if it would refuse: code and sentence, and what it rests on.
  std::optional<Error> refusal;
  std::vector<std::string> evidence;
  std::vector<std::string> remedies;
  std::optional<Error> error;
};

// The part of the report that comes from the database.
void TakeAssessment(const assess::Assessment& assessment, StatusReport& report);

StatusReport ReadStatus(const StatusOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
