// SPDX-License-Identifier: Apache-2.0
// Random schemas, types and sequences.
#include <fmt/format.h>

#include "sql/quote.h"
#include "tests/support/random_catalog_parts.h"

namespace ballast::testing {
namespace {

std::string Place(RandomWorld& invocation) {
  return invocation.Schema() + "." + invocation.Fresh();
}

void MakeSchema(RandomWorld& invocation) {
  if (invocation.schemas.size() > 4) return;
  const std::string name = invocation.Fresh();
  invocation.Say("CREATE SCHEMA " + name);
  invocation.schemas.push_back(name);
  invocation.Known("SCHEMA", name);
}

void MakeEnum(RandomWorld& invocation) {
  const std::string name = Place(invocation);
  invocation.Say(fmt::format("CREATE TYPE {} AS ENUM ('A', 'b c', 'it''s', '\xC3\xA9', '')", name));
  if (invocation.random.OneIn(2)) {
    invocation.Say(fmt::format("ALTER TYPE {} ADD VALUE 'late {}' {} 'b c'", name,
                               ++invocation.counter,
                               invocation.random.OneIn(2) ? "BEFORE" : "AFTER"));
  }
  invocation.types.push_back({name, {"'A'", "'it''s'", "''"}});
  invocation.Known("TYPE", name);
}

void MakeDomain(RandomWorld& invocation) {
  const std::string name = Place(invocation);
  const RandomType base = invocation.Type();
  invocation.Say(fmt::format("CREATE DOMAIN {} AS {}{}{}", name, base.name,
                             invocation.random.OneIn(2) ? " DEFAULT " + base.values.front() : "",
                             invocation.random.OneIn(2)
                                 ? fmt::format(" CONSTRAINT {} CHECK (VALUE IS NOT "
                                               "NULL OR VALUE IS NULL)",
                                               invocation.Fresh())
                                 : ""));
  if (invocation.random.OneIn(3)) {
    invocation.Say(
        fmt::format("ALTER DOMAIN {} ADD CONSTRAINT {} CHECK (VALUE::text <> 'zz') NOT VALID", name,
                    invocation.Fresh()));
  }
  invocation.types.push_back({name, base.values});
  invocation.Known("DOMAIN", name);
}

void MakeComposite(RandomWorld& invocation) {
  const std::string name = Place(invocation);
  invocation.Say(fmt::format("CREATE TYPE {} AS ({} integer, {} text COLLATE \"C\", gone date)",
                             name, invocation.Fresh(), invocation.Fresh()));
  if (invocation.random.OneIn(2))
    invocation.Say(fmt::format("ALTER TYPE {} DROP ATTRIBUTE gone", name));
  invocation.types.push_back({name, {"NULL"}});
  invocation.Known("TYPE", name);
}

void MakeRange(RandomWorld& invocation) {
  const std::string name = Place(invocation);
  invocation.Say(fmt::format("CREATE TYPE {} AS RANGE (SUBTYPE = {})", name,
                             invocation.random.OneIn(2) ? "text, COLLATION = \"C\""
                                                        : "float8, "
                                                          "SUBTYPE_DIFF = "
                                                          "float8mi"));
  invocation.types.push_back({name, {"'empty'", "'(,)'", "'[1,3)'"}});
  invocation.Known("TYPE", name);
}

void MakeSequence(RandomWorld& invocation) {
  const std::string name = Place(invocation);
  invocation.Say(fmt::format("CREATE SEQUENCE {} AS {} INCREMENT {} {}", name,
                             invocation.random.OneIn(2) ? "integer" : "bigint",
                             invocation.random.OneIn(2) ? "-3" : "7",
                             invocation.random.OneIn(2) ? "CYCLE CACHE 5" : ""));
  if (invocation.random.OneIn(2)) {
    invocation.Say(fmt::format("SELECT nextval({})", sql::QuoteLiteral(name)));
  }
  invocation.Known("SEQUENCE", name);
}

void MakeCollation(RandomWorld& invocation) {
  const std::string name = Place(invocation);
  invocation.Say(fmt::format("CREATE COLLATION {} FROM \"C\"", name));
  invocation.Known("COLLATION", name);
}

}  // namespace

std::vector<RandomMove> RandomTypeMoves() {
  return {MakeSchema, MakeEnum, MakeDomain, MakeComposite, MakeRange, MakeSequence, MakeCollation};
}

}  // namespace ballast::testing
