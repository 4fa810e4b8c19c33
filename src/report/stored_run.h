// SPDX-License-Identifier: Apache-2.0
// The report of a run as the journal of a database stores it, in the transaction of the run itself.
#pragma once

#include <optional>
#include <string>

#include "report/run_report.h"

namespace ballast::report {

struct StoredRun {
  // What ToJson wrote when the transaction was sent. For a run that has only journal entries, the
  // same keys from these, and `entries`: [[event, subject, detail]].
  std::string report;
  // What the server measured in the transaction, as a JSON object: `apply_ms`, and `migrations` and
  // `unrecorded`, each [{`name`, `duration_ms`}]. Empty: it measured nothing.
  std::optional<std::string> measured;
  std::optional<double> duration_ms;  // by the server; empty: the run has only journal entries
};

// The report with what the server measured, without values that cannot be: roles that deploy can
// write anything to the journal. No value as ParseRunReport.
std::optional<RunReport> ParseStoredRun(const StoredRun& stored);

}  // namespace ballast::report
