// SPDX-License-Identifier: Apache-2.0
// The two records of a package as JSON. Each struct lists its keys once, for writing and reading.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <functional>
#include <limits>
#include <type_traits>

#include "base/printable.h"
#include "base/record_json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "release/development_baseline.h"
#include "release/line_endings.h"
#include "release/manifest.h"
#include "release/strict_json_internal.h"

namespace ballast::release {
namespace {

constexpr std::string_view kHotfixMark = "+hotfix.";

constexpr int kIndentation = 2;
constexpr char kDigestKey[] = "manifest_digest";  // the last key

template <class Visitor, OneOf<CoveredMigration> T>
void Fields(Visitor& visit, T& record) {
  visit("name", record.name);
  visit("checksum", record.checksum);
}

template <class Visitor, OneOf<Requirement> T>
void Fields(Visitor& visit, T& record) {
  visit("feature", record.feature);
  visit("object", record.object);
  visit("since", record.since);
}

template <class Visitor, OneOf<FingerprintRecord> T>
void Fields(Visitor& visit, T& record) {
  visit("catalog", record.catalog);
  visit("layout", record.layout);
  visit.Added("server_objects", record.server_objects);
  visit.Added("server_objects_layout", record.server_objects_layout);
  visit.Added("families", record.families);
  visit("server_major", record.server_major);
  visit("any_server", record.any_server);
  visit.Version("vocabulary", record.scope.vocabulary);
  visit("schemas", record.scope.schemas);
  visit("globals", record.scope.globals);
  visit.Added("rights", record.scope.privileges);
  visit.Rare("requires", record.needs);
  visit.Rare("dated_partitions_of", record.dated_partitions_of);
}

template <class Visitor, OneOf<TableRows> T>
void Fields(Visitor& visit, T& record) {
  visit("table", record.table);
  visit("count", record.count);
  visit("digest", record.digest);
  visit("volatile_columns", record.volatile_columns);
}

template <class Visitor, OneOf<PreviousRelease> T>
void Fields(Visitor& visit, T& record) {
  visit("version", record.version);
  visit("baseline_checksum", record.baseline_checksum);
  visit("fingerprint", record.fingerprint);
  visit("coverage", record.coverage);
  visit("hotfixes", record.hotfixes);
  visit.Added("replaces", record.replaces);
}

template <class Visitor, OneOf<RollbackLoss> T>
void Fields(Visitor& visit, T& record) {
  visit("object", record.object);
  visit("table", record.table);
  visit("column", record.column);
  visit.Added("condition", record.condition);
}

template <class Visitor, OneOf<RollbackStatement> T>
void Fields(Visitor& visit, T& record) {
  visit("object", record.object);
  visit("action", record.action);
  visit("lock", record.lock);
  visit("rewrites", record.rewrites);
  visit("fails_on", record.fails_on);
  visit("listed_by", record.listed_by);
  visit("count", record.count);
}

template <class Visitor, OneOf<RemovedRows> T>
void Fields(Visitor& visit, T& record) {
  visit("table", record.table);
  visit("count", record.count);
}

template <class Visitor, OneOf<Rollback> T>
void Fields(Visitor& visit, T& record) {
  visit("version", record.version);
  visit("path", record.path);
  visit("origin", record.origin);
  visit("losses", record.losses);
  visit.Optional("statements", record.statements);
  visit("without_rows", record.without_rows);
  visit.Optional("removed_rows", record.removed_rows);
  visit.Rare("made_again", record.made_again);
  visit("notices", record.notices);
  visit("reason", record.reason);
}

template <class Visitor, OneOf<Proof> T>
void Fields(Visitor& visit, T& record) {
  visit("equal", record.equal);
  visit("servers", record.servers);
  visit("compared", record.compared);
  visit("migrations_replayed", record.migrations_replayed);
  visit("notices", record.notices);
}

template <class Visitor, OneOf<Source> T>
void Fields(Visitor& visit, T& record) {
  visit("commit", record.commit);
  visit("branch", record.branch);
  visit("dirty", record.dirty);
}

template <class Visitor, OneOf<ProjectIdentity> T>
void Fields(Visitor& visit, T& record) {
  visit("schema", record.schema);
  visit("name", record.name);
}

template <class Visitor, OneOf<OutsideObject> T>
void Fields(Visitor& visit, T& record) {
  visit("kind", record.kind);
  visit("schema", record.schema);
  visit("name", record.name);
  visit("is_sql", record.is_sql);
  visit("exists", record.exists);
  visit("sought_by", record.sought_by);
}

template <class Visitor, OneOf<Manifest> T>
void Fields(Visitor& visit, T& record) {
  visit("format", record.format);
  visit("version", record.version);
  visit("generated_at", record.generated_at);
  visit("baseline_includes_up_to", record.baseline_includes_up_to);
  visit("migration_count", record.migration_count);
  visit("baseline_lines", record.baseline_lines);
  visit("schema_checksum", record.schema_checksum);
  visit("strategy", record.strategy);
  visit("generation_command", record.generation_command);
  visit("baseline_checksum", record.baseline_checksum);
  visit("coverage", record.coverage);
  visit.Rare("statement_by_statement", record.split);
  visit.Rare("platform", record.platform);
  visit.Rare("outside_objects", record.outside_objects);
  visit("fingerprint", record.fingerprint);
  visit.Added("with_hotfixes", record.with_hotfixes);
  visit("rows", record.rows);
  visit("roles", record.roles);
  visit("files", record.files);
  visit("previous", record.previous);
  visit.Rare("rollbacks", record.rollbacks);
  visit("proof", record.proof);
  visit("source", record.source);
  visit("tool", record.tool);
  visit.Added("inputs_digest", record.inputs_digest);
  visit.Added("project", record.project);
  visit.Optional("database_schema", record.database_schema);
  visit.Rare(kDigestKey, record.manifest_digest);
}

template <class Visitor, OneOf<DevelopmentBaseline> T>
void Fields(Visitor& visit, T& record) {
  visit("format", record.format);
  visit("generated_at", record.generated_at);
  visit("coverage", record.coverage);
  visit("fingerprint", record.fingerprint);
  visit("rows", record.rows);
  visit("baseline_checksum", record.baseline_checksum);
  visit("source", record.source);
  visit("proof", record.proof);
  visit.Added("inputs_digest", record.inputs_digest);
  visit.Optional("project", record.project);
  visit.Optional("database_schema", record.database_schema);
  visit.Rare("outside_objects", record.outside_objects);
}

class Writer : public RecordWriter<Writer> {
 public:
  using RecordWriter::Encode;
  static Json Encode(RollbackOrigin origin) { return NameOf(origin); }
  // A key that was added to the format later: written like any other.
  template <class T>
  void Added(const char* key, const T& value) {
    (*this)(key, value);
  }
  // A list that is empty in most records: written only if it is not.
  template <class T>
  void Rare(const char* key, const T& value) {
    if (!value.empty()) (*this)(key, value);
  }
  // Written only if there is a value.
  template <class T>
  void Optional(const char* key, const std::optional<T>& value) {
    if (value) (*this)(key, *value);
  }
  // A number that is 1 if it is not written.
  void Version(const char* key, int value) {
    if (value != 1) (*this)(key, value);
  }
};

std::string Canonical(const Json& json) {
  return json.dump(kIndentation, ' ', false, Json::error_handler_t::replace) + "\n";
}

template <class T>
std::string Render(const T& record) {
  return Canonical(Writer::Encode(record));
}

// The state that the readers of one document share.
struct Reading {
  std::string problem;  // the first one; names the key by its path
  bool refuse_unknown_keys = false;
};

class Reader {
 public:
  Reader(const Json& object, std::string path, Reading* reading)
      : object_(object), path_(std::move(path)), reading_(reading) {}

  template <class T>
  void operator()(const char* key, T& value) {
    if (!reading_->problem.empty()) return;
    const std::string path = path_.empty() ? key : path_ + "." + key;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      reading_->problem = fmt::format("the key \"{}\" is missing", path);
    } else {
      ++known_;
      Decode(*found, path, value);
    }
  }
  // After all fields were read.
  void CheckUnknownKeys() {
    if (!reading_->refuse_unknown_keys || !reading_->problem.empty()) return;
    if (known_ == object_.size()) return;
    reading_->problem =
        fmt::format("{} has a key that this program does not know, and no \"{}\" that covers it",
                    path_.empty() ? "it" : "\"" + path_ + "\"", kDigestKey);
  }
  // A key that was added to the format later: earlier records do not have it.
  template <class T>
  void Added(const char* key, T& value) {
    if (object_.contains(key)) (*this)(key, value);
  }
  template <class T>
  void Rare(const char* key, T& value) {
    Added(key, value);
  }
  template <class T>
  void Optional(const char* key, std::optional<T>& value) {
    if (object_.contains(key)) (*this)(key, value.emplace());
  }
  void Version(const char* key, int& value) { Added(key, value); }

 private:
  void TypeMismatch(const std::string& path, std::string_view expected) {
    if (!reading_->problem.empty()) return;
    reading_->problem = fmt::format("the key \"{}\" is not {}", path, expected);
  }

  void Decode(const Json& json, const std::string& path, std::string& value) {
    if (!json.is_string()) return TypeMismatch(path, "a string");
    value = json.template get<std::string>();
  }
  void Decode(const Json& json, const std::string& path, bool& value) {
    if (!json.is_boolean()) return TypeMismatch(path, "true or false");
    value = json.template get<bool>();
  }
  void Decode(const Json& json, const std::string& path, RollbackOrigin& value) {
    const auto origin = RollbackOriginOf(json.is_string() ? json.template get<std::string>() : "?");
    if (!origin) return TypeMismatch(path, "the origin of a rollback");
    value = *origin;
  }
  template <std::signed_integral T>
  void Decode(const Json& json, const std::string& path, T& value) {
    const bool fits = json.is_number_integer() &&
                      (!json.is_number_unsigned() ||
                       json.template get<uint64_t>() <= uint64_t{std::numeric_limits<T>::max()}) &&
                      (json.is_number_unsigned() || json.template get<int64_t>() >= 0);
    if (!fits) return TypeMismatch(path, "a whole number that is not negative");
    value = json.template get<T>();
  }
  template <class T>
  void Decode(const Json& json, const std::string& path, std::vector<T>& values) {
    if (!json.is_array()) return TypeMismatch(path, "a list");
    values.clear();
    for (const Json& item : json) {
      T value{};
      Decode(item, fmt::format("{}[{}]", path, values.size()), value);
      values.push_back(std::move(value));
    }
  }
  void Decode(const Json& json, const std::string& path,
              std::map<std::string, std::string>& values) {
    if (!json.is_object()) return TypeMismatch(path, "an object");
    values.clear();
    for (const auto& [key, item] : json.items()) {
      Decode(item, fmt::format("{}[\"{}\"]", path, key), values[key]);
    }
  }
  template <class T>
  void Decode(const Json& json, const std::string& path, T& record) {
    if (!json.is_object()) return TypeMismatch(path, "an object");
    Reader reader(json, path, reading_);
    Fields(reader, record);
    reader.CheckUnknownKeys();
  }

  const Json& object_;
  std::string path_;
  Reading* reading_;
  size_t known_ = 0;  // keys of the object that a field was read from
};

constexpr RecordKind kManifestRecord{ErrorCode::kManifestInvalid, kManifestFormat, "the manifest",
                                     "ballast release create VERSION --replace"};
constexpr RecordKind kBaselineRecord{ErrorCode::kBaselineStale, kDevelopmentBaselineFormat,
                                     "the development baseline's coverage",
                                     "ballast baseline create"};

template <class T>
Result<T> Decoded(const Json& json, bool refuse_unknown_keys, const RecordKind& kind,
                  const std::string& file) {
  Reading reading{{}, refuse_unknown_keys};
  T record;
  Reader reader(json, "", &reading);
  Fields(reader, record);
  reader.CheckUnknownKeys();
  if (!reading.problem.empty()) return InvalidRecord(kind, reading.problem, {file, 0});
  return record;
}

Error Edited(const std::string& problem, Place where) {
  Error error = InvalidRecord(kManifestRecord, problem, std::move(where));
  error.details.emplace_back(kEditedDetail, "true");
  return error;
}

Status IsCanonical(std::string_view text, const Json& json, const std::string& file) {
  const std::string canonical = Canonical(json);
  if (text == canonical) return {};
  const auto differs = std::mismatch(text.begin(), text.end(), canonical.begin(), canonical.end());
  const int line = LineAt(text, static_cast<size_t>(differs.first - text.begin()));
  return Edited(fmt::format("line {} is not written as ballast writes it, so the file was edited "
                            "or reformatted",
                            line),
                {file, line});
}

// What follows the digested text: the last key and the end of the object.
std::string DigestTail(const std::string& digest) {
  return fmt::format(",\n  \"{}\": \"{}\"\n}}\n", kDigestKey, digest);
}

constexpr std::string_view kEndOfObject = "\n}\n";

// `text` is a manifest without its digest, up to the end of the last value.
std::string DigestOf(std::string_view text) {
  Sha256 hash;
  hash.Update(text);
  hash.Update(kEndOfObject);
  return hash.FinishHex();
}

bool HasDigest(std::string_view text, const std::string& digest) {
  const std::string tail = DigestTail(digest);
  return text.ends_with(tail) && DigestOf(text.substr(0, text.size() - tail.size())) == digest;
}

Status HasItsDigest(std::string_view text, const Json& json, const std::string& file) {
  const auto found = json.find(kDigestKey);
  if (found == json.end()) return {};
  const std::string digest = found->is_string() ? found->get<std::string>() : std::string();
  if (HasDigest(text, digest)) return {};
  if (HasDigest(WithLineFeeds(text), digest)) return ConvertedLineEndings("the manifest has", file);
  return Edited(fmt::format("it does not have the SHA-256 that its key \"{}\" names, so it was "
                            "edited",
                            kDigestKey),
                {file, 0});
}

template <class Record>
std::string Bind(std::string_view inputs, Record& record) {
  record.inputs_digest.clear();
  Sha256 hash;
  hash.Update(inputs);
  hash.Update("\n");
  hash.Update(Render(record));
  return hash.FinishHex();
}

// Versions are printed, and become names of files and tags.
Status VersionsAreVersions(const Manifest& manifest, const std::string& file) {
  std::vector<std::string_view> versions = {manifest.version};
  for (const PreviousRelease& previous : manifest.previous) versions.push_back(previous.version);
  for (const std::string_view version : versions) {
    if (IsVersion(SplitHotfixes(version).base)) continue;
    return InvalidRecord(kManifestRecord,
                         fmt::format("\"{}\" is not a version: 1 to 64 of A-Z a-z 0-9 . _ + -, not "
                                     "beginning with a dot",
                                     Printable(version)),
                         {file, 0});
  }
  return {};
}

bool IsVersionCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '+' || c == '-';
}

}  // namespace

std::string BindInputs(std::string_view inputs, Manifest manifest) {
  manifest.manifest_digest.clear();
  return Bind(inputs, manifest);
}

std::string BindInputs(std::string_view inputs, DevelopmentBaseline baseline) {
  return Bind(inputs, baseline);
}

std::string RenderManifest(const Manifest& manifest) {
  return Render(manifest);
}

Result<Manifest> ParseManifest(std::string_view json, const std::string& file) {
  TRY_ASSIGN(const Json parsed, ParseRecord(json, kManifestRecord, file));
  TRY(CheckFormat(parsed, kManifestRecord, file));
  const bool has_digest = parsed.contains(kDigestKey);
  TRY_ASSIGN(Manifest manifest, Decoded<Manifest>(parsed, !has_digest, kManifestRecord, file));
  TRY(HasItsDigest(json, parsed, file));
  TRY(VersionsAreVersions(manifest, file));
  TRY(IsCanonical(json, parsed, file));
  return manifest;
}

void AddDigest(Manifest* manifest) {
  manifest->manifest_digest.clear();
  const std::string text = Render(*manifest);
  manifest->manifest_digest =
      DigestOf(std::string_view(text).substr(0, text.size() - kEndOfObject.size()));
}

bool IsVersion(std::string_view version) {
  constexpr size_t kLongest = 64;
  return !version.empty() && version.size() <= kLongest && version.front() != '.' &&
         std::all_of(version.begin(), version.end(), IsVersionCharacter);
}

SplitVersion SplitHotfixes(std::string_view version) {
  constexpr size_t kMostDigits = 6;
  const size_t at = version.rfind(kHotfixMark);
  if (at == std::string_view::npos) return {std::string(version), 0};
  const std::string_view count = version.substr(at + kHotfixMark.size());
  int hotfixes = 0;
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), hotfixes);
  const bool whole = error == std::errc() && end == count.data() + count.size() &&
                     count.size() <= kMostDigits && count.front() != '0' && hotfixes > 0;
  if (!whole) return {std::string(version), 0};
  return {std::string(version.substr(0, at)), hotfixes};
}

std::string VersionWithHotfixes(std::string_view version, size_t count) {
  std::string base = SplitHotfixes(version).base;
  return count == 0 ? base : fmt::format("{}{}{}", base, kHotfixMark, count);
}

std::string RenderDevelopmentBaseline(const DevelopmentBaseline& baseline) {
  return Render(baseline);
}

Result<DevelopmentBaseline> ParseDevelopmentBaseline(std::string_view json,
                                                     const std::string& file) {
  TRY_ASSIGN(const Json parsed, ParseRecord(json, kBaselineRecord, file));
  TRY(CheckFormat(parsed, kBaselineRecord, file));
  return Decoded<DevelopmentBaseline>(parsed, false, kBaselineRecord, file);
}

}  // namespace ballast::release
