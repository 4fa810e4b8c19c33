// SPDX-License-Identifier: Apache-2.0
#include "catalog/default_object_name.h"

#include "base/text.h"

namespace ballast::catalog {

std::string DefaultObjectName(std::string table, std::string column, const std::string& suffix) {
  constexpr size_t kLongest = 63;
  const size_t room = kLongest - suffix.size() - (column.empty() ? 1 : 2);
  size_t table_length = table.size();
  size_t column_length = column.size();
  while (table_length + column_length > room) {
    if (table_length > column_length) {
      --table_length;
    } else {
      --column_length;
    }
  }
  table.resize(CutToBytes(table, table_length).size());
  column.resize(CutToBytes(column, column_length).size());
  return column.empty() ? table + "_" + suffix : table + "_" + column + "_" + suffix;
}

}  // namespace ballast::catalog
