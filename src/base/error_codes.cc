// SPDX-License-Identifier: Apache-2.0
#include "base/error_codes.h"

#include <array>

namespace ballast {
namespace {

struct Entry {
  std::string_view code;
  ExitStatus status;
  std::string_view title;
};

constexpr auto kEntries = std::to_array<Entry>({
#define BALLAST_ERROR_ENTRY(name, code, status, title) {code, ExitStatus::status, title},
    BALLAST_ERROR_CODES(BALLAST_ERROR_ENTRY)
#undef BALLAST_ERROR_ENTRY
});

const Entry& EntryOf(ErrorCode code) {
  return kEntries.at(static_cast<size_t>(code));
}

}  // namespace

std::string_view CodeOf(ErrorCode code) {
  return EntryOf(code).code;
}
std::string_view TitleOf(ErrorCode code) {
  return EntryOf(code).title;
}
ExitStatus StatusOf(ErrorCode code) {
  return EntryOf(code).status;
}

}  // namespace ballast
