// SPDX-License-Identifier: Apache-2.0
#include "sql/shifted_clock.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(ShiftedClockTest, AddsDaysToWhatAScriptReads) {
  const struct {
    const char* script;
    const char* shifted;
  } cases[] = {
      {"SELECT 'now', now, a.now(), \"now\"() -- now()", nullptr},
      {"SELECT now()", "SELECT (now() + pg_catalog.make_interval(days => 9))"},
      {"SELECT pg_catalog.Now()::date",
       "SELECT (pg_catalog.Now() + pg_catalog.make_interval(days => 9))::date"},
      {"SELECT CURRENT_DATE - 1", "SELECT (CURRENT_DATE + 9) - 1"},
      {"SELECT LOCALTIMESTAMP(3);",
       "SELECT (LOCALTIMESTAMP(3) + pg_catalog.make_interval(days => 9));"},
      {"DO $x$ BEGIN EXECUTE 'SELECT current_date, ''a b'''; END $x$;",
       "DO $x$ BEGIN EXECUTE 'SELECT (current_date + 9), ''a b'''; END $x$;"},
      {"SELECT E'current_date ', 'of today'", "SELECT E'(current_date + 9) ', 'of today'"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(WithShiftedClock(one.script, 9), one.shifted ? one.shifted : one.script);
  }
}

}  // namespace
}  // namespace ballast::sql
