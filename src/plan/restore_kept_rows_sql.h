// SPDX-License-Identifier: Apache-2.0
// The part of the code that restores kept data which writes the rows of one copy. Only for
// restore_kept_data_sql.cc, whose variables it uses.
#pragma once

#include <string>

namespace ballast::plan {

// Carries out `actions`, the statements that write the rows: all rows with one statement, or else
// (in the last phase) those that the server accepts. Counts them in `restored`.
std::string WriteRowsBody();

// Deletes from the copy what the table has now, and adds what is left to `left_over`.
std::string ReportRowsBody();

}  // namespace ballast::plan
