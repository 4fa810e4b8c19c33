// SPDX-License-Identifier: Apache-2.0
// Result<T> holds a value or an Error. No exception leaves a folder of src/.
#pragma once

#include <cstdlib>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace ballast {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  template <class U>
  requires(std::is_convertible_v<U, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, T> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only when ok().
  T& value() & { return BALLAST_CHECK(ok()), std::get<0>(state_); }
  const T& value() const& { return BALLAST_CHECK(ok()), std::get<0>(state_); }
  T&& value() && { return BALLAST_CHECK(ok()), std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  // Only when not ok().
  const Error& error() const& { return BALLAST_CHECK(!ok()), std::get<1>(state_); }
  Error&& error() && { return BALLAST_CHECK(!ok()), std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// A Result that carries no value: Status() is success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return BALLAST_CHECK(!ok()), *error_; }
  Error&& error() && { return BALLAST_CHECK(!ok()), std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace ballast

#define BALLAST_CONCAT_INNER(a, b) a##b
#define BALLAST_CONCAT(a, b) BALLAST_CONCAT_INNER(a, b)

// TRY(status): returns the error from the enclosing function, or continues.
#define TRY(expression) TRY_AS(BALLAST_CONCAT(ballast_try_, __LINE__), expression)
#define TRY_AS(name, expression)                    \
  do {                                              \
    auto name = (expression);                       \
    if (!name.ok()) return std::move(name).error(); \
  } while (false)

// TRY_ASSIGN(auto x, Make()): x is the value, or the error is returned.
#define TRY_ASSIGN(declaration, expression) \
  TRY_ASSIGN_AS(BALLAST_CONCAT(ballast_try_, __LINE__), declaration, expression)
#define TRY_ASSIGN_AS(name, declaration, expression) \
  auto name = (expression);                          \
  if (!name.ok()) return std::move(name).error();    \
  declaration = std::move(name).value()
