// SPDX-License-Identifier: Apache-2.0
// Names that migrations exchange (two columns of one type, two tables of one shape, two values of
// an enum, two schemas). The catalogs before and after are equal, so that no difference of them
// changes the names back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::proof {

struct ObjectNameNow {
  std::string name;           // without that of the table or type that it belongs to
  std::string description;    // 'column "User"."first"'
  bool is_attribute = false;  // of a composite type
  // Of a relation. A migration can rename a schema and can make a schema of the same name again.
  std::string schema_oid = {};
  std::string schema = {};

  // Whether both have the same name, in the same schema or in one of the same name.
  bool IsNamed(const ObjectNameNow& other) const {
    return name == other.name && (schema_oid == other.schema_oid || schema == other.schema);
  }
};

// By identity: what a rename does not change.
using NamesNow = std::map<std::string, ObjectNameNow>;

// The names of users' schemas, tables, sequences, columns, attributes of composite types and enum
// values. Errors as Session::Query.
Result<NamesNow> ReadNames(postgres::Session& session);

// Descriptions of the objects in `before` that have another name in `now`, sorted.
std::vector<std::string> ExchangedNames(const NamesNow& before, const NamesNow& now);

// The names in the course of a proof.
struct NamesOnTheWay {
  const NamesNow& before;   // in the newer state
  const NamesNow& renamed;  // after the renames of the script; without any, as before
  const NamesNow& back;     // in the older state
  const NamesNow& now;      // after the upgrade that follows
};

// Descriptions of the values of enums that the upgrade makes of others than those that the rollback
// makes of them, sorted: a rollback that replaces a type converts its values by their names.
std::vector<std::string> ExchangedValues(const NamesOnTheWay& names);

// The attributes of types that a rollback makes again: each gets the values of the attribute with
// its name. Those to which the upgrade after it does not give the name back that their values had
// before. Descriptions, sorted.
std::vector<std::string> ExchangedAttributes(const NamesOnTheWay& names);

}  // namespace ballast::proof
