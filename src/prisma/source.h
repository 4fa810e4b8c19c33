// SPDX-License-Identifier: Apache-2.0
// The source of a schema: files, and positions in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ballast::prisma {

struct SchemaFile {
  std::string path;  // as shown in messages
  std::string text;
};

// Bytes [begin, end) of one file of the schema.
struct Span {
  uint32_t file = 0;
  size_t begin = 0;
  size_t end = 0;

  bool operator==(const Span&) const = default;
};

}  // namespace ballast::prisma
