// SPDX-License-Identifier: Apache-2.0
// Rows of the migrations that the tables of a live database do not have.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"
#include "proof/goal_state.h"

namespace ballast::change {

// What is inserted where a constraint refuses some of the rows as the table is now.
struct AcceptedRows {
  std::string insert;
  size_t inserted = 0;
  std::vector<std::string> refused;  // each of the others: '("id") = (3): why', in server's words
};

struct MissingRows {
  std::string table;  // quoted
  size_t count = 0;
  std::string insert;  // statements that insert them, except those that conflict with other rows
  // How many they insert, because other rows can have the same unique values; empty: not known.
  std::optional<size_t> inserted = {};
  // False: the keys differ between databases, so that it is not known which rows the table lacks.
  bool comparable = true;
  std::optional<AcceptedRows> accepted = {};  // empty: no constraint refuses any
  std::vector<std::string> triggers = {};     // enabled ones that run when rows are inserted
  bool exists = true;                         // the table, in its schema
  bool tried = true;                          // false: only because the triggers would have run
  std::vector<std::string> rules = {};        // because of which no row can be inserted
};

// What inserts them.
struct RestoredRows {
  std::vector<std::string> rows;     // "2 rows of \"Plan\""
  std::vector<std::string> tables;   // that get them
  std::vector<std::string> notices;  // sentences about those that are not inserted
  std::string script;
  size_t missing = 0;  // rows that the table does not get, as far as known
};

// `changes`: whether the change itself alters the quoted table, so that what refuses rows now may
// be removed before they are inserted.
RestoredRows RestoreRows(const std::vector<MissingRows>& missing,
                         const std::function<bool(const std::string& table)>& changes);

// The tables that lack rows of the goal: all rows, if the table is missing. `schema`: raw, that of
// tables without one, which can follow on the search_path. Inserting them is tried
// and rolled back; with `only_shows` not if a trigger would run, because it can advance sequences,
// which is not rolled back. `session` has row security off. B501 if policies hide rows; B602 and
// other errors as Session::Query for rows that cannot be read.
Result<std::vector<MissingRows>> FindMissingRows(const std::vector<proof::GoalRows>& goal,
                                                 const std::string& schema, bool only_shows,
                                                 postgres::Session& session);

}  // namespace ballast::change
