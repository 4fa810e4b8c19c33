// SPDX-License-Identifier: Apache-2.0
// SHA-256: the only hash used, for checksums of files and for fingerprints.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ballast {

// 64 lower-case hex digits.
std::string Sha256Hex(std::string_view bytes);

// The same for input that arrives in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);
  std::string FinishHex();  // call once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast
