// SPDX-License-Identifier: Apache-2.0
// `ballast doctor`: looks at project, package, environment and database, and names what is wrong
// and the command that mends it. It changes nothing at all and takes no lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"
#include "report/run_report.h"

namespace ballast::commands {

enum class CheckStatus {
  kOk,
  kWarn,    // works today, and may not tomorrow
  kFail,    // something is wrong: a deploy would be refused or would not do what is wanted
  kSkipped  // not looked at; the message says why
};
std::string_view NameOf(CheckStatus status);  // "ok", "warn", "fail", "skipped"

// One thing that was looked at. `id` is promised: "database.invalid_indexes"; what stands before
// the dot is its group: project, package, environment or database.
struct Check {
  std::string id;
  CheckStatus status = CheckStatus::kOk;
  std::string message;
  std::string place;   // a file, a database object; may be empty
  std::string remedy;  // a command, or what to do; empty where nothing is wrong

  std::string_view Group() const { return std::string_view(id).substr(0, id.find('.')); }
};

struct DoctorOptions {
  std::string strategy;
  std::string branch;
  bool strict = false;       // warnings count as failures
  bool allow_drift = false;  // drift is a warning
  std::vector<std::string> trusted_keys;
};

struct DoctorReport {
  std::optional<report::Target> target;  // empty: no URL is known
  std::vector<Check> checks;
  bool strict = false;
  std::optional<Error> error;  // none: what cannot be looked at is a finding

  int Count(CheckStatus status) const;
  // No failure, and where it is strict no warning.
  bool IsHealthy() const;
};

DoctorReport Examine(const DoctorOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
