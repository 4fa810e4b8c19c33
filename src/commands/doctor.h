// SPDX-License-Identifier: Apache-2.0
// `ballast doctor`: examines project, package, environment and database, and reports problems with
// the command that fixes each. Changes nothing and takes no lock.
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
  kWarn,    // works today, but may fail later
  kFail,    // a deploy would be refused or would do the wrong thing
  kSkipped  // not examined; the message explains why
};
std::string_view NameOf(CheckStatus status);  // "ok", "warn", "fail", "skipped"

// One examined item. `id` is a promise: "database.invalid_indexes". The part before the dot is its
// group: project, package, environment or database.
struct Check {
  std::string id;
  CheckStatus status = CheckStatus::kOk;
  std::string message;
  std::string place;   // a file, a database object; may be empty
  std::string remedy;  // a command or instruction; empty if there is no problem

  std::string_view Group() const { return std::string_view(id).substr(0, id.find('.')); }
};

struct DoctorOptions {
  std::string strategy;
  std::string branch;
  bool strict = false;       // treat warnings as failures
  bool allow_drift = false;  // treat drift as a warning
  std::vector<std::string> trusted_keys;
};

// The id of the check that connects; skipped: the database was not examined.
inline constexpr char kConnectionCheck[] = "database.connection";

struct DoctorReport {
  std::optional<report::Target> target;  // empty: no URL is known
  std::vector<Check> checks;
  bool strict = false;
  std::optional<Error> error;  // always empty: problems are findings

  int Count(CheckStatus status) const;
  // No failures and, if strict, no warnings.
  bool IsHealthy() const;
  bool WasDatabaseExamined() const;
};

// Changes nothing. What cannot be examined is a check that fails or is skipped.
DoctorReport Examine(const DoctorOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
