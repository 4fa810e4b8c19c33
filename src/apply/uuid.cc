// SPDX-License-Identifier: Apache-2.0
#include "apply/uuid.h"

#include <random>
#include <string_view>

namespace ballast::apply {
namespace {

// Seeded once, because a deploy can need hundreds.
std::mt19937_64& Source() {
  thread_local std::mt19937_64 source = [] {
    std::random_device device;
    std::seed_seq seeds{device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seeds);
  }();
  return source;
}

}  // namespace

std::string RandomUuid() {
  std::uniform_int_distribution<int> digits(0, 15);
  std::uniform_int_distribution<int> variants(8, 11);
  std::string id;
  for (const char c : std::string_view("xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx")) {
    id += c == 'x'   ? "0123456789abcdef"[digits(Source())]
          : c == 'y' ? "0123456789abcdef"[variants(Source())]
                     : c;
  }
  return id;
}

}  // namespace ballast::apply
