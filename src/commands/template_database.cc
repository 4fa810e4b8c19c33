// SPDX-License-Identifier: Apache-2.0
#include "commands/template_database.h"

#include <fmt/format.h>

#include <random>
#include <thread>

#include "apply/setup_script.h"
#include "base/sha256.h"
#include "base/sqlstate.h"
#include "base/version.h"
#include "postgres/connect_with_retry.h"
#include "project/project_context.h"
#include "project/project_name.h"
#include "release/development_baseline.h"
#include "run/deploy_settings.h"
#include "run/prepared_deploy.h"
#include "run/run_report.h"
#include "sql/quote.h"

namespace ballast::commands {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kPrefix = "ballast_template_";
constexpr int kDigits = 16;        // of the digest in a name
constexpr int kTemplatesKept = 8;  // of one role
constexpr int kLock = 72707370;    // in the maintenance database; Prisma's key is 72707369
constexpr milliseconds kTemplateLockTimeout{60000};

std::string TextOf(const plan::ApplyRelease& release) {
  return fmt::format("release\n{}\n{}\n{}", release.baseline.checksum,
                     release::CoverageChecksum(release::CoverageOf(release.hotfixes)),
                     release.fingerprint.catalog);
}

std::string TextOf(const plan::FollowHistory& history) {
  const std::string all =
      release::CoverageChecksum(release::CoverageOf(history.migrations)) + history.last;
  if (!history.baseline) return "history\n" + all;
  return fmt::format("development\n{}\n{}\n{}", all,
                     release::CoverageChecksum(history.baseline->coverage),
                     history.baseline->fingerprint.catalog);
}

// The name depends on everything that determines the content.
std::string NameFor(const plan::Intent& intent, const postgres::Target& target,
                    const std::string& setup) {
  std::string text = std::visit([](const auto& i) { return TextOf(i); }, intent);
  if (!setup.empty()) text += "\n" + setup;
  const std::string digest =
      Sha256Hex(fmt::format("{}\n{}\n{}\n{}", kVersion, target.user(), target.schema, text));
  return std::string(kPrefix) + digest.substr(0, kDigits);
}

Error AlreadyExists(const postgres::Target& target) {
  return MakeError(
      ErrorCode::kDatabaseExists,
      fmt::format("the database \"{}\" already exists on {}", target.database(), target.Address()),
      "name another one in the URL, or drop it; to bring an existing database up to date, deploy "
      "without --template");
}

Error CannotCreate(const postgres::ServerError& error, const postgres::Target& target) {
  if (error.sqlstate == sqlstate::kDuplicateDatabase) return AlreadyExists(target);
  if (error.sqlstate == sqlstate::kInsufficientPrivilege) {
    return MakeError(ErrorCode::kPrivilege,
                     fmt::format("the role \"{}\" may not create databases on {}", target.user(),
                                 target.Address()),
                     fmt::format("ALTER ROLE \"{}\" CREATEDB", target.user()));
  }
  return ErrorOf(error, "CREATE DATABASE");
}

// What a copy would lack, because the server stores it outside the database.
constexpr std::string_view kOutside = R"(
SELECT concat_ws(', ',
  CASE WHEN EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setdatabase = d.oid)
       THEN 'settings of the database' END,
  CASE WHEN d.datacl IS NOT NULL THEN 'privileges on the database' END,
  CASE WHEN EXISTS (SELECT FROM pg_shdescription c WHERE c.objoid = d.oid
                    AND c.classoid = 'pg_database'::regclass) THEN 'a comment on it' END)
FROM pg_database d WHERE d.datname = )";

class TemplateDeployment {
 public:
  TemplateDeployment(const run::DeployOptions& options, const project::Invocation& invocation,
                     DeployReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    TRY(Prepare());
    TRY_ASSIGN(
        postgres::Session session,
        postgres::ConnectWithRetry(target_.WithDatabase("postgres"),
                                   run::ConnectSettings(options_, prepared_.context->project.config,
                                                        options_.wait_for_database),
                                   *invocation_.progress));
    TRY_ASSIGN(bool copied, Copy(session));
    if (!copied) {
      TRY(CheckNew(session));
      TRY(Make(session));
      TRY_ASSIGN(copied, Copy(session));
    }
    report_.run.round_trips += session.round_trips();
    if (!copied) return Refused("the template was dropped right after it was created");
    report_.found = plan::Found::kFresh;
    report_.decision = plan::DecisionKind::kApply;
    return {};
  }

 private:
  Status Prepare() {
    const Status loaded = run::LoadForDeploy(options_, invocation_, prepared_);
    static_cast<project::StrategySelection&>(report_) = prepared_.selection;
    if (report_.strategy) report_.run.strategy = plan::NameOf(*report_.strategy);
    if (report_.release) report_.run.release = report_.release->version;
    TRY(loaded);
    const project::ProjectContext& context = *prepared_.context;
    TRY_ASSIGN(target_, project::TargetOf(context));
    report_.run.project = project::NameOf(context);
    report_.run.target = run::TargetOf(target_, context);
    TRY_ASSIGN(setup_, project::SetupScriptOf(context));
    report_.template_name = NameFor(*prepared_.intent, target_, setup_);
    if (const auto* proven = plan::ProvenEnd(*prepared_.intent)) fingerprint_ = proven->catalog;
    return {};
  }

  Error Refused(const std::string& why) const {
    return MakeError(ErrorCode::kNoTemplate,
                     fmt::format("no template database can be used here: {}", why),
                     "deploy without --template");
  }

  // False when there is no such template.
  Result<bool> Copy(postgres::Session& session) {
    const postgres::Outcome outcome = session.Run(
        fmt::format("CREATE DATABASE {} TEMPLATE {}", sql::QuoteIdentifier(target_.database()),
                    sql::QuoteIdentifier(report_.template_name)));
    if (outcome.error && outcome.error->sqlstate == sqlstate::kInvalidCatalogName) return false;
    if (outcome.error) return CannotCreate(*outcome.error, target_);
    report_.run.fingerprint_expected =
        fingerprint_;  // proven in the template; the copy is not read
    return true;
  }

  // The server complains about a missing template first.
  Status CheckNew(postgres::Session& session) const {
    TRY_ASSIGN(const postgres::Value same,
               session.QueryValue("SELECT count(*) FROM pg_database WHERE datname = " +
                                  sql::QuoteLiteral(target_.database())));
    return same == "0" ? Status() : AlreadyExists(target_);
  }

  // Only one run at a time creates templates. The lock is polled like the deployment lock, and
  // released at the end of the session.
  Status Lock(postgres::Session& session) const {
    const std::string question = fmt::format("SELECT pg_try_advisory_lock({})", kLock);
    for (milliseconds waited{0}; waited < kTemplateLockTimeout; waited += milliseconds(20)) {
      TRY_ASSIGN(const postgres::Value locked, session.QueryValue(question));
      if (postgres::IsTrue(locked)) return {};
      std::this_thread::sleep_for(milliseconds(20));
    }
    return MakeError(ErrorCode::kLockTimeout,
                     "another run has been creating a template for a minute",
                     "pg_stat_activity shows who it is");
  }

  Status Make(postgres::Session& session) {
    TRY(Lock(session));
    TRY_ASSIGN(const postgres::Value there,
               session.QueryValue("SELECT count(*) FROM pg_database WHERE datname = " +
                                  sql::QuoteLiteral(report_.template_name)));
    Status made = there == "1" ? Status() : MakeLocked(session);
    if (made) made = Unlock(session);
    return made;
  }

  static Status Unlock(postgres::Session& session) {
    TRY(session.Query(fmt::format("SELECT pg_advisory_unlock({})", kLock)));
    return {};
  }

  Status MakeLocked(postgres::Session& session) {
    DropOld(session);
    const std::string making =
        fmt::format("{}_making_{:08x}", report_.template_name, std::random_device{}());
    const std::string quoted = sql::QuoteIdentifier(making);
    const postgres::Outcome created = session.Run("CREATE DATABASE " + quoted);
    if (created.error) return CannotCreate(*created.error, target_.WithDatabase(making));
    Status done = Fill(session, making);
    if (done) done = Publish(session, making);
    if (!done) session.Run("DROP DATABASE IF EXISTS " + quoted);
    return done;
  }

  // What the platform provides and the migrations rely on comes first, as in a replay.
  Status SetUp(const std::string& making) const {
    if (setup_.empty()) return {};
    TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target_.WithDatabase(making)));
    return apply::RunSetupScript(setup_, session);
  }

  Status Fill(postgres::Session& session, const std::string& making) {
    TRY(SetUp(making));
    const DeployReport deployed =
        DeployTo(target_.WithDatabase(making), options_, invocation_, prepared_);
    report_.run.round_trips += deployed.run.round_trips;
    if (deployed.error) {  // its changes are dropped with the database
      Error error = *deployed.error;
      error.partial = false;
      return error;
    }
    report_.applied = deployed.applied;
    report_.run.recorded = deployed.run.recorded;
    report_.covered = deployed.covered;
    report_.template_made = true;
    TRY_ASSIGN(const postgres::Value outside,
               session.QueryValue(std::string(kOutside) + sql::QuoteLiteral(making)));
    if (!outside.value_or("").empty()) return Refused("a copy would lack " + *outside);
    return {};
  }

  // From here on others find the complete template. Connections to it are disallowed, because one
  // would prevent copying.
  Status Publish(postgres::Session& session, const std::string& making) const {
    const std::string quoted = sql::QuoteIdentifier(making);
    TRY(session.Query(fmt::format("ALTER DATABASE {} ALLOW_CONNECTIONS false", quoted)));
    TRY(session.Query(fmt::format("ALTER DATABASE {} RENAME TO {}", quoted,
                                  sql::QuoteIdentifier(report_.template_name))));
    return {};
  }

  // Drops incomplete templates of killed runs, and the oldest templates to make room. One that is
  // being copied is kept.
  static void DropOld(postgres::Session& session) {
    const auto old = session.Query(fmt::format(
        "SELECT datname FROM (SELECT datname, datname ~ '^{0}[0-9a-f]{{{1}}}$' AS whole, "
        "row_number() OVER (PARTITION BY datname ~ '^{0}[0-9a-f]{{{1}}}$' ORDER BY oid DESC) AS n "
        "FROM pg_database WHERE starts_with(datname::text, '{0}') AND datdba = (SELECT oid FROM "
        "pg_roles WHERE rolname = current_user)) d WHERE NOT whole OR n >= {2}",
        kPrefix, kDigits, kTemplatesKept));
    if (!old) return;
    for (const auto& row : old->back().rows) {
      session.Run("DROP DATABASE IF EXISTS " + sql::QuoteIdentifier(row[0].value_or("")));
    }
  }

  const run::DeployOptions& options_;
  const project::Invocation& invocation_;
  DeployReport& report_;
  run::PreparedDeploy prepared_;
  postgres::Target target_;
  std::string setup_;        // the platform's script, or empty
  std::string fingerprint_;  // of the template's content; empty: not proven
};

}  // namespace

DeployReport DeployTemplate(const run::DeployOptions& options,
                            const project::Invocation& invocation) {
  return run::RunCommand<DeployReport>("deploy", invocation, [&](DeployReport& report) {
    return run::Decided(TemplateDeployment(options, invocation, report).Run(), report.decision);
  });
}

}  // namespace ballast::commands
