// SPDX-License-Identifier: Apache-2.0
// An INSERT … SELECT that copies every row of a table to another one, also in a DO block.
#pragma once

#include <optional>
#include <string>

#include "lint/measurement.h"

namespace ballast::lint {

struct RowCopy {
  std::string target;  // raw, without schema
  // It has run wherever the table no longer exists after the script: it is no part of a block that
  // can be left out, or the same part drops the table afterwards.
  bool certain = false;
  bool in_block = false;
  bool is_locked = false;  // the block has locked the table before, to alter it
};

// nullopt if the statement copies no rows of the table, or can leave out some.
std::optional<RowCopy> CopyIn(const StatementTrace& at, Oid table);

}  // namespace ballast::lint
