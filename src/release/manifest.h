// SPDX-License-Identifier: Apache-2.0
// manifest.json: the description of a package (docs/release-format.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/requirement.h"
#include "base/result.h"
#include "catalog/snapshot.h"
#include "release/migration.h"
#include "release/outside_object.h"
#include "release/previous_release.h"

namespace ballast::release {

inline constexpr int kManifestFormat = 1;
inline constexpr char kEditedDetail[] = "edited";

// The fingerprint of a proven catalog, and everything needed to compare a live database with it.
// See catalog/snapshot.h for scope and hashing.
struct FingerprintRecord {
  std::string catalog;  // equal on every server version
  std::string layout;   // with the order of columns
  // The same two hashes as the server itself computes them (introspect/snapshot_query.h), before
  // texts that differ between versions are made canonical. They are valid for `server_major`, or,
  // with `any_server`, for every version.
  std::string server_objects;
  std::string server_objects_layout;
  std::vector<std::string> families =
      {};  // the optional kinds that the server hashed; the catalog has no others
  int server_major = 0;
  bool any_server = false;
  catalog::Scope scope = catalog::TargetSchemaScope(catalog::kFirstVocabulary);
  std::vector<Requirement> needs = {};  // features that some supported server versions lack
  // Partitioned tables whose partitions depend on the date (catalog/dated_partitions.h); the
  // snapshot says which of them do.
  std::vector<std::string> dated_partitions_of = {};

  bool operator==(const FingerprintRecord&) const = default;
};

struct TableRows {
  std::string table;  // as in snapshots: "User", "billing.Plan"
  int64_t count = 0;
  std::string digest;                         // SHA-256 hex, independent of the order of rows
  std::vector<std::string> volatile_columns;  // columns that differ between replays

  bool operator==(const TableRows&) const = default;
};

struct Proof {
  bool equal = false;
  std::vector<std::string> servers;   // "15.14": where the replay and comparison ran
  std::vector<std::string> compared;  // "catalog", "layout", "rows"
  int migrations_replayed = 0;
  std::vector<std::string> notices;  // leaked session settings and similar, by migration

  bool operator==(const Proof&) const = default;
};

struct Source {
  std::string commit;  // empty: not a git checkout
  std::string branch;
  bool dirty = false;
  bool operator==(const Source&) const = default;
};

// The project that a package belongs to. Empty in packages of versions that did not record it.
struct ProjectIdentity {
  std::string schema;  // path of the schema (file or folder) from the root of the repository
  std::string name;    // for messages; can be empty
  bool operator==(const ProjectIdentity&) const = default;
};

struct Manifest {
  int format = kManifestFormat;
  std::string version;
  std::string generated_at;  // RFC 3339, UTC
  std::string baseline_includes_up_to;
  int migration_count = 0;
  int baseline_lines = 0;
  std::string schema_checksum;
  std::string strategy = "single-baseline-release";
  std::string generation_command;
  std::string baseline_checksum;
  Coverage coverage;
  // Scripts of coverage and hotfixes that run statement by statement.
  std::vector<std::string> split;
  std::vector<std::string> platform;           // globs of objects that the platform provides
  std::vector<OutsideObject> outside_objects;  // which migrations and hotfixes look for
  FingerprintRecord fingerprint;               // after the baseline
  FingerprintRecord with_hotfixes;  // after the hotfixes that `files` names; empty without any
  std::vector<TableRows> rows;
  std::vector<std::string> roles;  // created by the migrations; the baseline creates them if absent
  std::map<std::string, std::string> files;  // path from the package folder → sha256
  std::vector<PreviousRelease> previous;
  std::vector<Rollback> rollbacks;  // for each of them; empty in packages of earlier tools
  Proof proof;
  Source source;
  std::string tool;  // "ballast 0.1.0"
  // The digest of all inputs of the package and of the manifest (BindInputs); empty in packages of
  // versions that did not record it.
  std::string inputs_digest;
  ProjectIdentity project;
  // The schema in which the covered migrations must run (apply/named_schema.h), if they name one
  // that they do not create.
  std::optional<std::string> database_schema;
  // SHA-256 hex of the manifest's text without this last key (AddDigest); empty in packages of
  // versions that did not record it.
  std::string manifest_digest;

  bool operator==(const Manifest&) const = default;
};

// The `inputs_digest` of a record made from `inputs`: SHA-256 hex of the inputs and of the rendered
// record without digests. It changes if the record is edited or made from other inputs.
std::string BindInputs(std::string_view inputs, Manifest manifest);

// JSON with two spaces of indentation and a final newline; keys in the order of the struct.
std::string RenderManifest(const Manifest& manifest);

// Sets `manifest_digest`. Call it after everything else is set.
void AddDigest(Manifest* manifest);

// A version is 1 to 64 characters of A-Z a-z 0-9 . _ + - and does not begin with a dot.
bool IsVersion(std::string_view version);

// "v1+hotfix.2" → "v1", 2; "v1" → "v1", 0.
struct SplitVersion {
  std::string base;
  int hotfixes = 0;
};
SplitVersion SplitHotfixes(std::string_view version);
// The version of the same release with `count` hotfixes: "v1+hotfix.1", 2 → "v1+hotfix.2".
std::string VersionWithHotfixes(std::string_view version, size_t count);

// Accepts only the bytes that ballast itself writes: the text must match its own digest or, if an
// earlier version wrote none, must be in canonical form without unknown keys. (Keys of newer
// versions are ignored only if there is a digest.) B402 names the missing or wrong key, or the
// first line that is not canonical; a manifest without "format" is also B402. B406: a newer format.
// Errors of an edited manifest have the detail kEditedDetail.
Result<Manifest> ParseManifest(std::string_view json, const std::string& file);

}  // namespace ballast::release
