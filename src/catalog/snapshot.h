// SPDX-License-Identifier: Apache-2.0
// The snapshot of a database: a flat, sorted list of the properties of its objects. One server
// query reads it (introspect/snapshot_reader.h), with the same result on every supported server
// version. Snapshots are compared, fingerprinted, stored in packages and shown to users. They are
// read independently of the model that DDL is written from (catalog/database.h), so that one can
// verify the other.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::catalog {

// For example "column", "\"User\".email", "type", "text". Names in the target schema are
// unqualified, others are qualified; names are quoted only if PostgreSQL requires it. Two
// placeholders replace names that differ between databases: <target> is the target schema; <owner>
// is the role that owns the migrations table and, unless a property says otherwise, everything
// else.
struct ObjectProperty {
  std::string kind;      // the object's kind: "table", "column", "index", "function", "enum" …
  std::string object;    // its identity: "User", "billing.Invoice.total", "f(integer)"
  std::string property;  // "type", "default", "definition", "owner", "comment" …
  std::string value;

  bool operator==(const ObjectProperty&) const = default;
  auto operator<=>(const ObjectProperty&) const = default;
};

// A property of the physical layout. Only the layout fingerprint includes it.
inline constexpr std::string_view kLayoutProperty = "position";

// A remark of the proof about an object. No fingerprint includes it, and Diff does not compare it.
inline constexpr std::string_view kDependsOnProperty = "depends on";
inline constexpr std::string_view kTheDate = "the date";  // a partition: dated_partitions.h
inline constexpr std::string_view kTheClockOrRandom = "the clock or random values";

// The vocabulary is the set of properties that are read. Fingerprints of different vocabularies are
// not comparable, so a package records its vocabulary and a live database is read in the same one
// (docs/decisions/0016-vocabularies.md). Version 1: packages made before vocabularies were
// numbered.
inline constexpr int kFirstVocabulary = 1;
inline constexpr int kVocabulary = 2;

// The objects that are read. Objects of the target schema are always included.
struct Scope {
  std::vector<std::string> schemas;  // further schemas, by raw name, sorted
  // Objects of the database itself (extensions, casts, publications, event triggers, languages,
  // foreign-data wrappers, settings), "schema <target>" for properties of the target schema as
  // such, and default privileges in schemas; as "kind object", sorted.
  std::vector<std::string> globals;
  // Expected grants and revocations, and what IsAskedFor accepts, as rendered properties, sorted.
  // If `globals` has no default privileges, what the database's own give is ignored except these.
  std::vector<std::string> privileges;
  bool everything = true;  // all schemas and globals; the lists are ignored
  // In addition to `globals`: all extensions, publications, subscriptions, event triggers,
  // languages, foreign-data wrappers and servers, and the names of all other schemas.
  bool others = false;
  int vocabulary = kVocabulary;

  bool operator==(const Scope&) const = default;
};

inline constexpr std::string_view kTargetSchema = "<target>";
inline constexpr std::string_view kBaseOwner = "<owner>";

// Precedes the SHA-256 (hex, then '>') that replaces a value that may be a password. Text for users
// has "<secret>" instead.
inline constexpr std::string_view kHiddenValue = "<sha256:";

// Sorted bytewise by rendered line, without duplicates.
using Snapshot = std::vector<ObjectProperty>;
// For a snapshot that several questions share; null: the snapshot of the state is not known.
using SharedSnapshot = std::shared_ptr<const Snapshot>;

// One line with tab-separated fields, in which backslash, \t, \n and \r are escaped. This form is
// hashed and stored.
std::string RenderProperty(const ObjectProperty& entry);
std::string RenderSnapshot(const Snapshot& snapshot);         // one property per line
Result<ObjectProperty> ParseProperty(std::string_view line);  // B401 when malformed
Snapshot SortedSnapshot(Snapshot snapshot);                   // sorts and removes duplicates
Result<Snapshot> ParseSnapshot(std::string_view text,
                               const std::string& file);  // B401 when malformed

// The smallest scope that contains every object of the snapshot.
Scope ScopeOf(const Snapshot& snapshot, int vocabulary = kVocabulary);
// A scope of the target schema alone.
Scope TargetSchemaScope(int vocabulary);
// Everything, and what only a scope asks for: the properties that IsAskedFor accepts, and roles.
Scope EverythingAnd(const Scope& asked);
Scope EverythingAnd(const Snapshot& proven);
// Without such properties and roles that `proven` lacks: they are in `live` because the scope had
// those of other states, too.
Snapshot WithoutUnasked(const Snapshot& proven, Snapshot live);

// The SHA-256 (hex) of the rendered lines joined by line breaks, without and
// with the order of columns.
std::string Fingerprint(const Snapshot& snapshot);
std::string LayoutFingerprint(const Snapshot& snapshot);

enum class ChangeKind { kMissing, kExtra, kChanged };  // only in a, only in b, in both
std::string_view NameOf(ChangeKind kind);              // "missing", "extra", "changed"

// A property that differs; a value is empty where the property is absent.
struct PropertyChange {
  std::string property;
  std::string a;
  std::string b;

  bool operator==(const PropertyChange&) const = default;
};

struct Difference {
  std::string object;  // in reports: "index \"User_email_key\"", "the target schema"
  std::string kind;
  std::string identity;  // as in a snapshot: "\"User_email_key\"", "<target>"
  ChangeKind change;
  std::string a;  // as in a ("type integer; default 0"); empty if absent
  std::string b;
  std::vector<PropertyChange> properties;  // for kChanged: the properties that differ, sorted
  // All properties, also those that are equal: as in a, or as in b if only b has the object.
  // Without secrets.
  std::map<std::string, std::string, std::less<>> values;
  std::string depends_on = {};  // kTheDate, kTheClockOrRandom; empty: nothing of the kind is known

  // Empty where the property is absent.
  std::string Value(std::string_view property) const;
};

// The differences by object, in a deterministic order; layout only if requested. An object that
// only one side has is one difference, which includes everything that belongs to it (columns,
// indexes, constraints, triggers, rules, policies, owned sequences).
std::vector<Difference> Diff(const Snapshot& a, const Snapshot& b, bool with_layout = false);

// A sentence about a difference, where a is expected and b is the actual state:
// `index "X" is missing`, `index "Y" exists, but is not expected`,
// `column "T"."c": type is text, expected integer`.
std::string Describe(const Difference& difference);
// The same for two states of which neither is the expected one, with their names:
// `index "X" is only in v1`, `column "T"."c": type is integer in v1, text in v2`.
std::string Describe(const Difference& difference, const std::string& name_a,
                     const std::string& name_b);
std::vector<std::string> DescribeAll(const std::vector<Difference>& differences);

}  // namespace ballast::catalog
