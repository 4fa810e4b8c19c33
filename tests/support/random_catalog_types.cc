// SPDX-License-Identifier: Apache-2.0
// Random schemas, types and sequences.
#include <fmt/format.h>

#include "sql/quote.h"
#include "tests/support/random_catalog_parts.h"

namespace ballast::testing {
namespace {

std::string Place(RandomWorld& world) {
  return world.Schema() + "." + world.Fresh();
}

void MakeSchema(RandomWorld& world) {
  if (world.schemas.size() > 4) return;
  const std::string name = world.Fresh();
  world.Say("CREATE SCHEMA " + name);
  world.schemas.push_back(name);
  world.Known("SCHEMA", name);
}

void MakeEnum(RandomWorld& world) {
  const std::string name = Place(world);
  world.Say(fmt::format("CREATE TYPE {} AS ENUM ('A', 'b c', 'it''s', '\xC3\xA9', '')", name));
  if (world.random.OneIn(2)) {
    world.Say(fmt::format("ALTER TYPE {} ADD VALUE 'late {}' {} 'b c'", name, ++world.counter,
                          world.random.OneIn(2) ? "BEFORE" : "AFTER"));
  }
  world.types.push_back({name, {"'A'", "'it''s'", "''"}});
  world.Known("TYPE", name);
}

void MakeDomain(RandomWorld& world) {
  const std::string name = Place(world);
  const RandomType base = world.Type();
  world.Say(fmt::format("CREATE DOMAIN {} AS {}{}{}", name, base.name,
                        world.random.OneIn(2) ? " DEFAULT " + base.values.front() : "",
                        world.random.OneIn(2) ? fmt::format(" CONSTRAINT {} CHECK (VALUE IS NOT "
                                                            "NULL OR VALUE IS NULL)",
                                                            world.Fresh())
                                              : ""));
  if (world.random.OneIn(3)) {
    world.Say(fmt::format("ALTER DOMAIN {} ADD CONSTRAINT {} CHECK (VALUE::text <> 'zz') NOT VALID",
                          name, world.Fresh()));
  }
  world.types.push_back({name, base.values});
  world.Known("DOMAIN", name);
}

void MakeComposite(RandomWorld& world) {
  const std::string name = Place(world);
  world.Say(fmt::format("CREATE TYPE {} AS ({} integer, {} text COLLATE \"C\", gone date)", name,
                        world.Fresh(), world.Fresh()));
  if (world.random.OneIn(2)) world.Say(fmt::format("ALTER TYPE {} DROP ATTRIBUTE gone", name));
  world.types.push_back({name, {"NULL"}});
  world.Known("TYPE", name);
}

void MakeRange(RandomWorld& world) {
  const std::string name = Place(world);
  world.Say(fmt::format("CREATE TYPE {} AS RANGE (SUBTYPE = {})", name,
                        world.random.OneIn(2) ? "text, COLLATION = \"C\""
                                              : "float8, "
                                                "SUBTYPE_DIFF = "
                                                "float8mi"));
  world.types.push_back({name, {"'empty'", "'(,)'", "'[1,3)'"}});
  world.Known("TYPE", name);
}

void MakeSequence(RandomWorld& world) {
  const std::string name = Place(world);
  world.Say(fmt::format("CREATE SEQUENCE {} AS {} INCREMENT {} {}", name,
                        world.random.OneIn(2) ? "integer" : "bigint",
                        world.random.OneIn(2) ? "-3" : "7",
                        world.random.OneIn(2) ? "CYCLE CACHE 5" : ""));
  if (world.random.OneIn(2)) {
    world.Say(fmt::format("SELECT nextval({})", sql::QuoteLiteral(name)));
  }
  world.Known("SEQUENCE", name);
}

void MakeCollation(RandomWorld& world) {
  const std::string name = Place(world);
  world.Say(fmt::format("CREATE COLLATION {} FROM \"C\"", name));
  world.Known("COLLATION", name);
}

}  // namespace

std::vector<RandomMove> RandomTypeMoves() {
  return {MakeSchema, MakeEnum, MakeDomain, MakeComposite, MakeRange, MakeSequence, MakeCollation};
}

}  // namespace ballast::testing
