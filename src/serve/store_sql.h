// SPDX-License-Identifier: Apache-2.0
// The statements of a store. They are the same for SQLite and PostgreSQL.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "serve/store.h"

namespace ballast::serve {

using StoreParameter = std::variant<int64_t, std::string>;

struct StoreAnswer {
  std::vector<std::vector<std::string>> rows;  // all values as text
  int64_t changed = 0;                         // number of rows
};

// A database with the tables `runs` and `samples`. Used by one thread at a time.
class StoreDatabase {
 public:
  virtual ~StoreDatabase() = default;

  // The name of one of the tables in statements.
  virtual std::string Table(const std::string& name) const = 0;
  // A query of the elements of a parameter that is a JSON array of texts.
  virtual std::string ElementsOf(const std::string& parameter) const = 0;
  // Runs one statement. ?1 is its first parameter, and so on.
  virtual Result<StoreAnswer> Ask(const std::string& sql,
                                  const std::vector<StoreParameter>& parameters) = 0;
};

std::unique_ptr<Store> MakeStore(std::unique_ptr<StoreDatabase> database);

}  // namespace ballast::serve
