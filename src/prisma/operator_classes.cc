// SPDX-License-Identifier: Apache-2.0
#include "prisma/operator_classes.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ballast::prisma {
namespace {

// Types of BRIN classes, with the kinds that each has.
struct BrinType {
  std::string_view type;
  bool bloom;
  bool minmax;
  bool multi;
};

constexpr std::array<BrinType, 19> kBrinTypes = {{{"Bit", false, true, false},
                                                  {"VarBit", false, true, false},
                                                  {"Bpchar", true, true, false},
                                                  {"Bytea", true, true, false},
                                                  {"Text", true, true, false},
                                                  {"Date", true, true, true},
                                                  {"Float4", true, true, true},
                                                  {"Float8", true, true, true},
                                                  {"Inet", true, true, true},
                                                  {"Int2", true, true, true},
                                                  {"Int4", true, true, true},
                                                  {"Int8", true, true, true},
                                                  {"Numeric", true, true, true},
                                                  {"Oid", true, true, true},
                                                  {"Time", true, true, true},
                                                  {"TimeTz", true, true, true},
                                                  {"Timestamp", true, true, true},
                                                  {"TimestampTz", true, true, true},
                                                  {"Uuid", true, true, true}}};

constexpr std::array<OperatorClassSnapshot, 6> kPlain = {
    {{"InetOps", "Inet", ""},
     {"JsonbOps", "Jsonb", ""},
     {"JsonbPathOps", "Jsonb", "Path"},
     {"ArrayOps", "Array", ""},
     {"TextOps", "Text", ""},
     {"InetInclusionOps", "Inet", "Inclusion"}}};

bool Has(const BrinType& type, std::string_view kind) {
  return (kind == "Bloom" && type.bloom) || (kind == "MinMax" && type.minmax) ||
         (kind == "MinMaxMulti" && type.multi);
}

}  // namespace

std::optional<OperatorClassSnapshot> FindOperatorClass(std::string_view name) {
  const auto plain = std::find_if(kPlain.begin(), kPlain.end(),
                                  [&](const auto& snapshot) { return snapshot.name == name; });
  if (plain != kPlain.end()) return *plain;
  if (!name.ends_with("Ops")) return std::nullopt;
  const std::string_view stem = name.substr(0, name.size() - 3);
  for (const BrinType& type : kBrinTypes) {
    if (!stem.starts_with(type.type)) continue;
    const std::string_view kind = stem.substr(type.type.size());
    if (Has(type, kind)) return OperatorClassSnapshot{name, type.type, kind};
  }
  return std::nullopt;
}

std::string SqlNameOf(const OperatorClassSnapshot& snapshot) {
  std::string sql = ToLowerAscii(snapshot.type);
  if (snapshot.rest == "MinMaxMulti") {
    sql += "_minmax_multi";
  } else if (!snapshot.rest.empty()) {
    sql += "_" + ToLowerAscii(snapshot.rest);
  }
  return sql + "_ops";
}

}  // namespace ballast::prisma
