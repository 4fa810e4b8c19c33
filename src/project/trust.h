// SPDX-License-Identifier: Apache-2.0
// Keys: trusted public keys of a project, and the secret key for sealing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"
#include "release/seal.h"

namespace ballast::project {

// The trusted public keys: those of --trusted-key, else of BALLAST_TRUSTED_KEYS, else of
// trusted_keys in ballast.toml. Sources are not merged, so that a file next to a package cannot
// extend the trust in it. A key is its base64 text or a file. Empty: seals are not required. B101,
// B104.
Result<std::vector<release::PublicKey>> TrustedKeys(const ProjectContext& context);

// The secret key in a file; its password, if any, is in BALLAST_KEY_PASSWORD. B101, B104.
Result<release::SecretKey> ReadSignKey(const Invocation& invocation, const std::string& file);

// Sets seal, sealed_by and seal_error of a complete package.
void CheckSealOf(const ProjectContext& context, Artifacts& artifacts);

// Whether the package may come from another author: --package names it, or the last commit of the
// project's git repository does not contain it. Always false with --trust-history.
bool IsForeignPackage(const ProjectContext& context);

struct KeyOptions {
  std::string prefix = "ballast";
};

struct KeyReport {
  std::string id;
  std::string public_key;  // one line, for --trusted-key
  std::string public_file;
  std::string secret_file;
  bool encrypted = false;
  std::optional<Error> error;
};

// `ballast key new`: writes PREFIX.key, readable only by its owner, and PREFIX.pub. Never
// overwrites.
KeyReport NewKey(const KeyOptions& options, const Invocation& invocation);

}  // namespace ballast::project
