#include "base/sha256.h"
#include "commands/release.h"
#include "commands/surroundings.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

Status Pack(const PackOptions& options, const World& world, PackReport& report) {
  TRY_ASSIGN(const Site site, OpenSite(world));
  TRY_ASSIGN(const Holdings holdings, LoadHoldings(site));
  if (holdings.package_error) return *holdings.package_error;
  if (holdings.seal_error) return *holdings.seal_error;
  if (!holdings.package) {
    return MakeError(ErrorCode::kPackageMissing,
                     "there is no release package in " + site.project.package.string(),
                     "make it: ballast release create VERSION");
  }
  const release::Package& package = *holdings.package;
  report.version = package.manifest.version;
  const std::string name = options.file.empty() ? report.version + ".tar.zst" : options.file;
  const std::filesystem::path file = world.directory / name;
  report.file = file.lexically_normal().string();
  report.sealed = package.files.contains(release::kSealPath);
  const std::string packed = release::PackPackage(package);
  report.bytes = packed.size();
  report.checksum = Sha256Hex(packed);
  for (const auto& [path, bytes] : package.files) report.unpacked_bytes += bytes.size();
  return workspace::StorePackedPackage(file, packed);
}

}  // namespace

PackReport PackRelease(const PackOptions& options, const World& world) {
  PackReport report;
  Status done = Pack(options, world, report);
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
