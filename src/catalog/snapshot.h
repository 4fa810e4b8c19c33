// SPDX-License-Identifier: Apache-2.0
// Facts: what a database means, as a flat, sorted list of small statements. One server query makes
// them (introspect/snapshot_reader), on every server version the same for the same database; they
// are what is compared, fingerprinted, kept in the package and shown to people. They are made
// independently of the values that DDL is written from, so that one can judge the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::catalog {

// "column", "\"User\".email", "type", "text". Names in the target schema are unqualified, others
// qualified; all are quoted only where PostgreSQL must quote them. Two words stand for what has
// another name in every database: <target>, the target schema itself; <owner>, the role that owns
// the migrations table (and, if nothing else is said, everything else).
struct ObjectProperty {
  std::string kind;      // the object's kind: "table", "column", "index", "function", "enum" …
  std::string object;    // its identity: "User", "billing.Invoice.total", "f(integer)"
  std::string property;  // "type", "default", "definition", "owner", "comment" …
  std::string value;

  bool operator==(const ObjectProperty&) const = default;
  auto operator<=>(const ObjectProperty&) const = default;
};

// Facts of this property are of the physical layout: only the layout fingerprint has them.
inline constexpr std::string_view kLayoutProperty = "position";

// Which properties are read. A fingerprint holds for one vocabulary only, so that a package names
// the vocabulary of its fingerprints and a live database is read in that one
// (docs/decisions/0014-vocabularies.md). 1: packages made before vocabularies had numbers. 2: adds
// what docs/decisions/0014 lists.
inline constexpr int kFirstVocabulary = 1;
inline constexpr int kVocabulary = 2;

// Which objects are looked at. Target-schema objects always are.
struct Scope {
  std::vector<std::string> schemas;  // further schemas, by raw name, sorted
  // Objects of the database itself (extensions, casts, publications, event triggers, languages,
  // foreign-data wrappers, settings), "schema <target>" for what is said of the target schema as
  // such, and default privileges in schemas: as "kind object", sorted.
  std::vector<std::string> globals;
  // Grants and revocations that are expected, as lines of facts, sorted. Where `globals` names no
  // default privileges, what the database's own give to its objects is left out, but for these.
  std::vector<std::string> rights;
  bool everything = true;  // all schemas and globals; the lists are ignored
  // Beyond `globals`: all extensions, publications, subscriptions, event triggers, languages,
  // foreign-data wrappers and servers, and the names of the schemas that are not looked into.
  bool others = false;
  int vocabulary = kVocabulary;

  bool operator==(const Scope&) const = default;
};

inline constexpr std::string_view kTargetSchema = "<target>";
inline constexpr std::string_view kBaseOwner = "<owner>";

// Before the SHA-256, in hex and ended by '>', of a value that may be a password. What is printed
// for people has "<secret>" in its place.
inline constexpr std::string_view kHiddenValue = "<sha256:";

// Sorted bytewise by line, without duplicates.
using Snapshot = std::vector<ObjectProperty>;

// One line, tab separated, with \\ \t \n \r escaped: the form that is hashed and kept in files.
std::string RenderProperty(const ObjectProperty& fact);
std::string RenderSnapshot(const Snapshot& snapshot);         // a line each, each ended by '\n'
Result<ObjectProperty> ParseProperty(std::string_view line);  // B401 when malformed
Snapshot SortedSnapshot(Snapshot snapshot);  // puts facts in the order and form of Facts
Result<Snapshot> ParseSnapshot(std::string_view text,
                               const std::string& file);  // B401 when malformed

// The scope that covers just what these facts speak of.
Scope ScopeOf(const Snapshot& snapshot);

// SHA-256 hex over the sorted lines joined by '\n': the meaning, and the meaning with the order of
// columns.
std::string Fingerprint(const Snapshot& snapshot);
std::string LayoutFingerprint(const Snapshot& snapshot);

enum class ChangeKind {
  kMissing,
  kExtra,
  kChanged
};  // seen from a to b: only in a, only in b, both

// One property that both sides have, or one of them; empty where it is absent.
struct PropertyChange {
  std::string property;
  std::string a;
  std::string b;

  bool operator==(const PropertyChange&) const = default;
};

struct Difference {
  std::string object;  // "index \"User_email_key\""
  std::string kind;
  ChangeKind change;
  std::string a;  // what a says ("type integer; default 0"), empty when absent
  std::string b;
  std::vector<PropertyChange> properties;  // of kChanged: what differs, sorted
};

// Differences by object, in stable order; layout is left out unless asked for. An object that one
// side lacks is one difference, and what belongs to a missing table or type (columns, indexes,
// constraints, triggers, rules, policies, owned sequences) is folded into it.
std::vector<Difference> Diff(const Snapshot& a, const Snapshot& b, bool with_layout = false);

// One difference in words, a being what is expected and b what is there:
// `index "X" is missing`, `column "T"."c": type is text, not integer`.
std::string Describe(const Difference& difference);

}  // namespace ballast::catalog
