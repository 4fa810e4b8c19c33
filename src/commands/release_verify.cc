// SPDX-License-Identifier: Apache-2.0
#include "commands/release_verify.h"

#include "base/sha256.h"
#include "project/project_context.h"
#include "project/scratch_options.h"
#include "proof/proof.h"
#include "proof/rollback_statements.h"

namespace ballast::commands {
namespace {

Error NoPackage(const project::ProjectContext& context, const project::Artifacts& artifacts) {
  const std::string folder = context.project.package.string();
  return MakeError(ErrorCode::kPackageMissing,
                   artifacts.package_missing.empty()
                       ? "there is no release package in " + folder
                       : "the package in " + folder + " lacks " + artifacts.package_missing,
                   "create it: ballast release create VERSION");
}

// The fingerprint of the baseline's database in the vocabulary of the package.
Result<std::string> FingerprintOfBaseline(scratch::ScratchServer& server,
                                          const release::Package& package,
                                          const std::string& setup_script,
                                          const proof::State& current) {
  catalog::Scope scope = catalog::EverythingAnd(package.manifest.fingerprint.scope);
  scope.vocabulary = package.manifest.fingerprint.scope.vocabulary;
  if (scope.vocabulary == catalog::kVocabulary) return catalog::Fingerprint(current.snapshot);
  TRY_ASSIGN(const proof::State state,
             proof::StateOfScript(server, package.Baseline(), release::kBaselinePath, {}, scope,
                                  setup_script));
  return catalog::Fingerprint(state.snapshot);
}

// Compares the rows and the server's own hashes in the manifest with the baseline's database.
Status CompareWithManifest(const release::Package& package, const std::string& setup_script,
                           scratch::ScratchServer& server, VerifyReport& report) {
  const release::Manifest& manifest = package.manifest;
  introspect::VolatileRows as_recorded;
  for (const release::TableRows& rows : manifest.rows) {
    if (rows.volatile_columns.empty()) continue;
    as_recorded.columns[rows.table].insert(rows.volatile_columns.begin(),
                                           rows.volatile_columns.end());
  }
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("manifest"));
  TRY(proof::PreparePlatform(database, setup_script));
  TRY_ASSIGN(const proof::State state,
             proof::ApplyAndRead(database, package.Baseline(), release::kBaselineName, as_recorded,
                                 catalog::EverythingAnd(manifest.fingerprint.scope)));
  if (state.rows != manifest.rows) {
    report.findings.emplace_back("the rows of the baseline are not those that the manifest names");
  }
  const release::FingerprintRecord& named = manifest.fingerprint;
  if (named.scope.vocabulary != catalog::kVocabulary)
    return {};  // hashes of a different set of properties
  TRY_ASSIGN(const release::FingerprintRecord record, proof::FingerprintRecordOf(database, state));
  if (record.layout != named.layout) {
    report.findings.emplace_back("fingerprint.layout is not that of the baseline's database");
  }
  const bool comparable = record.server_major == named.server_major || named.any_server;
  if (comparable && !named.server_objects.empty() &&
      (record.server_objects != named.server_objects ||
       record.server_objects_layout != named.server_objects_layout)) {
    report.findings.emplace_back(
        "fingerprint.server_objects is not the server's hash of the baseline's database");
  }
  return {};
}

// Proves again: replays the package's history and compares the result with its baseline.
Status ProveAgain(const project::ProjectContext& context, const project::Artifacts& artifacts,
                  const project::Invocation& invocation, VerifyReport& report) {
  const release::Package& package = *artifacts.package;
  TRY_ASSIGN(const std::vector<release::Migration> history, project::CoveredMigrations(artifacts));
  TRY_ASSIGN(
      proof::ProofServers servers,
      proof::StartProofServers(project::ScratchOptionsOf(context, project::ScriptSource::kPackage),
                               *invocation.progress));
  TRY_ASSIGN(const std::string setup_script, project::SetupScriptOf(context));
  const proof::ProofOptions options{{history, setup_script, release::ReplayMode::kAuto, {}}, 0};
  TRY_ASSIGN(const proof::ProvenBaseline proven,
             proof::Prove(servers, options, *invocation.progress));
  TRY_ASSIGN(const proof::State there,
             proof::StateOfScript(servers.second, package.Baseline(), release::kBaselinePath,
                                  proven.volatile_rows,
                                  catalog::EverythingAnd(proven.state.snapshot), setup_script));
  report.findings = proof::DescribeDifferences(proven.state, there);
  TRY(CompareWithManifest(package, setup_script, servers.second, report));
  TRY_ASSIGN(report.fingerprint,
             FingerprintOfBaseline(servers.second, package, setup_script, there));
  if (!report.findings.empty()) {
    return MakeError(ErrorCode::kProofFailed,
                     "the package does not reproduce the database of its history",
                     "create the package again: ballast release create VERSION --replace");
  }
  if (report.fingerprint != package.manifest.fingerprint.catalog) {
    return MakeError(
        ErrorCode::kProofFailed,
        "history and baseline are equal, but do not have the fingerprint of the manifest",
        "create the package again: ballast release create VERSION --replace");
  }
  return {};
}

// A package can be made by an earlier version, or by somebody else.
Status CheckRollbacks(const release::Package& package) {
  for (const release::Rollback& rollback : package.manifest.rollbacks) {
    if (rollback.path.empty()) continue;
    TRY(proof::RefuseUnfitStatements(rollback, package.files.at(rollback.path)));
  }
  return {};
}

Status Verify(const VerifyOptions& options, const project::Invocation& invocation,
              VerifyReport& report) {
  TRY_ASSIGN(const project::ProjectContext context,
             project::LoadProject(invocation, options.trusted_keys));
  report.folder = context.project.package.string();
  TRY_ASSIGN(const project::Artifacts artifacts, project::LoadArtifacts(context));
  if (artifacts.package_error) return *artifacts.package_error;
  if (!artifacts.package) return NoPackage(context, artifacts);
  report.version = artifacts.package->manifest.version;
  report.files = static_cast<int>(artifacts.package->manifest.files.size());
  report.unproven = artifacts.unproven;
  report.fingerprint = artifacts.package->manifest.fingerprint.catalog;
  report.deep = options.deep;
  if (artifacts.seal) {
    report.seal_key = artifacts.seal->Id();
    report.seal_comment = artifacts.seal->trusted_comment;
  }
  report.sealed = !artifacts.sealed_by.empty();
  if (artifacts.seal_error) return *artifacts.seal_error;
  TRY(CheckRollbacks(*artifacts.package));
  return options.deep ? ProveAgain(context, artifacts, invocation, report) : Status();
}

Status Show(const project::Invocation& invocation, ShowReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  report.folder = context.project.package.string();
  TRY_ASSIGN(const project::Artifacts artifacts, project::LoadArtifacts(context));
  if (!artifacts.package) {
    return artifacts.package_error ? *artifacts.package_error : NoPackage(context, artifacts);
  }
  report.manifest = artifacts.package->manifest;
  for (const release::Migration& hotfix : artifacts.package->Hotfixes()) {
    report.hotfixes.push_back(hotfix.name);
  }
  for (const auto& [path, bytes] : artifacts.package->files) {
    report.file_sizes[path] = bytes.size();
  }
  if (artifacts.package_error) return *artifacts.package_error;
  return {};
}

}  // namespace

VerifyReport VerifyRelease(const VerifyOptions& options, const project::Invocation& invocation) {
  VerifyReport report;
  Status done = Verify(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

ShowReport ShowRelease(const project::Invocation& invocation) {
  ShowReport report;
  Status done = Show(invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
