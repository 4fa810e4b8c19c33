// SPDX-License-Identifier: Apache-2.0
// The part of the code that restores kept data which decides about the values of a column that the
// upgrade has added. Only for restore_kept_data_sql.cc, whose variables it uses.
#pragma once

#include <string>

namespace ballast::plan {

// Restricts `rows_to_set` where the scripts have computed values of the column. These can be newer
// than the kept ones, so that only rows get a kept value that nobody has written since the rollback
// or, with the same columns of the older release only, for which the scripts have computed none.
// Whether they compute values is seen by the values: others than a new column has.
std::string ComputedValuesBody();

// For a column whose values a sequence gives: rows without a kept value give way to the kept ones,
// with later numbers.
std::string NumberOthersBody();

}  // namespace ballast::plan
