// SPDX-License-Identifier: Apache-2.0
// Reads values and attributes. What does not fit the grammar is left untouched, so that the caller
// can call the whole line invalid.
#pragma once

#include <optional>

#include "prisma/cursor.h"
#include "prisma/diagnostic.h"
#include "prisma/syntax.h"

namespace ballast::prisma {

class ValueParser {
 public:
  // Objects are part of the language since Prisma 7.
  enum class Objects { kRefused, kYes };

  ValueParser(Cursor& cursor, Objects objects, Diagnostics& diagnostics)
      : cursor_(cursor), objects_(objects), diagnostics_(diagnostics) {}

  // Unknown escapes in strings are reported; the value is still returned.
  std::optional<Value> TakeValue();

  // What follows the @ signs, which begin at `begin`: path and arguments.
  std::optional<Attribute> TakeAttribute(size_t begin);

  // A string with its escapes resolved.
  std::optional<std::string> TakeStringText();

 private:
  // The arguments between the parentheses of an attribute or a function.
  struct Arguments {
    std::vector<Argument> arguments;
    std::vector<Identifier> empty;
    std::optional<Span> trailing_comma;
  };

  std::optional<Arguments> TakeArguments();
  bool TakeArgument(Arguments& into);
  std::optional<Argument> TakeNamedArgument();
  std::optional<Value> TakeFunction();
  std::optional<Value> TakeArray();
  std::optional<Value> TakeObject();
  std::optional<Value> TakeString();

  Cursor& cursor_;
  Objects objects_;
  Diagnostics& diagnostics_;
  int depth_ = 0;
};

}  // namespace ballast::prisma
