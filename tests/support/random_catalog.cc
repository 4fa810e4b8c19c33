// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_catalog.h"

#include <fmt/format.h>

#include "sql/quote.h"
#include "tests/support/random_catalog_parts.h"

namespace ballast::testing {
namespace {

const std::vector<std::string>& OddNames() {
  static const std::vector<std::string> names = {"plain",
                                                 "User",
                                                 "with space",
                                                 "quo\"te",
                                                 "dot.ted",
                                                 "\xC3\xBCn\xC3\xAF",
                                                 "select",
                                                 "$1",
                                                 "back\\slash",
                                                 "'apos'",
                                                 "%I",
                                                 "-- dash",
                                                 "/* c",
                                                 "semi;col",
                                                 "UPPER",
                                                 "a\tb",
                                                 "{b}",
                                                 "table",
                                                 "ev\xF0\x9F\x98\x80",
                                                 "$$",
                                                 "a,b",
                                                 "(p)",
                                                 "x"};
  return names;
}

// Literals that are awkward to write, sort or carry.
const std::vector<RandomType>& BuiltInTypes() {
  static const std::vector<RandomType> types = {
      {"integer", {"0", "-1", "2147483647", "-2147483648"}},
      {"bigint", {"9223372036854775807", "-5"}},
      {"smallint", {"-32768", "3"}},
      {"text", {"''", "'a''b'", "E'l1\\nl2\\t\\\\'", "'\xC3\xA9\xF0\x9F\x98\x80'", "'$$ -- /*'"}},
      {"varchar(20)", {"'x'", "' pad '"}},
      {"character(4)", {"'ab'", "''"}},
      {"boolean", {"true", "false"}},
      {"numeric(10,2)", {"1.50", "-99999999.99", "'NaN'"}},
      {"numeric", {"'NaN'", "1e-30", "123456789012345678901234567890.1"}},
      {"real", {"'Infinity'", "1.1", "'-0'"}},
      {"double precision", {"'NaN'", "'-Infinity'", "1e-310", "0.1"}},
      {"date", {"'infinity'", "'0044-03-15 BC'", "'2020-02-29'"}},
      {"timestamp(3) without time zone", {"'2020-01-01 00:00:00.123'", "'-infinity'"}},
      {"timestamp with time zone", {"'2020-06-01 12:00:00.123456+02'", "'infinity'"}},
      {"time(0) without time zone", {"'24:00:00'", "'01:02:03'"}},
      {"interval day to second(2)", {"'1 day 02:03:04.05'"}},
      {"interval", {"'1 year -3 days'", "'-00:00:01'"}},
      {"uuid", {"'00000000-0000-0000-0000-000000000001'"}},
      {"jsonb", {"'{\"a\": [1, null]}'", "'null'"}},
      {"json", {"'{ \"b\" :1}'"}},
      {"bytea", {"'\\x00ff27'", "''"}},
      {"text[]", {"'{}'", "'{a,NULL,\"q\\\"x\"}'", "'[2:3]={x,y}'"}},
      {"integer[]", {"'{{1,2},{3,4}}'", "'{NULL}'"}},
      {"inet", {"'10.0.0.1/8'", "'::1'"}},
      {"bit(4)", {"B'1010'"}},
      {"bit varying(9)", {"B'1'"}},
      {"int4range", {"'[1,5)'", "'empty'"}},
      {"tstzrange", {"'[2020-01-01 00:00+00,)'"}},
      {"point", {"'(1,2)'"}},
      {"money", {"'12.34'"}},
      {"tsvector", {"'a:1 b:2'"}},
      {"xml", {"'<a>b</a>'"}},
      {"name", {"'n'"}},
      {"oid", {"4000000000"}},
      {"\"char\"", {"'c'"}},
      {"regclass", {"'pg_class'"}},
      {"text COLLATE \"C\"", {"'c'", "'B'"}},
      {"citext", {"'Ab'"}},
      {"hstore", {"'a=>1, \"b c\"=>NULL'"}}};
  return types;
}

// What most moves need; then random moves, tables and changes more often than others.
void MakeBeginning(RandomWorld& world) {
  for (const char* name : {"citext", "hstore", "pg_trgm", "btree_gist"}) {
    world.Say(fmt::format("CREATE EXTENSION {}", name));
  }
  for (const RandomMove move : RandomTypeMoves()) move(world);
  for (int i = 0; i < 4; ++i) RandomTableMoves().front()(world);
}

void MakeMoves(RandomWorld& world, int length) {
  const std::vector<std::vector<RandomMove>> rooms = {
      RandomTypeMoves(),  RandomTableMoves(), RandomTableMoves(),    RandomAlterMoves(),
      RandomAlterMoves(), RandomCodeMoves(),  RandomPrivilegeMoves()};
  while (static_cast<int>(world.statements.size()) < length) {
    world.random.Pick(world.random.Pick(rooms))(world);
  }
}

}  // namespace

std::string RandomWorld::Fresh() {
  std::string name = random.Pick(OddNames()) + std::to_string(++counter);
  if (random.OneIn(15)) name.insert(0, 63 - name.size(), 'l');
  return sql::QuoteIdentifier(name);
}

std::string RandomWorld::Schema() {
  return random.OneIn(2) ? "public" : random.Pick(schemas);
}

std::string RandomWorld::Role() {
  return random.Pick(RandomCatalogRoles());
}

RandomType RandomWorld::Type() {
  if (!types.empty() && random.OneIn(4)) return random.Pick(types);
  return random.OneIn(3) ? BuiltInTypes().front() : random.Pick(BuiltInTypes());
}

std::string RandomWorld::Literal(const RandomType& type) {
  return random.OneIn(6) ? "NULL" : random.Pick(type.values);
}

std::vector<std::string> RandomCatalogRoles() {
  return {"random_plain", "\"Random Odd\"", "\"random.dot\""};
}

std::vector<std::string> RandomCatalog(uint64_t seed, int major, int length) {
  RandomWorld world(seed, major);
  MakeBeginning(world);
  MakeMoves(world, length);
  return world.statements;
}

}  // namespace ballast::testing
