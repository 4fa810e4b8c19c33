// SPDX-License-Identifier: Apache-2.0
// What a package says it contains: manifest.json (docs/release-format.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/requirement.h"
#include "base/result.h"
#include "release/migration.h"
#include "release/previous_release.h"

namespace ballast::release {

inline constexpr int kManifestFormat = 1;
inline constexpr char kEditedDetail[] = "edited";

// What makes a live database the proven one. See catalog/snapshot.h for scope and hashing.
struct FingerprintRecord {
  std::string catalog;  // the meaning; equal on every server version
  std::string layout;   // with the order of columns
  // The same two things as the server itself hashes them (introspect/snapshot_query.h), before
  // texts that versions print differently are made canonical; `server_major` says on which version
  // they hold. With `any_server` no such text occurs, and they hold everywhere.
  std::string server_objects;
  std::string server_objects_layout;
  std::vector<std::string> families =
      {};  // the optional kinds that the server hashed; no others exist
  int server_major = 0;
  bool any_server = false;
  int vocabulary = 1;                    // which properties were read (catalog/snapshot.h)
  std::vector<std::string> schemas;      // the scope: further schemas
  std::vector<std::string> globals;      // the scope: objects of the database, "kind object"
  std::vector<std::string> rights = {};  // grants and revocations, as lines of facts
  std::vector<Requirement> needs = {};   // its features that some supported server lacks

  bool operator==(const FingerprintRecord&) const = default;
};

struct TableRows {
  std::string table;  // as in facts: "User", "billing.Plan"
  int64_t count = 0;
  std::string digest;                         // SHA-256 hex, order of rows left out
  std::vector<std::string> volatile_columns;  // differ from one replay to the next

  bool operator==(const TableRows&) const = default;
};

struct Proof {
  bool equal = false;
  std::vector<std::string> servers;   // "15.14": where replayed and compared
  std::vector<std::string> compared;  // "catalog", "layout", "rows"
  int migrations_replayed = 0;
  std::vector<std::string> notices;  // leaked session state and the like, by migration

  bool operator==(const Proof&) const = default;
};

struct Source {
  std::string commit;  // empty: not a git checkout
  std::string branch;
  bool dirty = false;
  bool operator==(const Source&) const = default;
};

// The project that a package belongs to. Both are empty in packages of tools that did not write it.
struct ProjectIdentity {
  std::string schema;  // path of the schema (file or folder) from the root of the repository
  std::string name;    // as people call it; may be empty
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
  std::vector<std::string> split;     // of them and of the hotfixes: run statement by statement
  std::vector<std::string> platform;  // globs of what the platform provides
  FingerprintRecord fingerprint;      // after the baseline
  FingerprintRecord with_hotfixes;    // after the hotfixes that `files` names; empty without any
  std::vector<TableRows> rows;
  std::vector<std::string> roles;            // made by the history, carried if absent
  std::map<std::string, std::string> files;  // path from the package folder → sha256
  std::vector<PreviousRelease> previous;
  std::vector<Rollback> rollbacks;  // for each of them; empty in packages of earlier tools
  Proof proof;
  Source source;
  std::string tool;  // "ballast 0.1.0"
  // Of all that the package was made from and of the manifest itself (BindInputs); empty in
  // packages of tools that did not write it.
  std::string inputs_digest;
  ProjectIdentity project;
  // SHA-256 hex of the manifest's text without this last key (AddDigest). Empty in packages of
  // tools that did not write it.
  std::string manifest_digest;

  bool operator==(const Manifest&) const = default;
};

// What `inputs_digest` has to be for a record that was made from `inputs`: SHA-256 hex over the
// inputs and over the record as it is rendered without its digests. A record that was edited since,
// or made from anything else, has another one.
std::string BindInputs(std::string_view inputs, Manifest manifest);

// JSON with two blanks of indentation and a final newline; keys in the order of the struct.
std::string RenderManifest(const Manifest& manifest);

// Sets `manifest_digest`; for whoever has filled in everything else.
void AddDigest(Manifest* manifest);

// A version: 1 to 64 of A-Z a-z 0-9 . _ + -, not beginning with a dot.
bool IsVersion(std::string_view version);

// "v1+hotfix.2" → "v1", 2; a version without hotfixes is itself and 0.
struct SplitVersion {
  std::string base;
  int hotfixes = 0;
};
SplitVersion SplitHotfixes(std::string_view version);

// Accepts only the bytes that ballast would have written: the text must have its own digest, or,
// where an earlier tool wrote none, must be in canonical form and have no unknown key (a newer
// tool's keys are passed over only under a digest). B402 names the key that is missing or wrong, or
// the first line that is not in canonical form; B406 a format newer than ours. A manifest without
// "format" is B402. Errors of a manifest that was edited have the detail kEditedDetail.
Result<Manifest> ParseManifest(std::string_view json, const std::string& file);

}  // namespace ballast::release
