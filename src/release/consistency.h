// SPDX-License-Identifier: Apache-2.0
// Whether the parts of a package agree with each other: what the manifest says of the proof, the
// facts, the history and the schema against the files that hold them. All of it is read offline
// and in a few milliseconds, because it is done before every deploy.
#pragma once

#include "base/result.h"
#include "release/package.h"

namespace ballast::release {

// The manifest alone: a proof that says "equal" for all covered migrations, a version that counts
// the hotfixes, checksums that are checksums. B402.
Status ManifestIsConsistent(const Manifest& manifest);

// The manifest against the files; each file must already have the checksum that `files` names. The
// fingerprints must be those of the facts, the coverage what history.tar.zst holds, the schema's
// checksum that of its files. B401 names the file. Files that earlier tools did not write may be
// missing from their packages (those without `manifest_digest`); what exists is checked.
Status PartsAreConsistent(const Package& package);

// SHA-256 over the texts of a schema's files in the order in which Prisma joins them; paths are
// those of the package.
std::string SchemaChecksum(const std::map<std::string, std::string>& files);

}  // namespace ballast::release
