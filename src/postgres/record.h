// SPDX-License-Identifier: Apache-2.0
// One row of a result, read by column names. Reading a column that the query does not have is an
// internal error.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "catalog/database.h"
#include "postgres/session.h"

namespace ballast::postgres {

class Record {
 public:
  Record(const Rows& rows, size_t row) : rows_(rows), row_(row) {}

  const Value& Get(std::string_view column) const {
    for (size_t at = 0; at < rows_.columns.size(); ++at) {
      if (rows_.columns[at] == column) return rows_.rows[row_][at];
    }
    CheckFailed(std::string(column).c_str(), __FILE__, __LINE__);
  }

  bool IsNull(std::string_view column) const { return !Get(column).has_value(); }
  std::string Text(std::string_view column) const { return Get(column).value_or(""); }
  bool Flag(std::string_view column) const { return IsTrue(Get(column)); }
  char Letter(std::string_view column) const {
    const Value& value = Get(column);
    return value && !value->empty() ? value->front() : '\0';
  }
  int64_t Number(std::string_view column) const {
    return std::strtoll(Text(column).c_str(), nullptr, 10);
  }
  uint32_t Oid(std::string_view column) const { return static_cast<uint32_t>(Number(column)); }

  // An array that the query has joined with \x1f; an empty text has no elements.
  std::vector<std::string> List(std::string_view column) const {
    const std::string text = Text(column);
    return text.empty() ? std::vector<std::string>() : Split(text, '\x1f');
  }

 private:
  const Rows& rows_;
  size_t row_;
};

template <class Take>
void ForEachRecord(const Rows& rows, Take take) {
  for (size_t row = 0; row < rows.rows.size(); ++row) take(Record(rows, row));
}

}  // namespace ballast::postgres
