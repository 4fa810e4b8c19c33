// SPDX-License-Identifier: Apache-2.0
#include "run/generation_record.h"

#include "base/sha256.h"
#include "scratch/cache_folder.h"
#include "workspace/files.h"

namespace ballast::run {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "generation-";
constexpr size_t kKept = 100;

fs::path FileFor(const fs::path& package) {
  const std::string folder = scratch::CacheFolder();
  if (folder.empty()) return {};
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(package, error);
  return fs::path(folder) / (std::string(kPrefix) + Sha256Hex(whole.string()).substr(0, 16));
}

}  // namespace

void RememberGeneration(const fs::path& package, const report::RunReport& run) {
  const fs::path file = FileFor(package);
  if (file.empty()) return;
  if (!workspace::ReplaceFile(file, report::ToJson(run), 0600)) return;
  scratch::PruneCache(kPrefix, {.entries = kKept});
}

std::optional<report::RunReport> LastGeneration(const fs::path& package) {
  const fs::path file = FileFor(package);
  if (file.empty()) return std::nullopt;
  const auto text = workspace::ReadFileIfExists(file);
  if (!text || !*text) return std::nullopt;
  return report::ParseRunReport(**text);
}

}  // namespace ballast::run
