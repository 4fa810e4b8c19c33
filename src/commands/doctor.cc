// SPDX-License-Identifier: Apache-2.0
#include "commands/doctor.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "commands/doctor_internal.h"
#include "run/run_report.h"

namespace ballast::commands {
namespace {

// In output order.
constexpr std::string_view kGroups[] = {"project", "package", "environment", "database"};

void SortByGroup(std::vector<Check>& checks) {
  const auto place = [](const Check& check) {
    return std::find(std::begin(kGroups), std::end(kGroups), check.Group()) - std::begin(kGroups);
  };
  std::stable_sort(checks.begin(), checks.end(),
                   [&](const Check& a, const Check& b) { return place(a) < place(b); });
}

// Ports and host names of hosted poolers (Supabase, Neon, PgBouncer's default port).
bool LooksPooled(const postgres::Target& target) {
  return target.pgbouncer || target.port() == "6543" || target.port() == "6432" ||
         target.host().find("pooler") != std::string::npos ||
         target.host().find("pgbouncer") != std::string::npos;
}

void ExamineStrategy(DoctorContext& doctor, Findings& findings) {
  auto choice = project::StrategyOf(doctor.context, doctor.artifacts,
                                    {doctor.options.strategy, doctor.options.branch});
  if (!choice) return findings.Add("environment.strategy", CheckStatus::kFail, choice.error());
  doctor.strategy = *choice;
  const std::string words = fmt::format("{}: {}", plan::NameOf(choice->strategy), choice->reason);
  if (choice->warnings.empty()) {
    findings.Ok("environment.strategy", words);
  } else if (choice->on_release_branch) {
    findings.Add({"environment.strategy", CheckStatus::kWarn, choice->warnings.front(),
                  choice->reason, "ballast release create VERSION"});
  } else {
    findings.Add(
        {"environment.strategy", CheckStatus::kWarn, words, {}, "ballast baseline create"});
  }
  auto intent = project::IntentOf(choice->strategy, doctor.context, doctor.artifacts);
  if (intent) doctor.intent = *std::move(intent);
}

std::optional<postgres::Target> ExamineUrl(const project::ProjectContext& context,
                                           Findings& findings) {
  const auto chosen =
      workspace::ChooseUrl(context.project.UrlChoiceWith(context.option_url), context.environment);
  const bool unset = !chosen && !context.project.datasource_problem &&
                     (chosen.error().code == ErrorCode::kNoUrl ||
                      chosen.error().code == ErrorCode::kSchemaInvalid);
  if (unset) {
    findings.Add({"environment.url",
                  CheckStatus::kSkipped,
                  chosen.error().message,
                  {},
                  chosen.error().hint});
    return std::nullopt;
  }
  auto target = project::TargetOf(context);
  if (!target) {
    findings.Add("environment.url", CheckStatus::kFail, target.error());
    return std::nullopt;
  }
  findings.Ok("environment.url", fmt::format("{} at {}, from {}", target->database(),
                                             target->Address(), chosen->origin));
  if (LooksPooled(*target)) {
    findings.Add({"environment.pooler", CheckStatus::kWarn,
                  "the URL looks like a connection pooler's; deploys need a direct connection",
                  chosen->origin, "set DIRECT_URL to the server's own address"});
  } else {
    findings.Ok("environment.pooler", "the URL does not look like a connection pooler's");
  }
  return *std::move(target);
}

void AddNotices(const std::string& id, const std::vector<std::string>& notices,
                Findings& findings) {
  for (const std::string& notice : notices) {
    findings.Add({id, CheckStatus::kWarn, notice, {}, "see docs/configuration.md"});
  }
}

// If the project cannot be read, this is the only finding.
void ExamineAll(const DoctorOptions& options, const project::Invocation& invocation,
                Findings& findings, std::optional<report::Target>& line) {
  auto opened = project::LoadProject(invocation, options.trusted_keys);
  if (!opened) {
    const bool environment = opened.error().code == ErrorCode::kConfigInvalid;
    findings.Add(environment ? "environment.files" : "project.found", CheckStatus::kFail,
                 opened.error());
    findings.Skip(kConnectionCheck, "not examined: the project cannot be read");
    return;
  }
  const project::ProjectContext context = *std::move(opened);
  project::Artifacts artifacts = project::LoadPackageArtifacts(context);
  const Status baseline = project::AddDevelopmentBaseline(artifacts);
  DoctorContext doctor{context, artifacts, options, {}, {}, {}};
  ExamineProject(doctor, findings);
  ExamineStrategy(doctor, findings);
  ExaminePackage(doctor, findings);
  if (!baseline) {
    findings.Add("package.baseline", CheckStatus::kFail, baseline.error());
  } else {
    ExamineBaseline(doctor, findings);
  }
  AddNotices("environment.files", context.environment.notices, findings);
  const auto target = ExamineUrl(context, findings);
  if (!target) {
    findings.Skip(kConnectionCheck, "not examined: there is no usable URL");
    return;
  }
  line = run::TargetOf(*target, context);
  ExamineDatabase(doctor, *target, invocation, findings, *line);
}

}  // namespace

std::string_view NameOf(CheckStatus status) {
  switch (status) {
    case CheckStatus::kOk:
      return "ok";
    case CheckStatus::kWarn:
      return "warn";
    case CheckStatus::kFail:
      return "fail";
    case CheckStatus::kSkipped:
      return "skipped";
  }
  return "";
}

int DoctorReport::Count(CheckStatus status) const {
  return static_cast<int>(std::count_if(
      checks.begin(), checks.end(), [&](const Check& check) { return check.status == status; }));
}

bool DoctorReport::IsHealthy() const {
  return Count(CheckStatus::kFail) == 0 && (!strict || Count(CheckStatus::kWarn) == 0);
}

bool DoctorReport::WasDatabaseExamined() const {
  return std::none_of(checks.begin(), checks.end(), [](const Check& check) {
    return check.id == kConnectionCheck && check.status == CheckStatus::kSkipped;
  });
}

void Findings::Ok(std::string id, std::string message, std::string remedy) {
  checks_.push_back({std::move(id), CheckStatus::kOk, std::move(message), {}, std::move(remedy)});
}

void Findings::Skip(std::string id, std::string message, std::string remedy) {
  checks_.push_back(
      {std::move(id), CheckStatus::kSkipped, std::move(message), {}, std::move(remedy)});
}

void Findings::Add(std::string id, CheckStatus status, const Error& error) {
  std::string place = error.where.file;
  if (error.where.line > 0) place += fmt::format(":{}", error.where.line);
  checks_.push_back({std::move(id), status,
                     fmt::format("{} ({})", error.message, CodeOf(error.code)), std::move(place),
                     error.hint});
}

DoctorReport Examine(const DoctorOptions& options, const project::Invocation& invocation) {
  DoctorReport report;
  report.strict = options.strict;
  Findings findings(report.checks);
  ExamineAll(options, invocation, findings, report.target);
  SortByGroup(report.checks);
  return report;
}

}  // namespace ballast::commands
