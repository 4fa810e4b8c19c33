// SPDX-License-Identifier: Apache-2.0
// Bytes as a manifest, a development baseline, a seal and keys: read or refused; what is read is
// written back so that it reads the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "release/development_baseline.h"
#include "release/package.h"
#include "release/seal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ballast;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)release::ParseDevelopmentBaseline(text, "baseline.json");
  (void)release::ParseSeal(text);
  (void)release::ParsePublicKey(text, "key");
  (void)release::ParseSecretKey(text, "", "key");
  auto manifest = release::ParseManifest(text, "manifest.json");
  if (!manifest.ok()) return 0;
  auto again = release::ParseManifest(release::RenderManifest(*manifest), "manifest.json");
  BALLAST_CHECK(again.ok());
  BALLAST_CHECK(*again == *manifest);
  release::Package package;
  package.manifest = *std::move(manifest);
  (void)release::VerifyPackage(package, nullptr);
  return 0;
}
