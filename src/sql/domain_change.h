// SPDX-License-Identifier: Apache-2.0
// What ALTER DOMAIN changes, by PostgreSQL's grammar.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/object_name.h"

namespace ballast::sql {

enum class DomainChangeKind { kAddConstraint, kSetNotNull, kOther };

struct DomainChange {
  DomainChangeKind kind = DomainChangeKind::kOther;
  ObjectName domain;
  std::string constraint;  // raw; empty: PostgreSQL chooses the name, or it is none
};

// nullopt if the statement is no ALTER DOMAIN, or one with RENAME, OWNER or SET SCHEMA.
std::optional<DomainChange> ReadDomainChange(std::string_view statement);

}  // namespace ballast::sql
