// SPDX-License-Identifier: Apache-2.0
// What users put on the tables that extensions own. An extension's own indexes, triggers and rows
// are not marked as its members, so they are told apart by a database in which it was only created.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

// Indexes, constraints, triggers, rules and policies on tables of extensions, and a digest of the
// rows in each configuration table (pg_extension.extconfig): one in words each, sorted. The session
// looks from the target schema. Extensions have few tables: usually this is empty.
Result<std::vector<std::string>> ReadExtensionTableDependents(postgres::Session& session);

}  // namespace ballast::introspect
