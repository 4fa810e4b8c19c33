// SPDX-License-Identifier: Apache-2.0
// Names that migrations exchange (two columns of one type, two tables of one shape, two values of
// an enum). The catalogs before and after are equal, so that no difference of them changes the
// names back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::proof {

struct ObjectNameNow {
  std::string name;         // without that of the table or type that it belongs to
  std::string description;  // 'column "User"."first"'
};

// By identity: what a rename does not change.
using NamesNow = std::map<std::string, ObjectNameNow>;

// The names of the tables, sequences, columns and enum values of users. Errors as Session::Query.
Result<NamesNow> ReadNames(postgres::Session& session);

// Descriptions of the objects in `before` that have another name in `now`, sorted.
std::vector<std::string> ExchangedNames(const NamesNow& before, const NamesNow& now);

// The names in the course of a proof.
struct NamesOnTheWay {
  const NamesNow& before;   // in the newer state
  const NamesNow& renamed;  // after the renames of the script; empty: it has none
  const NamesNow& back;     // in the older state
  const NamesNow& now;      // after the upgrade that follows
};

// Descriptions of the values of enums that the upgrade makes of others than those that the rollback
// makes of them, sorted: a rollback that replaces a type converts its values by their names.
std::vector<std::string> ExchangedValues(const NamesOnTheWay& names);

}  // namespace ballast::proof
