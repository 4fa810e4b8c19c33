// SPDX-License-Identifier: Apache-2.0
// `ballast release verify` and `ballast release show`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"
#include "release/manifest.h"

namespace ballast::commands {

struct VerifyOptions {
  bool deep = false;
  std::vector<std::string> trusted_keys;  // public keys, or files of them
};

struct VerifyReport {
  std::string version;
  std::string folder;
  int files = 0;
  bool deep = false;
  std::vector<std::string> unproven;  // hotfixes that the manifest does not list
  std::vector<std::string> findings;  // problems, one line each
  std::string fingerprint;
  std::string seal_key;      // id of the key in the seal; empty: there is no seal
  std::string seal_comment;  // the signed comment
  bool sealed = false;       // by a trusted key
  std::optional<Error> error;
};

// Changes nothing. B400 without a package, B401, B405 and B406 for one that is not as it was made;
// B303 if the proof that runs again has another result. The report lists the findings also then.
VerifyReport VerifyRelease(const VerifyOptions& options, const project::Invocation& invocation);

struct ShowReport {
  std::optional<release::Manifest> manifest;
  std::string folder;
  std::vector<std::string> hotfixes;
  std::map<std::string, size_t> file_sizes;
  std::optional<Error> error;
};

// The package as it is, without a proof. B400 without one; B401 and B406 if it cannot be read.
ShowReport ShowRelease(const project::Invocation& invocation);

}  // namespace ballast::commands
