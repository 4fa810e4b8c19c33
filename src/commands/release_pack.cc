// SPDX-License-Identifier: Apache-2.0
#include "commands/release_pack.h"

#include "base/sha256.h"
#include "project/project_context.h"
#include "release/package_archives.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

Status Pack(const PackOptions& options, const project::Invocation& invocation, PackReport& report) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  TRY_ASSIGN(const project::Artifacts artifacts, project::LoadArtifacts(context));
  if (artifacts.package_error) return *artifacts.package_error;
  if (artifacts.seal_error) return *artifacts.seal_error;
  if (!artifacts.package) {
    return MakeError(ErrorCode::kPackageMissing,
                     "there is no release package in " + context.project.package.string(),
                     "create it: ballast release create VERSION");
  }
  const release::Package& package = *artifacts.package;
  report.version = package.manifest.version;
  const std::string name = options.file.empty() ? report.version + ".tar.zst" : options.file;
  const std::filesystem::path file = invocation.directory / name;
  report.file = file.lexically_normal().string();
  report.sealed = package.files.contains(release::kSealPath);
  const std::string packed = release::PackPackage(package);
  report.bytes = packed.size();
  report.checksum = Sha256Hex(packed);
  for (const auto& [path, bytes] : package.files) report.unpacked_bytes += bytes.size();
  return workspace::StorePackedPackage(file, packed);
}

}  // namespace

PackReport PackRelease(const PackOptions& options, const project::Invocation& invocation) {
  PackReport report;
  Status done = Pack(options, invocation, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
