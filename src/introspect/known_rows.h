// SPDX-License-Identifier: Apache-2.0
// Rows that are recognized by their keys in another database. A key is written as the literals of
// its values ('1', 'a'), which do not depend on the settings of the session or the database.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::introspect {

// The answer to one query that prints values in the same way everywhere; afterwards the session
// prints them as before. Errors as Session::Query.
Result<postgres::Rows> QueryFixedTexts(postgres::Session& session, const std::string& query);

// SQL: the key of a row, which has these quoted columns; an empty text without columns.
std::string KeySql(const std::vector<std::string>& columns);

// The keys of all rows of ONLY the quoted table. Errors as Session::Query.
Result<std::vector<std::string>> ReadKeys(postgres::Session& session, const std::string& table,
                                          const std::vector<std::string>& columns);

// Those of the keys that the quoted table has; it looks them up in portions. `columns`: at least
// one. Errors as Session::Query.
Result<std::set<std::string>> FindKeys(postgres::Session& session, const std::string& table,
                                       const std::vector<std::string>& columns,
                                       const std::vector<std::string>& keys);

// The rules for which the server refuses INSERT … ON CONFLICT into the quoted table, by name,
// quoted; none if the table does not exist. Errors as Session::Query.
Result<std::vector<std::string>> RulesAgainstOnConflict(postgres::Session& session,
                                                        const std::string& table);

}  // namespace ballast::introspect
