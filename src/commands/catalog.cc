// SPDX-License-Identifier: Apache-2.0
#include "commands/catalog.h"

#include <algorithm>
#include <set>

#include "catalog/managed_comparison.h"
#include "catalog/object_identity.h"
#include "commands/fleet.h"
#include "project/platform.h"
#include "project/project_context.h"
#include "proof/proof.h"
#include "sql/readable_name.h"

namespace ballast::commands {
namespace {

// The URL of the project, if there is one.
std::string PasswordCommandFor(const project::Invocation& invocation) {
  const Result<project::ProjectContext> context = project::LoadProject(invocation);
  return context ? PasswordCommandOf(*context) : invocation.Variable("BALLAST_PASSWORD_COMMAND");
}

Status Fingerprint(const project::Invocation& invocation, FingerprintReport& report) {
  postgres::Target target;
  if (!invocation.database_url.empty()) {
    TRY_ASSIGN(target, postgres::ParseUrl(invocation.database_url, "--database-url"));
    target.password_command = PasswordCommandFor(invocation);
  } else {
    TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
    TRY_ASSIGN(target, project::TargetOf(context));
  }
  TRY_ASSIGN(const proof::State state, proof::ReadState(target, {}));
  report.database = target.database();
  report.fingerprint = catalog::Fingerprint(state.snapshot);
  report.layout = catalog::LayoutFingerprint(state.snapshot);
  report.snapshot = state.snapshot.size();
  report.server = state.server;
  return {};
}

// Tables with columns that both databases have in different positions.
std::vector<std::string> TablesOfOtherOrder(const catalog::Snapshot& a,
                                            const catalog::Snapshot& b) {
  std::set<std::string> tables;
  for (const catalog::Difference& difference : catalog::Diff(a, b, /*with_layout=*/true)) {
    const bool moved = std::any_of(difference.properties.begin(), difference.properties.end(),
                                   [](const catalog::PropertyChange& change) {
                                     return change.property == catalog::kLayoutProperty;
                                   });
    if (moved) tables.insert(catalog::PlaceOf(difference.kind, difference.identity).parent);
  }
  return {tables.begin(), tables.end()};
}

// What the project excludes from the comparison.
struct LeftOut {
  std::vector<std::string> globs;
  catalog::DatedPartitions dated;
};

Result<LeftOut> LeftOutBy(const CatalogDiffOptions& options,
                          const project::Invocation& invocation) {
  LeftOut left_out;
  if (options.strict) return left_out;
  const auto context = project::LoadProject(invocation);
  if (!context && context.error().code == ErrorCode::kNoProject) return left_out;
  if (!context) return context.error();
  const project::Artifacts artifacts = project::LoadPackageArtifacts(*context);
  left_out.globs = project::PlatformNames(*context, artifacts);
  const std::vector<std::string>& ignored = context->project.config.ignore;
  left_out.globs.insert(left_out.globs.end(), ignored.begin(), ignored.end());
  if (!artifacts.package_error) {
    TRY_ASSIGN(left_out.dated, project::DatedPartitionsIn(artifacts));
  }
  return left_out;
}

std::string NameOf(const postgres::Target& target) {
  const FleetAddress address = AddressOf(target);
  return address.database + " on " + address.server;
}

// The schemas of two tenants of one database, as globs: to each URL, that of the other is a schema
// of others.
std::vector<std::string> SchemasOfTenants(const postgres::Target& a, const postgres::Target& b) {
  const std::string schemas[] = {a.SchemaOrPublic(), b.SchemaOrPublic()};
  if (NameOf(a) != NameOf(b) || schemas[0] == schemas[1]) return {};
  std::vector<std::string> globs;
  for (const std::string& schema : schemas) globs.push_back("schema " + sql::ReadableName(schema));
  return globs;
}

Status Diff(const CatalogDiffOptions& options, const project::Invocation& invocation,
            DiffReport& report) {
  TRY_ASSIGN(postgres::Target a, postgres::ParseUrl(options.url_a, "URL_A"));
  TRY_ASSIGN(postgres::Target b, postgres::ParseUrl(options.url_b, "URL_B"));
  a.password_command = b.password_command = PasswordCommandFor(invocation);
  report.from = NameOf(a);
  report.to = NameOf(b);
  TRY_ASSIGN(const LeftOut left_out, LeftOutBy(options, invocation));
  TRY_ASSIGN(const proof::State state_a, proof::ReadState(a, {}));
  TRY_ASSIGN(const proof::State state_b, proof::ReadState(b, {}));
  const std::vector<std::string> tenants = SchemasOfTenants(a, b);
  const catalog::DatedComparison dated(left_out.dated, state_a.snapshot, state_b.snapshot);
  for (catalog::Difference& found : catalog::Diff(state_a.snapshot, state_b.snapshot)) {
    if (catalog::IsCovered(found, tenants)) continue;
    auto rest = dated.Rest(found);
    if (!rest) {
      report.left_out.push_back(std::move(found.object));
      continue;
    }
    catalog::Difference& difference = *rest;
    if (catalog::IsCovered(difference, left_out.globs)) {
      report.left_out.push_back(std::move(difference.object));
    } else {
      report.differences.push_back(std::move(difference));
    }
  }
  report.equal = report.differences.empty();
  report.other_order = TablesOfOtherOrder(state_a.snapshot, state_b.snapshot);
  report.layout_equal = report.equal && report.other_order.empty();
  return {};
}

}  // namespace

FingerprintReport CatalogFingerprint(const project::Invocation& invocation) {
  FingerprintReport report;
  Status done = Fingerprint(invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

DiffReport CatalogDiff(const CatalogDiffOptions& options, const project::Invocation& invocation) {
  DiffReport report;
  Status done = Diff(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
