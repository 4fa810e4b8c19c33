// SPDX-License-Identifier: Apache-2.0
#include "sql/copied_table.h"

#include <gtest/gtest.h>

#include <string>

namespace ballast::sql {
namespace {

TEST(CopiedTableTest, Table) {
  struct Case {
    const char* select;
    const char* table;  // empty: not all rows, or not only its rows
  };
  for (const Case& c : {
           Case{"SELECT * FROM old", "old"},
           Case{"TABLE old", "old"},
           Case{
               "SELECT id, lower(a) || 'x', coalesce(b, 0)::bigint FROM s.\"Old\" AS o ORDER BY id",
               "s.Old"},
           Case{"SELECT id, CASE WHEN a THEN 1 END, (SELECT max(b) FROM c) FROM ONLY old", "old"},
           Case{"SELECT id FROM old WHERE id > 0", ""},
           Case{"SELECT id FROM old LIMIT 3", ""},
           Case{"SELECT id FROM old OFFSET 3", ""},
           Case{"SELECT DISTINCT id FROM old", ""},
           Case{"SELECT id FROM old GROUP BY id", ""},
           Case{"SELECT max(id) FROM old", ""},
           Case{"SELECT id, unnest(a) FROM old", ""},
           Case{"SELECT id FROM old, empty", ""},
           Case{"SELECT id FROM old CROSS JOIN empty", ""},
           Case{"SELECT id FROM old TABLESAMPLE SYSTEM (1)", ""},
           Case{"SELECT id FROM old FOR UPDATE SKIP LOCKED", ""},
           Case{"SELECT id FROM (SELECT id FROM old) o", ""},
           Case{"SELECT id FROM old UNION SELECT id FROM old", ""},
           Case{"SELECT id FROM old ON CONFLICT DO NOTHING", ""},
           Case{"VALUES (1)", ""},
           Case{"SELECT id FROM", ""},
       }) {
    const auto table = CopiedTable(std::string("INSERT INTO t ") + c.select);
    const std::string name =
        !table ? "" : (table->schema.empty() ? "" : table->schema + ".") + table->name;
    EXPECT_EQ(name, c.table) << c.select;
  }
  EXPECT_FALSE(CopiedTable("WITH old AS (SELECT 1) INSERT INTO t SELECT * FROM old"));
  EXPECT_FALSE(CopiedTable("SELECT * FROM old"));
}

}  // namespace
}  // namespace ballast::sql
