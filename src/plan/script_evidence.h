// SPDX-License-Identifier: Apache-2.0
// What a database has of the objects that scripts create.
#pragma once

#include <string>
#include <vector>

namespace ballast::plan {

// How much of a failed migration was applied.
enum class EffectsPresent { kAll, kPart, kNone, kUnknown };

struct FailureEvidence {
  std::string name;
  EffectsPresent effects = EffectsPresent::kUnknown;
  std::string reason = {};  // a sentence
  // Descriptions of objects that are as the script leaves them, and of those that are not.
  std::vector<std::string> present = {};
  std::vector<std::string> absent = {};
};

// Objects that scripts of the project create, as sentences name them: "table User".
struct ScriptObjects {
  std::vector<std::string> present;
  std::vector<std::string> missing;
};

}  // namespace ballast::plan
