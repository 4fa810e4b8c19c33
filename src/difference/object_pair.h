// SPDX-License-Identifier: Apache-2.0
// What happens to an object that one of the two databases has, or both. Only for this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace ballast::difference {

enum class ObjectAction {
  kKeep,
  kAlter,
  kCreate,
  kDrop,
  kRecreate,  // drop and create again
  kSkip       // handled by another object's statement
};

// Whether the object of the first database is dropped, for good or to be created again.
inline bool Drops(ObjectAction action) {
  return action == ObjectAction::kDrop || action == ObjectAction::kRecreate;
}

struct ObjectPair {
  std::optional<size_t> from;
  std::optional<size_t> to;
  ObjectAction action = ObjectAction::kKeep;
  // A type that columns use until they are converted: it is renamed first and dropped at the end.
  bool drop_deferred = false;
  std::string alter;  // for kAlter
};

}  // namespace ballast::difference
