// SPDX-License-Identifier: Apache-2.0
// Keys: which seals count for a project, and the key that seals.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"
#include "release/seal.h"

namespace ballast::project {

// The public keys whose seals count: those of --trusted-key, else of BALLAST_TRUSTED_KEYS, else of
// trusted_keys in ballast.toml; the outer source wins whole, so that what lies beside a package
// cannot widen the trust in it. A key is its base64 text or a file. Empty: no seal is asked for.
// B101, B104.
Result<std::vector<release::PublicKey>> TrustedKeys(const ProjectContext& context);

// The secret key in a file; its password, if it has one, is in BALLAST_KEY_PASSWORD. B101, B104.
Result<release::SecretKey> ReadSignKey(const Invocation& invocation, const std::string& file);

// Fills in what the seal of a whole package says: seal, sealed_by, seal_error.
void CheckSealOf(const ProjectContext& context, Artifacts& artifacts);

// Whether the package that a command works on is somebody else's: --package names it, or the
// project's git repository does not have it in its last commit. --trust-history answers no.
bool IsForeignPackage(const ProjectContext& context, const Invocation& invocation);

struct KeyOptions {
  std::string prefix = "ballast";
};

struct KeyReport {
  std::string id;
  std::string public_key;  // one line, as --trusted-key takes it
  std::string public_file;
  std::string secret_file;
  bool encrypted = false;
  std::optional<Error> error;
};

// `ballast key new`: PREFIX.key, for its owner only, and PREFIX.pub. Never overwrites.
KeyReport NewKey(const KeyOptions& options, const Invocation& invocation);

}  // namespace ballast::project
