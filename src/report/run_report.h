// SPDX-License-Identifier: Apache-2.0
// The report of one run as a value and as JSON. The journal stores it, webhooks and
// BALLAST_REPORT_URL receive it, and metrics are computed from it (docs/operations.md). It never
// contains a password.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ballast::report {

// The database of a command. Before the server is reached, the role is the URL's and the version is
// empty.
struct Target {
  std::string host;  // a name, an address, or the folder of a Unix socket
  int port = 5432;
  std::string database;
  std::string schema;
  std::string role;
  std::string server_version;  // "15.14"
  // Its name in ballast.toml, else the path of its schema; empty if there is only one.
  std::string project = {};

  bool operator==(const Target&) const = default;
};

// A part of a run. Names are stable between versions: "load", "connect", …
struct Stage {
  std::string name;
  double duration_ms = 0;

  bool operator==(const Stage&) const = default;
};

struct MigrationTime {
  std::string name;
  std::optional<double> duration_ms;  // empty: not known

  bool operator==(const MigrationTime&) const = default;
};

enum class Outcome {
  kDone,         // "done": everything was changed
  kNothing,      // "nothing": there was nothing to do
  kRefused,      // "refused": nothing was changed (exit 1 or 2)
  kFailed,       // "failed": nothing was changed (exit 3, or a script failed)
  kPartial,      // "partial": something was changed, but not everything (exit 4)
  kInterrupted,  // "interrupted": by a signal
};
std::string_view NameOf(Outcome outcome);
std::optional<Outcome> OutcomeOf(std::string_view name);
// Refused, failed, partial or interrupted.
bool IsFailure(Outcome outcome);

// Who ran the command, and where.
struct Origin {
  std::string host;
  std::string user;
  std::string program;  // version of ballast
  // Name and value of known variables of CI systems and platforms that are set.
  std::vector<std::pair<std::string, std::string>> variables;

  bool operator==(const Origin&) const = default;
};

// The result of `release create` and `baseline create`.
struct PackageMade {
  int migration_count = 0;
  std::string baseline_includes_up_to;
  std::string fingerprint;
  bool changed = false;

  bool operator==(const PackageMade&) const = default;
};

// The number of a fleet's targets by outcome (commands::FleetOutcome).
struct FleetTargets {
  int applied = 0;
  int nothing = 0;
  int planned = 0;
  int failed = 0;
  int partial = 0;
  int unhealthy = 0;
  int interrupted = 0;
  int not_started = 0;

  bool operator==(const FleetTargets&) const = default;
};
// The outcomes with their numbers, in the order above.
std::vector<std::pair<std::string_view, int>> CountsOf(const FleetTargets& targets);

struct RunReport {
  std::string run;                    // UUID
  std::string command;                // "deploy", "resolve", "release create", …
  std::string started_at;             // "2026-11-26T20:11:14.123Z"
  std::optional<double> duration_ms;  // empty: not known
  Outcome outcome = Outcome::kDone;
  std::string code;     // of the error; empty: none
  std::string message;  // likewise
  std::string project;  // name in ballast.toml, else path of the schema from the root
  std::optional<Target> target;
  std::string strategy;        // "release", "development", "history"; empty: not decided
  std::string found;           // as in `deploy --output json`
  std::string release;         // version of the release deployed or made; empty: none
  std::string release_before;  // of the database before, if the journal has it
  int recorded = 0;            // rows that the migrations table stored
  std::vector<Stage> stages;
  std::vector<MigrationTime> migrations;  // executed migrations, in order
  std::vector<std::string> drift;         // missing or changed managed objects
  std::vector<std::string> additions;     // names of additions
  std::string fingerprint_expected;
  std::string fingerprint_actual;
  int round_trips = 0;
  std::optional<PackageMade> package;
  std::optional<FleetTargets> targets;  // of `fleet deploy`
  Origin origin;

  bool operator==(const RunReport&) const = default;
};

// One line without a line break. Bytes that are not UTF-8 become U+FFFD.
std::string ToJson(const RunReport& report);

// Parses what ToJson of this or a later version has written. Unknown keys are ignored, missing keys
// have defaults. No value if it is not an object with `run`, `command` and a known `outcome`, or if
// a value has the wrong type. `wrong`, if not null, receives the name of that value
// ("target.port"), or nothing if the text is no JSON object.
std::optional<RunReport> ParseRunReport(std::string_view json, std::string* wrong = nullptr);

// UTC with milliseconds: "2026-11-26T20:11:14.123Z".
std::string TimeNow();

}  // namespace ballast::report
