// SPDX-License-Identifier: Apache-2.0
#include "plan/drift.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/managed_comparison.h"
#include "sql/prisma_definitions.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

using catalog::ChangeKind;
using catalog::Difference;

// Kinds of objects that the Prisma schema language can express.
bool PrismaCanName(const std::string& kind) {
  static constexpr std::array kKinds = {"table", "column",    "index", "constraint",
                                        "enum",  "extension", "schema"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Whether an index or constraint has a part that the language cannot express, according to the
// server's text (pg_get_indexdef, pg_get_constraintdef).
bool DefinitionIsBeyond(const std::string& kind, const std::string& text) {
  if (kind == "index") return sql::IsIndexBeyondPrisma(text);
  if (kind == "constraint") {
    const bool key = Contains(text, "PRIMARY KEY") || Contains(text, "FOREIGN KEY");
    return !key || Contains(text, "NOT VALID") || Contains(text, "DEFERRABLE") ||
           Contains(text, "MATCH FULL");
  }
  if (kind == "table") return Contains(text, "partition");
  return kind == "column" && (Contains(text, "generated") || Contains(text, "identity"));
}

// Properties of existing objects that the language can express.
bool PrismaCanSay(const std::string& property) {
  static constexpr std::array kProperties = {"type",       "not null", "default", "values",
                                             "definition", "unique",   "schema"};
  return std::find(kProperties.begin(), kProperties.end(), property) != kProperties.end();
}

// A list column is never NOT NULL in Prisma's DDL.
bool IsListNullability(const Difference& difference, const catalog::PropertyChange& change,
                       const catalog::Snapshot& replayed) {
  if (difference.kind != "column" || change.property != "not null") return false;
  return std::any_of(replayed.begin(), replayed.end(), [&](const catalog::ObjectProperty& entry) {
    return entry.kind == "column" && entry.object == difference.identity &&
           entry.property == "type" && entry.value.ends_with("[]");
  });
}

// Prisma compares the values of an enum, not their order.
bool IsSameSet(const catalog::PropertyChange& change) {
  if (change.property != "values") return false;
  const auto sorted = [](const std::string& text) {
    std::vector<std::string> values = Split(text, ',');
    for (std::string& value : values) value = std::string(Trim(value));
    std::sort(values.begin(), values.end());
    return values;
  };
  return sorted(change.a) == sorted(change.b);
}

bool IsSameDefault(const catalog::PropertyChange& change) {
  if (change.property != "default") return false;
  // A sequence keeps its name when its table is renamed.
  const bool both_sequences = Contains(change.a, "nextval(") && Contains(change.b, "nextval(");
  if (change.a.empty() || change.b.empty()) return false;
  return both_sequences || sql::PrismaDefault(change.a) == sql::PrismaDefault(change.b);
}

// The definition of the index in the snapshot; empty if it does not exist there.
std::string IndexDefinition(const Difference& difference, const catalog::Snapshot& snapshot) {
  for (const catalog::ObjectProperty& property : snapshot) {
    if (property.kind == "index" && property.property == "definition" &&
        property.object == difference.identity) {
      return property.value;
    }
  }
  return {};
}

// Classifies differences between two snapshots.
class SchemaComparison {
 public:
  SchemaComparison(const catalog::Snapshot& expected, const catalog::Snapshot& replayed,
                   int prisma_major)
      : expected_(expected), replayed_(replayed), prisma_major_(prisma_major) {}

  DriftKind KindOf(const Difference& difference) const {
    if (difference.change == ChangeKind::kMissing && PrismaCanName(difference.kind)) {
      return DriftKind::kMissingMigration;
    }
    if (IsBeyondPrisma(difference)) return DriftKind::kBeyondPrisma;
    return difference.change == ChangeKind::kExtra ? DriftKind::kNotInSchema
                                                   : DriftKind::kMissingMigration;
  }

 private:
  bool IsBeyondPrisma(const Difference& difference) const {
    if (!PrismaCanName(difference.kind)) return true;
    if (difference.change == ChangeKind::kMissing) return false;
    const bool changed = difference.change == ChangeKind::kChanged;
    if (changed && difference.kind == "index") return IsSameIndex(difference);
    if (DefinitionIsBeyond(difference.kind, DefinitionOf(difference))) return true;
    return changed &&
           std::none_of(difference.properties.begin(), difference.properties.end(),
                        [](const auto& change) { return PrismaCanSay(change.property); });
  }

  // What determines whether Prisma can express the object: for an index its definition in the
  // migrated database, for others all of its properties.
  std::string DefinitionOf(const Difference& difference) const {
    return difference.kind == "index" ? IndexDefinition(difference, replayed_) : difference.b;
  }

  bool IsSameIndex(const Difference& index) const {
    const bool only_definition =
        std::none_of(index.properties.begin(), index.properties.end(), [](const auto& change) {
          return change.property != "definition" && PrismaCanSay(change.property);
        });
    return only_definition &&
           AreSameIndexForPrisma(IndexDefinition(index, expected_),
                                 IndexDefinition(index, replayed_), prisma_major_);
  }

  const catalog::Snapshot& expected_;
  const catalog::Snapshot& replayed_;
  int prisma_major_;
};

// The schema that qualifies the object's name, as in SQL; empty: the target schema.
std::string_view SchemaIn(const Difference& difference) {
  static constexpr std::array kNamedAlone = {"table", "index", "enum"};
  if (std::find(kNamedAlone.begin(), kNamedAlone.end(), difference.kind) == kNamedAlone.end()) {
    return {};
  }
  const std::string_view name = difference.identity;
  bool quoted = false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '"') quoted = !quoted;
    if (name[i] == '.' && !quoted) return name.substr(0, i);
  }
  return {};
}

bool IsElsewhere(const Difference& difference, const std::vector<std::string>& schemas) {
  const std::string_view schema = SchemaIn(difference);
  if (schema.empty() || difference.change == ChangeKind::kMissing) return false;
  return std::none_of(schemas.begin(), schemas.end(), [&](const std::string& listed) {
    return listed == schema || sql::QuoteIdentifier(listed) == schema;
  });
}

DriftKind DatabaseDrift(const Difference& difference) {
  if (difference.change == ChangeKind::kMissing) return DriftKind::kNotInDatabase;
  return difference.change == ChangeKind::kExtra ? DriftKind::kUnwritten
                                                 : DriftKind::kChangedInDatabase;
}

// A unique index of the schema that the migrations created as a constraint of the same name.
bool IsUniqueConstraintOf(const Difference& index, const std::vector<Difference>& all) {
  if (index.kind != "index" || index.change != ChangeKind::kMissing) return false;
  return std::any_of(all.begin(), all.end(), [&](const Difference& other) {
    return other.kind == "constraint" && other.change == ChangeKind::kExtra &&
           other.identity.ends_with("." + index.identity) &&
           Contains(other.Value("definition"), "UNIQUE");
  });
}

// Without differences that the schema language makes unavoidable; empty if nothing remains.
std::vector<Difference> WithoutManners(const std::vector<Difference>& all,
                                       const catalog::Snapshot& replayed) {
  std::vector<Difference> kept;
  for (const Difference& difference : all) {
    if (IsUniqueConstraintOf(difference, all)) continue;
    Difference left = difference;
    std::erase_if(left.properties, [&](const catalog::PropertyChange& change) {
      return IsSameDefault(change) || IsSameSet(change) ||
             IsListNullability(difference, change, replayed);
    });
    if (difference.change == ChangeKind::kChanged && left.properties.empty()) continue;
    kept.push_back(std::move(left));
  }
  return kept;
}

template <class F>
std::vector<Drift> Classify(std::vector<Difference> differences,
                            const std::vector<std::string>& ignored, F&& kind_of) {
  std::vector<Drift> drifts;
  for (Difference& difference : differences) {
    if (catalog::IsCovered(difference, ignored)) continue;
    const DriftKind kind = kind_of(difference);
    drifts.push_back({kind, std::move(difference)});
  }
  std::stable_sort(drifts.begin(), drifts.end(),
                   [](const Drift& x, const Drift& y) { return x.kind < y.kind; });
  return drifts;
}

}  // namespace

std::string_view NameOf(DriftKind kind) {
  switch (kind) {
    case DriftKind::kMissingMigration:
      return "missing_migration";
    case DriftKind::kNotInSchema:
      return "not_in_schema";
    case DriftKind::kBeyondPrisma:
      return "beyond_prisma";
    case DriftKind::kUnwritten:
      return "unwritten";
    case DriftKind::kNotInDatabase:
      return "not_in_database";
    case DriftKind::kChangedInDatabase:
      return "changed_in_database";
  }
  return "";
}

std::string_view TitleOf(DriftKind kind) {
  switch (kind) {
    case DriftKind::kMissingMigration:
      return "In schema.prisma but not in the migrations";
    case DriftKind::kNotInSchema:
      return "In the migrations but not in schema.prisma";
    case DriftKind::kBeyondPrisma:
      return "In the migrations; the Prisma schema language cannot express all of it";
    case DriftKind::kUnwritten:
      return "In the database but not in the migrations";
    case DriftKind::kNotInDatabase:
      return "In the migrations but not in the database";
    case DriftKind::kChangedInDatabase:
      return "Differs between the database and the migrations";
  }
  return "";
}

std::string_view RemedyOf(DriftKind kind) {
  switch (kind) {
    case DriftKind::kMissingMigration:
      return "create the migration with prisma migrate dev, or accept it: ballast schema check "
             "--accept";
    case DriftKind::kNotInSchema:
      return "add it to schema.prisma, or accept it: ballast schema check --accept";
    case DriftKind::kBeyondPrisma:
      return "nothing to do; prisma migrate dev and prisma db push may drop some of it";
    case DriftKind::kUnwritten:
      return "write a migration that creates it, or drop it";
    case DriftKind::kNotInDatabase:
      return "ballast status shows whether migrations are pending; otherwise run ballast repair";
    case DriftKind::kChangedInDatabase:
      return "write a migration that makes them equal, or run ballast repair";
  }
  return "";
}

std::vector<Drift> CompareSchemaWithHistory(const catalog::Snapshot& expected,
                                            const catalog::Snapshot& replayed,
                                            const std::vector<std::string>& ignored,
                                            const PrismaScope& scope) {
  const catalog::Snapshot seen = AsPrismaSees(expected, replayed, scope);
  std::vector<Difference> differences = WithoutManners(catalog::Diff(expected, seen), seen);
  RemoveRepeatedIndexes(expected, seen, differences);
  const SchemaComparison comparison(expected, seen, scope.prisma_major);
  return Classify(std::move(differences), ignored, [&](const Difference& difference) {
    return IsElsewhere(difference, scope.schemas) ? DriftKind::kBeyondPrisma
                                                  : comparison.KindOf(difference);
  });
}

std::vector<Drift> CompareHistoryWithDatabase(const catalog::Snapshot& replayed,
                                              const catalog::Snapshot& live,
                                              const std::vector<std::string>& ignored) {
  return Classify(catalog::Diff(replayed, live), ignored, DatabaseDrift);
}

std::string AcceptanceOf(const Drift& drift) {
  return std::string(NameOf(drift.kind)) + ": " + catalog::Describe(drift.difference);
}

size_t RemoveAccepted(const std::vector<std::string>& accepted, std::vector<Drift>& drifts) {
  return std::erase_if(drifts, [&](const Drift& drift) {
    return std::find(accepted.begin(), accepted.end(), AcceptanceOf(drift)) != accepted.end();
  });
}

bool IsDisagreement(const Drift& drift) {
  return drift.kind != DriftKind::kBeyondPrisma;
}

}  // namespace ballast::plan
