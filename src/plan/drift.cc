// SPDX-License-Identifier: Apache-2.0
#include "plan/drift.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "catalog/dated_partitions.h"
#include "catalog/managed_comparison.h"
#include "catalog/object_identity.h"
#include "sql/constraint_kind.h"
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

// Whether the object has a part that the language cannot express, according to the server's text
// (pg_get_indexdef, pg_get_constraintdef) or, for a table or column, to its properties.
bool DefinitionIsBeyond(const std::string& kind, const std::string& text) {
  if (kind == "index") return sql::IsIndexBeyondPrisma(text);
  if (kind == "constraint") {
    return Contains(text, "NOT VALID") || Contains(text, "DEFERRABLE") ||
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

// The definition of the object in the snapshot; empty if it does not exist there.
std::string DefinitionIn(const Difference& difference, const catalog::Snapshot& snapshot) {
  for (const catalog::ObjectProperty& property : snapshot) {
    if (property.kind == difference.kind && property.property == "definition" &&
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
                   const PrismaScope& scope)
      : expected_(expected), replayed_(replayed), scope_(scope) {}

  DriftKind KindOf(const Difference& difference) const {
    if (!IsSeen(difference)) return DriftKind::kBeyondPrisma;
    if (difference.change == ChangeKind::kMissing) return DriftKind::kMissingMigration;
    if (IsPartlyExpressible(difference)) return DriftKind::kPrismaWouldChange;
    return difference.change == ChangeKind::kExtra ? DriftKind::kNotInSchema
                                                   : DriftKind::kMissingMigration;
  }

 private:
  // Whether Prisma sees a difference, and would create, drop or change the object.
  bool IsSeen(const Difference& difference) const {
    if (!PrismaCanName(difference.kind)) return false;
    switch (difference.change) {
      case ChangeKind::kMissing:
        return true;
      case ChangeKind::kExtra:
        return IsSeenAddition(difference);
      case ChangeKind::kChanged:
        break;
    }
    const std::string before = DefinitionIn(difference, expected_);
    const std::string after = DefinitionIn(difference, replayed_);
    return std::any_of(
        difference.properties.begin(), difference.properties.end(), [&](const auto& change) {
          return PrismaCanSay(change.property) &&
                 !(change.property == "definition" && AreSame(difference.kind, before, after));
        });
  }

  // Prisma reads neither indexes with expressions or predicates, checks, nor partitions.
  bool IsSeenAddition(const Difference& difference) const {
    const std::string definition = DefinitionIn(difference, replayed_);
    if (difference.kind == "index") return IsSeenIndex(definition, scope_);
    if (difference.kind == "constraint") return sql::PrismaKey(definition).has_value();
    return difference.kind != "table" || !Contains(difference.b, "partition of ");
  }

  bool AreSame(const std::string& kind, const std::string& before, const std::string& after) const {
    if (kind == "index") return AreSameIndexForPrisma(before, after, scope_);
    if (kind != "constraint") return false;
    const auto key = sql::PrismaKey(before);
    return key && key == sql::PrismaKey(after);
  }

  bool IsPartlyExpressible(const Difference& difference) const {
    // An index or a key that differs from the schema's is replaced by the schema's.
    if (difference.change == ChangeKind::kChanged && difference.kind != "column") return false;
    const bool by_definition = difference.kind == "index" || difference.kind == "constraint";
    if (!by_definition) return DefinitionIsBeyond(difference.kind, difference.b);
    std::string definition = DefinitionIn(difference, replayed_);
    const size_t predicate = scope_.partial_indexes ? definition.find(" WHERE ") : definition.npos;
    return DefinitionIsBeyond(difference.kind, definition.substr(0, predicate));
  }

  const catalog::Snapshot& expected_;
  const catalog::Snapshot& replayed_;
  const PrismaScope& scope_;
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
           sql::ConstraintKindOf(other.Value("definition")) == sql::ConstraintKind::kUnique;
  });
}

// Without differences that the schema language makes unavoidable; empty if nothing remains.
std::vector<Difference> WithoutUnavoidable(const std::vector<Difference>& all,
                                           const catalog::Snapshot& replayed) {
  std::vector<Difference> kept;
  for (const Difference& difference : all) {
    if (IsUniqueConstraintOf(difference, all)) continue;
    // Only the default of a column makes Prisma create a sequence.
    if (difference.kind == "sequence" && difference.change == ChangeKind::kMissing) continue;
    Difference left = difference;
    std::erase_if(left.properties, [&](const catalog::PropertyChange& change) {
      return IsSameSet(change) || IsListNullability(difference, change, replayed);
    });
    if (difference.change == ChangeKind::kChanged && left.properties.empty()) continue;
    kept.push_back(std::move(left));
  }
  return kept;
}

bool IsDeclaredView(const Difference& difference, const PrismaScope& scope) {
  const bool is_view = difference.kind == "view" || difference.kind == "materialized view";
  if (!is_view || difference.change != ChangeKind::kExtra) return false;
  const std::vector<std::string> parts = catalog::PartsOf(difference.identity);
  const sql::ObjectName name{parts.size() > 1 ? parts.front() : std::string(), parts.back()};
  return std::ranges::find(scope.views, name) != scope.views.end();
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
    case DriftKind::kPrismaWouldChange:
      return "prisma_would_change";
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
    case DriftKind::kPrismaWouldChange:
      return "In the migrations and not fully expressible in schema.prisma; prisma migrate dev and "
             "prisma db push would drop or change it";
    case DriftKind::kBeyondPrisma:
      return "Only in the migrations; schema.prisma cannot express it, and Prisma leaves it alone";
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
    case DriftKind::kPrismaWouldChange:
      return "add to schema.prisma what it can express (prisma db pull prints it; for a generated "
             "column @default(dbgenerated())), or accept it: ballast schema check --accept";
    case DriftKind::kBeyondPrisma:
      return "nothing to do";
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
  const PrismaView seen = AsPrismaSees(expected, replayed, scope);
  std::vector<Difference> differences =
      WithoutUnavoidable(catalog::Diff(seen.expected, seen.replayed), seen.replayed);
  std::erase_if(differences,
                [&](const Difference& difference) { return IsDeclaredView(difference, scope); });
  RemoveRepeatedIndexes(seen.expected, seen.replayed, differences);
  const SchemaComparison comparison(seen.expected, seen.replayed, scope);
  return Classify(std::move(differences), ignored, [&](const Difference& difference) {
    return IsElsewhere(difference, scope.schemas) ? DriftKind::kBeyondPrisma
                                                  : comparison.KindOf(difference);
  });
}

std::vector<Drift> CompareHistoryWithDatabase(const catalog::Snapshot& replayed,
                                              const catalog::Snapshot& live,
                                              const std::vector<std::string>& ignored) {
  return Classify(catalog::DiffOnAnyDate(replayed, live), ignored, DatabaseDrift);
}

std::string AcceptanceOf(const Drift& drift) {
  return std::string(NameOf(drift.kind)) + ": " + catalog::Describe(drift.difference);
}

RemovedDrifts RemoveAccepted(const std::vector<std::string>& accepted, std::vector<Drift>& drifts) {
  const std::set<std::string> entries(accepted.begin(), accepted.end());
  std::set<std::string> unmatched = entries;
  RemovedDrifts removed;
  removed.count = std::erase_if(drifts, [&](const Drift& drift) {
    const std::string entry = AcceptanceOf(drift);
    unmatched.erase(entry);
    return entries.contains(entry);
  });
  removed.unmatched.assign(unmatched.begin(), unmatched.end());
  return removed;
}

bool IsDisagreement(const Drift& drift) {
  return drift.kind != DriftKind::kBeyondPrisma;
}

}  // namespace ballast::plan
