// SPDX-License-Identifier: Apache-2.0
#include "release/nul_byte.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ballast::release {

Status CheckNoNulByte(std::string_view script, const std::string& file) {
  const size_t offset = script.find('\0');
  if (offset == std::string_view::npos) return {};
  return MakeError(ErrorCode::kNulByte,
                   fmt::format("{} has a NUL byte at byte offset {}, which PostgreSQL does not "
                               "accept; nothing was changed",
                               file, offset),
                   "save the file without NUL bytes, as UTF-8", {file, LineAt(script, offset)});
}

}  // namespace ballast::release
