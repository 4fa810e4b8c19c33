// SPDX-License-Identifier: Apache-2.0
// Checks that the parts of a package agree: the manifest's statements about proof, snapshots,
// history and schema are compared with the files. It works offline and in a few milliseconds,
// because every deploy does it.
#pragma once

#include "base/result.h"
#include "release/package.h"

namespace ballast::release {

// Checks the manifest alone: its proof is "equal" for all covered migrations, its version counts
// the hotfixes, its checksums have the right form. B402.
Status ManifestIsConsistent(const Manifest& manifest);

// Compares the manifest with the files; each file must already have the checksum in `files`.
// Fingerprints must be those of the snapshots, the schema checksum that of its files. B401 names
// the file. Files that earlier versions did not write may be missing in their packages (those
// without `manifest_digest`); existing files are checked.
Status PartsAreConsistent(const Package& package);

// SHA-256 of the schema's files in the order in which Prisma joins them; paths are relative to the
// package.
std::string SchemaChecksum(const std::map<std::string, std::string>& files);

}  // namespace ballast::release
