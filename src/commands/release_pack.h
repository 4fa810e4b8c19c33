// SPDX-License-Identifier: Apache-2.0
// `ballast release pack`.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "project/invocation.h"

namespace ballast::commands {

struct PackOptions {
  std::string file;  // relative to the directory; empty: VERSION.tar.zst
};

struct PackReport {
  std::string version;
  std::string file;
  size_t bytes = 0;
  size_t unpacked_bytes = 0;
  std::string checksum;  // SHA-256 of the file
  bool sealed = false;   // the package is sealed
  std::optional<Error> error;
};

// `ballast release pack`: packs the project's verified package into one file for --package.
// B400 without a package, B401 for one that was edited, B105.
PackReport PackRelease(const PackOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
