// SPDX-License-Identifier: Apache-2.0
// What scripts need of the database that they run in: names that are free, and objects that nothing
// else depends on. Follows what earlier statements make, drop and rename, so that every name is the
// one in the database before the first script.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sql/name_space.h"
#include "sql/partition_bound.h"

namespace ballast::sql {

struct ScriptNeed {
  enum class Kind {
    kName,      // a statement creates the object, and fails if something has the name
    kDrop,      // a statement drops the object
    kRetype,    // a statement gives the column another type
    kDefault,   // a statement sets or drops the default or the expression of the column
    kIdentity,  // a statement drops the identity of the column, with its sequence
    kRename,    // a statement gives the object another name
    kMove,      // a statement gives the object another schema
    kReplace,   // a statement creates the object, or replaces one of that name (OR REPLACE)
  };
  Kind kind = Kind::kName;
  NameSpace space = NameSpace::kRelation;
  std::string schema;  // raw names; an empty schema is the session's
  std::string parent;  // the table of a column, constraint, trigger or policy; the enum of a value
  std::string name;
  // The argument types of a routine, in SQL. With any_arguments, the statement names none.
  std::vector<std::string> arguments;
  bool any_arguments = false;
  bool cascades = false;  // of kDrop: CASCADE
  bool only = false;      // of a column or constraint: not of the tables that inherit it
  std::string source;     // of kReplace: the body of a routine, if it is a string
  size_t script = 0;
  size_t statement = 0;  // over all scripts
  // The server runs the parts of one ALTER TABLE in passes, drops first. Below kPasses.
  size_t pass = 0;
  static constexpr size_t kPasses = 4;
};

// A partition that a statement makes or attaches, with the names before the first script.
struct PartitionNeed {
  NewPartition partition;
  size_t script = 0;
};

struct ScriptNeeds {
  std::vector<ScriptNeed> needs;
  std::vector<PartitionNeed> partitions;  // of tables that no script makes
  // The texts of the statements that were read, in lower case.
  std::vector<std::string> statements;
  std::vector<size_t> scripts_of_statements;  // for each: the script that it is in
  // False if reading ended early: at a statement that runs others (DO with EXECUTE, CALL), changes
  // the search_path or the role, or that the grammar cannot parse. Nothing is known about what
  // follows.
  bool complete = true;
};

ScriptNeeds NeedsOf(const std::vector<std::string_view>& scripts);

// Whether one of the first `count` statements contains all of these names as words.
bool NamedTogether(const ScriptNeeds& needs, size_t count, const std::vector<std::string>& names);

// Whether any statement contains the name as a word.
bool IsNamed(const ScriptNeeds& needs, const std::string& name);
// The same for a text in lower case.
bool ContainsWord(std::string_view lower, const std::string& name);

}  // namespace ballast::sql
