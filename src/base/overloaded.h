// SPDX-License-Identifier: Apache-2.0
// Visits a variant with one lambda for each alternative.
#pragma once

namespace ballast {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace ballast
