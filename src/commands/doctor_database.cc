// SPDX-License-Identifier: Apache-2.0
// Examines the database: whether it can be reached and used, and its state. Read-only.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "assess/assess.h"
#include "assess/live_state.h"
#include "assess/summary.h"
#include "base/server_versions.h"
#include "base/text.h"
#include "catalog/managed_comparison.h"
#include "catalog/object_identity.h"
#include "catalog/unmatched_globs.h"
#include "commands/doctor_internal.h"
#include "plan/failed_migrations.h"
#include "plan/other_project.h"
#include "plan/resume.h"
#include "plan/server_refusals.h"
#include "plan/statement_progress.h"
#include "postgres/create_database.h"
#include "postgres/observe.h"
#include "postgres/pooler.h"
#include "run/deploy_settings.h"
#include "run/run_report.h"
#include "sql/quote.h"

namespace ballast::commands {
namespace {

// The record of the intent's proven catalog, with its requirements.
const release::FingerprintRecord* ProvenOf(const std::optional<plan::Intent>& intent) {
  if (!intent) return nullptr;
  if (const auto* release = std::get_if<plan::ApplyRelease>(&*intent)) return &release->fingerprint;
  const auto& history = std::get<plan::FollowHistory>(*intent);
  if (history.baseline) return &history.baseline->fingerprint;
  return history.release ? &history.release->fingerprint : nullptr;
}

std::vector<std::string> FirstColumn(const Result<std::vector<postgres::Rows>>& results) {
  std::vector<std::string> values;
  if (!results || results->empty()) return values;
  for (const auto& row : results->back().rows) values.push_back(row[0].value_or(""));
  return values;
}

// Indented lines belong to the line before them.
std::string InOneLine(const std::vector<std::string>& lines) {
  std::vector<std::string> parts;
  bool was_indented = false;
  for (const std::string& line : lines) {
    const bool indented = line.starts_with(' ') && !parts.empty();
    if (indented) {
      std::string& part = parts.back();
      if (!was_indented && part.ends_with(':')) part.pop_back();
      part += (was_indented ? ", " : ": ") + std::string(Trim(line));
    } else {
      parts.push_back(line);
    }
    was_indented = indented;
  }
  return JoinSome(parts);
}

class DatabaseExamination {
 public:
  DatabaseExamination(const DoctorContext& doctor, const project::Invocation& invocation,
                      Findings& findings)
      : doctor_(doctor), invocation_(invocation), findings_(findings) {}

  void Run(const postgres::Target& target, report::Target& line) {
    auto session = postgres::Session::Connect(target);
    if (!session) return NotConnected(target, session.error(), line);
    run::ReportConnected(*session, line, *invocation_.progress);
    findings_.Ok(kConnectionCheck, fmt::format("PostgreSQL {} at {}",
                                               session->server_version_text(), target.Address()));
    if (!Direct(*session)) return;
    Status assessed = Assess(*session);
    if (!assessed) {
      return findings_.Add("database.migrations_table", CheckStatus::kFail, assessed.error());
    }
    const plan::Observation& observation = assessment_.observation;
    run::FillTarget(observation, line);
    Server(observation.server);
    CheckPrivileges(observation);
    Owners(*session, observation, schemas_);
    Extensions(*session);
    FailedRows(observation);
    InvalidIndexes(observation);
    ReportPosition();
  }

 private:
  // A database that does not exist is created by the first deploy, if the role may.
  void NotConnected(const postgres::Target& target, const Error& error, report::Target& line) {
    if (error.code != ErrorCode::kNoDatabase) {
      return findings_.Add(kConnectionCheck, CheckStatus::kFail, error);
    }
    const auto missing = postgres::ObserveMissing(target, {}, {}, *invocation_.progress);
    if (!missing) return findings_.Add(kConnectionCheck, CheckStatus::kFail, missing.error());
    run::FillTarget(*missing, line);
    findings_.Add(
        {kConnectionCheck, CheckStatus::kWarn, postgres::DescribeMissing(target), {}, {}});
  }

  // Without an intent there is nothing to decide.
  Status Assess(postgres::Session& session) {
    const assess::AssessOptions options(assess::Purpose::kStatus,
                                        {.allow_drift = doctor_.options.allow_drift},
                                        run::StatusObservation());
    if (!doctor_.intent) {
      TRY_ASSIGN(assessment_.observation,
                 postgres::Observe(session, options.observe, *invocation_.progress));
      return {};
    }
    schemas_ = project::FurtherSchemas(doctor_.context, *doctor_.intent);
    plan::Intent intent = *doctor_.intent;
    TRY_ASSIGN(assessment_, assess::Assess(doctor_.context, doctor_.artifacts, intent, session,
                                           options, *invocation_.progress));
    if (assessment_.decision.found != plan::Found::kFailed) {
      resumption_ = plan::Resume(intent, assessment_.observation);
    }
    return {};
  }

  // Nothing more is sent through a pooler in transaction mode, because even a setting would remain
  // in sessions of others.
  bool Direct(postgres::Session& session) {
    const auto direct = session.QueryValue("SELECT " + postgres::IsDirectSql(session));
    if (direct && postgres::IsTrue(*direct)) return true;
    const Status pooled = postgres::RefuseTransactionPooler(session);
    if (pooled) return true;
    findings_.Add("database.pooler", CheckStatus::kFail, pooled.error());
    return false;
  }

  void Server(const plan::ServerState& server) {
    auto refusal = plan::RefuseReadOnly(server);
    if (!refusal) refusal = plan::RefuseSearchPath(server);
    const plan::Refusal* decided = assessment_.decision.refusal();
    if (!refusal && decided != nullptr && decided->code == ErrorCode::kServerTooOld) {
      refusal = *decided;
    }
    if (refusal) {
      findings_.Add({"database.server",
                     CheckStatus::kFail,
                     refusal->message,
                     {},
                     Join(refusal->remedies, "; ")});
      return;
    }
    const release::FingerprintRecord* proven = ProvenOf(doctor_.intent);
    const bool known = server.major >= kOldestServerMajor && server.major <= kNewestServerMajor;
    if (!known) {
      findings_.Add({"database.server",
                     CheckStatus::kWarn,
                     fmt::format("PostgreSQL {} is not one of the versions {} to {}",
                                 server.version, kOldestServerMajor, kNewestServerMajor),
                     {},
                     "use a supported version"});
    } else if (proven != nullptr && server.major < proven->server_major) {
      findings_.Add({"database.server",
                     CheckStatus::kWarn,
                     fmt::format("the baseline was proven on PostgreSQL {}; this server is older "
                                 "({}) and may lack something that it needs",
                                 proven->server_major, server.version),
                     {},
                     "try it: ballast deploy --dry-run; a deploy that fails is rolled back"});
    } else {
      findings_.Ok("database.server", "a writable primary");
    }
  }

  // As a deploy would refuse them.
  void CheckPrivileges(const plan::Observation& observation) {
    const std::string& role = observation.server.role;
    const plan::Plan* plan = assessment_.decision.plan();
    const std::vector<plan::LackedPrivileges> lacked =
        plan::PrivilegesLackedFor(plan == nullptr ? plan::Plan() : *plan, observation);
    for (const plan::LackedPrivileges& one : lacked) {
      findings_.Add({"database.rights", CheckStatus::kFail, one.refusal.message, role,
                     Join(one.statements, " ")});
    }
    if (const auto no_journal = plan::NoticeOfJournal(observation)) {
      findings_.Add({"database.rights", CheckStatus::kWarn, *no_journal, role,
                     plan::GrantForJournal(observation)});
    } else if (lacked.empty()) {
      findings_.Ok("database.rights", "role " + role + " has the privileges that a deploy needs");
    }
  }

  // Relations that are additions, except for partitions of managed tables, which change with these.
  std::set<catalog::Name> UnmanagedRelations() const {
    std::set<catalog::Name> names;
    if (!assessment_.live) return names;
    for (const catalog::Difference& it : assessment_.live->comparison.objects.additions) {
      const bool whole =
          it.change == catalog::ChangeKind::kExtra && it.Value("partition of").empty();
      if (whole && catalog::IsRelationKind(it.kind)) names.insert(catalog::RefOf(it).name);
    }
    return names;
  }

  // Those of other roles that a deploy can have to change, as "s.t (of r)". A sequence that a
  // column owns belongs to the owner of its table.
  std::vector<std::string> RelationsOfOthers(postgres::Session& session,
                                             const std::string& target_schema,
                                             const std::vector<std::string>& schemas) const {
    std::vector<std::string> others;
    const auto answers = session.Query(fmt::format(
        "SELECT format('%I.%I (of %s)', n.nspname, c.relname, pg_get_userbyid(c.relowner)),\n"
        "       n.nspname, c.relname\n"
        "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace\n"
        " WHERE n.nspname = ANY ({}) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')\n"
        "   AND NOT pg_has_role(c.relowner, 'USAGE')\n"
        "   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass\n"
        "                    AND d.objid = c.oid AND (d.deptype = 'e'\n"
        "                      OR c.relkind = 'S' AND d.deptype IN ('a', 'i')))\n"
        " ORDER BY 1",
        sql::QuoteTextArray(schemas)));
    if (!answers) return others;
    const std::set<catalog::Name> unmanaged = UnmanagedRelations();
    for (const auto& row : answers->back().rows) {
      const std::string schema = row[1].value_or("");
      const catalog::Name name{schema == target_schema ? "" : schema, row[2].value_or("")};
      if (!unmanaged.contains(name)) others.push_back(row[0].value_or(""));
    }
    return others;
  }

  void Owners(postgres::Session& session, const plan::Observation& observation,
              std::vector<std::string> schemas) {
    schemas.push_back(observation.schema);
    const std::vector<std::string> others = RelationsOfOthers(session, observation.schema, schemas);
    if (others.empty())
      return findings_.Ok("database.owners", "the role owns all existing objects");
    findings_.Add({"database.owners", CheckStatus::kWarn,
                   fmt::format("{} to other roles, so that migrations that alter them fail: {}",
                               others.size() == 1 ? "1 object belongs"
                                                  : fmt::format("{} objects belong", others.size()),
                               JoinSome(others)),
                   others.front(),
                   fmt::format("deploy as their owner, or let an admin run: ALTER … OWNER TO {}",
                               sql::QuoteIdentifier(observation.server.role))});
  }

  // What the plan would create and the role may not, as a deploy refuses it.
  bool ExtensionsAreRefused() {
    const plan::Refusal* refusal = assessment_.decision.refusal();
    const bool for_privileges = refusal != nullptr && refusal->code == ErrorCode::kPrivilege;
    if (!for_privileges || !assessment_.extensions_are_forbidden) return false;
    findings_.Add({"database.extensions", CheckStatus::kFail,
                   refusal->message + ": " + Join(refusal->evidence, "; "), refusal->where.file,
                   Join(refusal->remedies, "; ")});
    return true;
  }

  void Extensions(postgres::Session& session) {
    if (ExtensionsAreRefused()) return;
    std::vector<std::string> needed;
    const release::FingerprintRecord* proven = ProvenOf(doctor_.intent);
    if (proven == nullptr) {
      return findings_.Skip("database.extensions", "no baseline lists the required extensions");
    }
    for (const std::string& global : proven->scope.globals) {
      if (global.starts_with("extension ")) needed.push_back(global.substr(10));
    }
    if (needed.empty()) return findings_.Ok("database.extensions", "no extension is needed");
    const auto missing = FirstColumn(session.Query(fmt::format(
        "SELECT w.name FROM unnest({}) AS w(name)\n"
        " WHERE NOT EXISTS (SELECT FROM pg_extension e WHERE quote_ident(e.extname) = w.name)\n"
        "   AND NOT EXISTS (SELECT FROM pg_available_extensions a\n"
        "                    WHERE quote_ident(a.name) = w.name)\n"
        " ORDER BY 1",
        sql::QuoteTextArray(needed))));
    if (missing.empty()) return findings_.Ok("database.extensions", Join(needed, ", "));
    findings_.Add(
        {"database.extensions",
         CheckStatus::kFail,
         "the server lacks " + Counted(missing.size(), "extension") + ": " + Join(missing, ", "),
         {},
         "install their packages on the server"});
  }

  void FailedRows(const plan::Observation& observation) {
    if (plan::FailedRows(observation).empty()) {
      return findings_.Ok("database.failed", "no migration is recorded as failed");
    }
    if (resumption_) return Interrupted(observation);
    const plan::Refusal refusal = plan::FailedMigrations(observation);
    findings_.Add({"database.failed", CheckStatus::kFail, Join(refusal.evidence, "; ") + " (P3009)",
                   plan::FailedRows(observation).front().name, Join(refusal.remedies, "; ")});
  }

  run::DeployGoal Goal() const {
    run::DeployGoal goal;
    goal.strategy = doctor_.options.strategy;
    goal.branch = doctor_.options.branch;
    return goal;
  }

  // What a deploy continues, so that nothing has to be resolved.
  void Interrupted(const plan::Observation& observation) {
    const std::vector<plan::MigrationRow> failed = plan::FailedRows(observation);
    const std::string deploy = run::DeployCommand(Goal());
    const bool has_error = !plan::ErrorAfterProgress(failed.front().logs).empty();
    findings_.Add({"database.failed", CheckStatus::kFail, resumption_->notice, failed.front().name,
                   has_error ? "fix the cause, then deploy again: " + deploy : deploy});
  }

  void InvalidIndexes(const plan::Observation& observation) {
    if (observation.invalid_indexes.empty()) {
      return findings_.Ok("database.invalid_indexes", "no index is invalid");
    }
    for (const plan::IndexName& index : observation.invalid_indexes) {
      const std::string name = sql::QualifiedName(index.schema, index.name);
      findings_.Add({"database.invalid_indexes", CheckStatus::kWarn,
                     "index " + name + " is invalid: a concurrent build of it failed", name,
                     "REINDEX INDEX CONCURRENTLY " + name + ";"});
    }
  }

  void ReportPosition() {
    if (!doctor_.intent) {
      return findings_.Skip("database.position",
                            "the strategy cannot be used now: see the sections environment and "
                            "package");
    }
    const assess::Summary status = assess::Summarize(assessment_, run::DeployCommand(Goal()));
    if (status.found == plan::Found::kFailed) {
      return findings_.Skip("database.position", "a failed migration blocks the deploy");
    }
    const bool is_alone = resumption_ && status.pending == std::vector{resumption_->script};
    if (is_alone && !status.refusal) {
      findings_.Skip("database.position", "only the interrupted migration is pending");
    } else {
      ReportState(status);
    }
    Notices();
    Drift(status);
    Ignored();
    if (!status.additions.empty()) {
      const CheckStatus grade = doctor_.options.strict ? CheckStatus::kWarn : CheckStatus::kOk;
      findings_.Add(
          {"database.additions",
           grade,
           fmt::format("{}, left alone: {}", Counted(status.additions.size(), "addition"),
                       JoinSome(status.additions)),
           {},
           grade == CheckStatus::kOk ? std::string() : "ballast deploy --strict refuses them"});
    }
  }

  // What a deploy says before its first step, except for what another check has said.
  void Notices() {
    const bool converts = assessment_.decision.found == plan::Found::kOtherStrategy;
    for (const plan::Notice& notice : assessment_.decision.notices) {
      if (notice.kind == plan::NoticeKind::kAhead) continue;
      if (converts && notice.kind == plan::NoticeKind::kPlan) continue;
      if (notice.kind == plan::NoticeKind::kNoJournal) continue;
      if (resumption_ && plan::TextOf(notice) == resumption_->notice) continue;
      findings_.Add({plan::IsFinding(notice) ? "database.obstacles" : "database.notices",
                     CheckStatus::kWarn,
                     plan::TextOf(notice),
                     {},
                     {}});
    }
  }

  // What a deploy does with rows of another strategy, or of deleted migrations.
  std::string Conversion() const {
    std::vector<std::string> texts;
    for (const plan::Notice& notice : assessment_.decision.notices) {
      if (notice.kind == plan::NoticeKind::kPlan) texts.push_back(plan::TextOf(notice));
    }
    return texts.empty() ? "a deploy converts its rows" : Join(texts, "; ");
  }

  void ReportState(const assess::Summary& status) {
    const std::string remedy = Join(status.remedies, "; ");
    if (status.refusal) {
      findings_.Add({"database.position",
                     CheckStatus::kFail,
                     fmt::format("{}{} ({}){}",
                                 status.found == plan::Found::kOtherStrategy
                                     ? ""
                                     : std::string(plan::NameOf(*status.found)) + ": ",
                                 status.refusal->message, CodeOf(status.refusal->code),
                                 status.evidence.empty() ? "" : ": " + InOneLine(status.evidence)),
                     {},
                     remedy});
    } else if (status.found == plan::Found::kBehind ||
               status.found == plan::Found::kOtherStrategy) {
      findings_.Add(
          {"database.position",
           CheckStatus::kWarn,
           status.found == plan::Found::kBehind
               ? fmt::format("behind: {} pending ({})", Counted(status.pending.size(), "migration"),
                             JoinSome(status.pending))
               : Conversion(),
           {},
           "show what a deploy would do: ballast deploy --dry-run"});
    } else if (status.found == plan::Found::kAhead) {
      findings_.Add({"database.position",
                     CheckStatus::kWarn,
                     "ahead: it has migrations that this project does not know (" +
                         JoinSome(status.unknown) + ")",
                     {},
                     "deploy the newer version, or ignore it"});
    } else {
      findings_.Ok("database.position", std::string(plan::NameOf(*status.found)),
                   status.found == plan::Found::kFresh ? "fill it: ballast deploy" : "");
    }
  }

  void Drift(const assess::Summary& status) {
    if (status.differences.empty() && !status.drift.empty()) {
      findings_.Add(
          {"database.drift",
           CheckStatus::kWarn,
           fmt::format("{}, which --allow-drift accepts: {}",
                       Counted(status.drift.size(), "difference"), JoinSome(status.drift)),
           {},
           "see what would restore it: ballast repair --dry-run"});
      return;
    }
    if (status.found == plan::Found::kFresh) {
      return findings_.Skip("database.drift", "there is nothing to compare yet");
    }
    if (status.fingerprint_expected.empty() && status.compared && status.drift.empty()) {
      return findings_.Ok("database.drift",
                          "no object of the state that the rows describe is missing or changed");
    }
    if (status.fingerprint_expected.empty()) {
      return findings_.Skip("database.drift",
                            "not compared: neither the package nor the development baseline has "
                            "a catalog of this state",
                            "compare it with the replayed migrations: ballast schema check --live");
    }
    if (!status.ignored.empty() && status.differences.empty()) {
      return findings_.Ok("database.drift",
                          fmt::format("the catalog equals the proven one except for {}: {}",
                                      Counted(status.ignored.size(), "ignored difference"),
                                      JoinSome(status.ignored)));
    }
    if (status.differences.empty()) {
      return findings_.Ok("database.drift", fmt::format("the catalog equals the proven one ({}…)",
                                                        status.fingerprint_actual.substr(0, 12)));
    }
    findings_.Add(
        {"database.drift",
         CheckStatus::kFail,
         "the live catalog differs from the proven one: " + JoinSome(status.differences),
         {},
         assessment_.live && assessment_.live->comparison.lacks_all_tables
             ? plan::HintOf(plan::RemediesIfAllIsMissing())
             : "list them: ballast status; show what would restore it: ballast repair --dry-run"});
  }

  void Ignored() {
    if (!assessment_.live || !assessment_.live->expected) return;
    const apply::LiveStateBefore& before = assessment_.live->before;
    const std::string unmatched = catalog::DescribeUnmatched(catalog::UnmatchedGlobs(
        before.rules.ignore, {assessment_.live->expected.get(), &before.live}));
    if (unmatched.empty()) return;
    findings_.Skip("database.ignore", unmatched, "correct or remove them in ballast.toml");
  }

  const DoctorContext& doctor_;
  const project::Invocation& invocation_;
  Findings& findings_;
  assess::Assessment assessment_;
  std::optional<plan::Resumption> resumption_;  // of an interrupted migration
  std::vector<std::string> schemas_;            // further target schemas
};

}  // namespace

void ExamineDatabase(const DoctorContext& doctor, const postgres::Target& target,
                     const project::Invocation& invocation, Findings& findings,
                     report::Target& line) {
  DatabaseExamination(doctor, invocation, findings).Run(target, line);
}

}  // namespace ballast::commands
