// SPDX-License-Identifier: Apache-2.0
#include "cli/render_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/masked_json.h"
#include "cli/render_json_internal.h"
#include "plan/failed_migrations.h"
#include "plan/plan.h"
#include "release/manifest.h"

namespace ballast::cli {

Json ErrorJson(const std::optional<Error>& error, const std::vector<std::string>& remedies) {
  if (!error) return nullptr;
  Json json = {{"code", CodeOf(error->code)},
               {"message", error->message},
               {"hint", error->hint.empty() ? plan::HintOf(remedies) : error->hint}};
  if (!error->where.file.empty()) {
    json["file"] = error->where.file;
    json["line"] = error->where.line;
  }
  Json details = Json::array();
  for (const auto& [name, value] : error->details) {
    details.push_back({{"name", name}, {"value", value}});
  }
  json["details"] = std::move(details);
  return json;
}

Json OrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json TargetJson(const std::optional<report::Target>& target) {
  if (!target) return nullptr;
  return {{"host", target->host},
          {"port", target->port},
          {"database", target->database},
          {"schema", OrNull(target->schema)},
          {"role", OrNull(target->role)},
          {"server_version", OrNull(target->server_version)},
          {"project", OrNull(target->project)}};
}

std::string JsonText(Json json) {
  MaskPasswords(json);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

// "load_ms": …, as in `release create`.
Json StagesJson(const std::vector<report::Stage>& stages) {
  Json json = Json::object();
  for (const report::Stage& stage : stages) json[stage.name + "_ms"] = stage.duration_ms;
  return json;
}

Json MigrationTimesJson(const std::vector<report::MigrationTime>& migrations) {
  Json json = Json::array();
  for (const report::MigrationTime& migration : migrations) {
    const auto& ms = migration.duration_ms;
    json.push_back({{"name", migration.name}, {"duration_ms", ms ? Json(*ms) : Json()}});
  }
  return json;
}

// `actual` and `equal` are null if the database was not read.
Json FingerprintJson(const std::string& expected, const std::string& actual) {
  if (expected.empty() && actual.empty()) return nullptr;
  const bool equal = !expected.empty() && expected == actual;
  return {{"expected", OrNull(expected)},
          {"actual", OrNull(actual)},
          {"equal", actual.empty() ? Json() : Json(equal)}};
}

Json ReleaseJson(const std::optional<project::ReleaseLine>& release) {
  if (!release) return nullptr;
  return {{"version", release->version}, {"migration_count", release->migration_count}};
}

Json TemplateJson(const commands::DeployReport& report) {
  if (report.template_name.empty()) return nullptr;
  return {{"name", report.template_name}, {"made_now", report.template_made}};
}

// Notices and remarks in one list, without the distinction that the text makes with marks.
Json NoticesJson(std::vector<std::string> notices, const std::vector<std::string>& remarks) {
  notices.insert(notices.end(), remarks.begin(), remarks.end());
  return notices;
}

template <typename Enum>
std::string_view NameOrEmpty(const std::optional<Enum>& value) {
  return value ? plan::NameOf(*value) : std::string_view();
}

Json StepsJson(const plan::Plan& plan) {
  Json json = Json::array();
  for (const plan::Transaction& transaction : plan.transactions) {
    for (const plan::Step& step : transaction.steps) {
      json.push_back(plan::Describe(step, transaction.mode));
    }
  }
  return json;
}

Json TransactionsJson(const plan::Plan& plan) {
  Json json = Json::array();
  for (const plan::Transaction& transaction : plan.transactions) {
    Json steps = Json::array();
    for (const plan::Step& step : transaction.steps) {
      steps.push_back(plan::Describe(step, transaction.mode));
    }
    json.push_back({{"mode", plan::NameOf(transaction.mode)}, {"steps", std::move(steps)}});
  }
  return json;
}

Json FailuresJson(const std::vector<assess::FailureLine>& failures) {
  Json json = Json::array();
  for (const assess::FailureLine& line : failures) {
    json.push_back({{"name", line.name},
                    {"started_at", line.started_at},
                    {"error", line.error},
                    {"there", plan::NameOf(line.evidence.effects)},
                    {"because", line.evidence.reason},
                    {"present", line.evidence.present},
                    {"absent", line.evidence.absent}});
  }
  return json;
}

Json DifferencesJson(const std::vector<catalog::Difference>& differences) {
  Json json = Json::array();
  for (const catalog::Difference& difference : differences) {
    json.push_back({{"object", difference.object},
                    {"kind", difference.kind},
                    {"change", catalog::NameOf(difference.change)},
                    {"a", difference.a},
                    {"b", difference.b}});
  }
  return json;
}

Json RollbackJson(const release::Rollback& rollback) {
  Json losses = Json::array();
  for (const release::RollbackLoss& loss : rollback.losses) losses.push_back(loss.object);
  Json made_again = Json::array();
  for (const release::RollbackLoss& made : rollback.made_again) made_again.push_back(made.object);
  Json removed = Json::array();
  if (rollback.removed_rows) {
    for (const release::RemovedRows& rows : *rollback.removed_rows) {
      removed.push_back({{"table", rows.table}, {"count", rows.count}});
    }
  }
  return {{"version", rollback.version},
          {"path", OrNull(rollback.path)},
          {"origin", release::NameOf(rollback.origin)},
          {"losses", losses},
          {"without_rows", rollback.without_rows},
          {"removed_rows", std::move(removed)},
          {"made_again", std::move(made_again)},
          {"notices", rollback.notices},
          {"reason", OrNull(rollback.reason)}};
}

// Null if a check did not find it stale, or none was asked for.
Json StalenessJson(const std::optional<release::Staleness>& staleness) {
  if (!staleness) return nullptr;
  return {{"added", staleness->added},
          {"edited", staleness->edited},
          {"deleted", staleness->deleted},
          {"schema", staleness->schema},
          {"config", staleness->config},
          {"content", staleness->content},
          {"missing_paths", staleness->missing_paths}};
}

}  // namespace

std::string RenderJson(const commands::DeployReport& report) {
  return JsonText({{"strategy", NameOrEmpty(report.strategy)},
                   {"strategy_reason", report.strategy_reason},
                   {"target", TargetJson(report.run.target)},
                   {"found", NameOrEmpty(report.found)},
                   {"decision", NameOrEmpty(report.decision)},
                   {"dry_run", report.dry_run},
                   {"template", TemplateJson(report)},
                   {"plan", StepsJson(report.plan)},
                   {"transactions", TransactionsJson(report.plan)},
                   {"sql", report.sql ? Json(*report.sql) : Json()},
                   {"applied", report.applied},
                   {"recorded", report.run.recorded},
                   {"round_trips", report.run.round_trips},
                   {"duration_ms", report.run.duration_ms.value_or(0)},
                   {"stages", StagesJson(report.run.stages)},
                   {"migrations", MigrationTimesJson(report.run.migrations)},
                   {"run", report.run.run},
                   {"fingerprint", FingerprintJson(report.run.fingerprint_expected,
                                                   report.run.fingerprint_actual)},
                   {"fingerprint_before_scripts", report.fingerprint_before_scripts.empty()
                                                      ? Json()
                                                      : Json(report.fingerprint_before_scripts)},
                   {"layout_equal", report.layout_equal},
                   {"additions", report.run.additions},
                   {"drift", report.run.drift},
                   {"ignored", report.ignored},
                   {"release", ReleaseJson(report.release)},
                   {"notices", NoticesJson(report.notices, commands::RemarksOf(report))},
                   {"failures", FailuresJson(report.failures)},
                   {"evidence", report.evidence},
                   {"remedies", report.remedies},
                   {"error", ErrorJson(report.error, report.remedies)}});
}

std::string RenderJson(const commands::StatusReport& report) {
  return JsonText(
      {{"strategy", NameOrEmpty(report.strategy)},
       {"strategy_reason", report.strategy_reason},
       {"target", TargetJson(report.target)},
       {"found", NameOrEmpty(report.found)},
       {"pending", report.pending},
       {"failed", report.failed},
       {"failures", FailuresJson(report.failures)},
       {"unknown", report.unknown},
       {"release", ReleaseJson(report.release)},
       {"fingerprint", FingerprintJson(report.fingerprint_expected, report.fingerprint_actual)},
       {"differences", report.differences},
       {"drift", report.drift},
       {"ignored", report.ignored},
       {"additions", report.additions},
       {"notices", NoticesJson(report.notices, report.remarks)},
       {"refusal", ErrorJson(report.refusal, report.remedies)},
       {"evidence", report.evidence},
       {"remedies", report.remedies},
       {"error", ErrorJson(report.error, report.remedies)}});
}

std::string RenderJson(const commands::DoctorReport& report) {
  Json checks = Json::array();
  for (const commands::Check& check : report.checks) {
    checks.push_back({{"id", check.id},
                      {"status", commands::NameOf(check.status)},
                      {"message", check.message},
                      {"place", OrNull(check.place)},
                      {"remedy", OrNull(check.remedy)}});
  }
  return JsonText({{"target", TargetJson(report.target)},
                   {"healthy", !report.error && report.IsHealthy()},
                   {"checks", checks},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::CreateReport& report) {
  Json paths = Json::array();
  for (const proof::UpgradePathLine& path : report.upgrade_paths) {
    paths.push_back({{"version", path.version},
                     {"origin", path.origin},
                     {"proven", path.proven},
                     {"migrations", path.migrations},
                     {"replaces", path.replaces},
                     {"edited", path.edited},
                     {"differences", path.differences}});
  }
  Json rollbacks = Json::array();
  for (const release::Rollback& rollback : report.rollbacks) {
    rollbacks.push_back(RollbackJson(rollback));
  }
  Json stages = Json::object();
  for (const auto& [name, ms] : report.stages) stages[name] = ms;
  return JsonText(
      {{"version", report.version},
       {"folder", report.folder},
       {"changed", report.changed},
       {"migration_count", report.migration_count},
       {"baseline_includes_up_to", report.baseline_includes_up_to},
       {"baseline_lines", report.baseline_lines},
       {"fingerprint", report.fingerprint},
       {"sealed_by", report.sealed_by},
       {"proof",
        {{"equal", report.proven}, {"servers", report.servers}, {"made_now", report.proven_now}}},
       {"duration_ms", report.run.duration_ms.value_or(0)},
       {"stages", stages},
       {"notices", NoticesJson(report.notices, report.remarks)},
       {"differences", report.differences},
       {"schema_differences", report.schema_differences},
       {"ways", paths},
       {"rollbacks", rollbacks},
       {"stale", StalenessJson(report.staleness)},
       {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::VerifyReport& report) {
  Json seal = nullptr;
  if (!report.seal_key.empty()) {
    seal = {{"key", report.seal_key}, {"comment", report.seal_comment}, {"trusted", report.sealed}};
  }
  return JsonText({{"version", report.version},
                   {"folder", report.folder},
                   {"valid", !report.error.has_value()},
                   {"files", report.files},
                   {"deep", report.deep},
                   {"unproven", report.unproven},
                   {"findings", report.findings},
                   {"seal", std::move(seal)},
                   {"fingerprint", report.fingerprint},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::ShowReport& report) {
  if (!report.manifest)
    return JsonText({{"manifest", nullptr}, {"error", ErrorJson(report.error)}});
  return JsonText({{"folder", report.folder},
                   {"hotfixes", report.hotfixes},
                   {"file_sizes", report.file_sizes},
                   {"manifest", Json::parse(release::RenderManifest(*report.manifest))},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::PackReport& report) {
  return JsonText({{"version", report.version},
                   {"file", report.file},
                   {"bytes", report.bytes},
                   {"unpacked_bytes", report.unpacked_bytes},
                   {"sha256", report.checksum},
                   {"sealed", report.sealed},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::HotfixReport& report) {
  return JsonText({{"version", report.version},
                   {"script", report.script},
                   {"hotfixes", report.hotfixes},
                   {"sealed", report.sealed},
                   {"sealed_by", report.sealed_by},
                   {"fingerprint", report.fingerprint},
                   {"notices", report.notices},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::HotfixMergeReport& report) {
  Json merged = Json::array();
  for (const commands::MergedHotfix& one : report.merged) {
    merged.push_back({{"name", one.name},
                      {"version", one.version},
                      {"place", one.place},
                      {"folder", one.folder}});
  }
  return JsonText({{"merged", merged},
                   {"present", report.present},
                   {"notices", report.notices},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::ListReport& report) {
  Json releases = Json::array();
  for (const commands::ListedRelease& line : report.releases) {
    releases.push_back({{"version", line.version},
                        {"place", line.place},
                        {"migration_count", line.migration_count},
                        {"hotfixes", line.hotfixes},
                        {"baseline_includes_up_to", line.baseline_includes_up_to},
                        {"fingerprint", line.fingerprint},
                        {"generated_at", line.generated_at},
                        {"moves_from", line.moves_from},
                        {"problem", line.problem}});
  }
  return JsonText({{"releases", releases},
                   {"folder", report.folder},
                   {"inputs", report.inputs},
                   {"release_branches", report.release_branches},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::ReleaseDiffReport& report) {
  constexpr const char* kKinds[] = {"added", "removed", "edited", "folded"};
  Json migrations = Json::array();
  for (const release::MigrationChange& change : report.diff.migrations) {
    migrations.push_back({{"name", change.name},
                          {"change", kKinds[static_cast<int>(change.kind)]},
                          {"hotfix", change.is_hotfix}});
  }
  Json rows = Json::array();
  for (const release::RowsChange& change : report.diff.rows) {
    rows.push_back({{"table", change.table}, {"a", change.count_a}, {"b", change.count_b}});
  }
  return JsonText({{"a", report.diff.version_a},
                   {"b", report.diff.version_b},
                   {"same_catalog", report.diff.same_catalog},
                   {"same_layout", report.diff.same_layout},
                   {"rows_are_known", report.diff.rows_are_known},
                   {"migrations", migrations},
                   {"rows", rows},
                   {"differences", DifferencesJson(report.differences)},
                   {"notices", report.notices},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::ResolveReport& report) {
  return JsonText({{"applied", report.applied},
                   {"rolled_back", report.rolled_back},
                   {"converted_to", OrNull(report.converted_to)},
                   {"evidence", report.evidence},
                   {"remedies", report.remedies},
                   {"error", ErrorJson(report.error, report.remedies)}});
}

std::string RenderJson(const commands::FingerprintReport& report) {
  return JsonText({{"database", report.database},
                   {"server", report.server},
                   {"fingerprint", report.fingerprint},
                   {"layout_fingerprint", report.layout},
                   {"facts", report.snapshot},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::DiffReport& report) {
  return JsonText({{"equal", report.equal},
                   {"layout_equal", report.layout_equal},
                   {"other_order", report.other_order},
                   {"differences", DifferencesJson(report.differences)},
                   {"left_out", report.left_out},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::SchemaSqlReport& report) {
  return JsonText({{"sql", report.sql},
                   {"diagnostics", report.diagnostics},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::SchemaCheckReport& report) {
  Json differences = Json::array();
  const auto add = [&](const char* between, const std::vector<plan::Drift>& drifts) {
    for (const plan::Drift& drift : drifts) {
      const catalog::Difference& difference = drift.difference;
      differences.push_back({{"between", between},
                             {"level", plan::IsDisagreement(drift) ? "difference" : "note"},
                             {"verdict", plan::NameOf(drift.kind)},
                             {"disagreement", plan::IsDisagreement(drift)},
                             {"object", difference.object},
                             {"kind", difference.kind},
                             {"change", catalog::NameOf(difference.change)},
                             {"a", difference.a},
                             {"b", difference.b},
                             {"remedy", plan::RemedyOf(drift.kind)}});
    }
  };
  add("schema_history", report.schema);
  add("history_database", report.database);
  return JsonText({{"agree", report.agree},
                   {"accepted", report.accepted},
                   {"looked_at_database", report.looked_at_database},
                   {"differences", std::move(differences)},
                   {"notices", report.notices},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const project::KeyReport& report) {
  return JsonText({{"id", report.id},
                   {"public_key", report.public_key},
                   {"public_file", report.public_file},
                   {"secret_file", report.secret_file},
                   {"encrypted", report.encrypted},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const commands::InitReport& report) {
  return JsonText({{"written", report.written},
                   {"unchanged", report.unchanged},
                   {"error", ErrorJson(report.error)}});
}

std::string RenderJson(const TextToPrint& answer) {
  Json json = Json::object();
  for (const auto& [name, value] : answer.fields) json[name] = value;
  return JsonText(json);
}

std::string RenderJson(const Error& error) {
  return JsonText({{"error", ErrorJson(error)}});
}

}  // namespace ballast::cli
