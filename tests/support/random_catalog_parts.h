// SPDX-License-Identifier: Apache-2.0
// What the generator of random catalogs knows of the database that it makes.
#pragma once

#include <string>
#include <vector>

#include "tools/sample/random.h"

namespace ballast::testing {

struct RandomType {
  std::string name;                 // as written
  std::vector<std::string> values;  // literals without a cast
};

struct RandomColumn {
  std::string name;
  RandomType type;
  bool generated = false;
};

struct RandomTable {
  std::string schema;
  std::string name;
  std::vector<RandomColumn> columns;
  bool has_key = false;     // a primary key on its first column alone
  bool in_tree = false;     // of partitions: its columns are the tree's
  std::string parent = {};  // of a child by INHERITS, as written when it was made
  std::string Place() const { return schema + "." + name; }
};

struct RandomNamed {
  std::string kind;  // as ALTER and COMMENT ON say it: "TABLE", "FUNCTION"
  std::string place;
};

// The random choices and what they have made so far.
struct RandomWorld {
  RandomWorld(uint64_t seed, int server_major) : random(seed), major(server_major) {}

  std::string Fresh();   // a new, odd, quoted name
  std::string Schema();  // one that is there
  std::string Role();
  RandomType Type();  // built in or made
  std::string Literal(const RandomType& type);
  void Say(std::string statement) { statements.push_back(std::move(statement)); }
  void Known(std::string kind, std::string place) {
    objects.push_back({std::move(kind), std::move(place)});
  }
  RandomTable& Table() { return random.Pick(tables); }

  sample::Random random;
  int major;
  int counter = 0;
  std::vector<std::string> statements;
  std::vector<std::string> schemas = {"public"};
  std::vector<RandomType> types;
  std::vector<RandomTable> tables;
  std::vector<RandomTable> views;
  std::vector<RandomNamed> objects;
  std::vector<std::string> functions;  // "public.\"f\"(integer)": returns integer
};

using RandomMove = void (*)(RandomWorld&);
std::vector<RandomMove> RandomTypeMoves();
std::vector<RandomMove> RandomTableMoves();
std::vector<RandomMove> RandomAlterMoves();
std::vector<RandomMove> RandomCodeMoves();
std::vector<RandomMove> RandomPrivilegeMoves();

}  // namespace ballast::testing
