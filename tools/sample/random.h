// SPDX-License-Identifier: Apache-2.0
// The same numbers from the same seed on every machine (the standard library's distributions are
// not): splitmix64.
#pragma once

#include <cstdint>
#include <vector>

namespace ballast::sample {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  size_t Below(size_t limit) { return static_cast<size_t>(Next() % limit); }
  bool OneIn(size_t n) { return Below(n) == 0; }

  template <class T>
  T& Pick(std::vector<T>& from) {
    return from[Below(from.size())];
  }
  template <class T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  uint64_t state_;
};

}  // namespace ballast::sample
