// SPDX-License-Identifier: Apache-2.0
// In which order and in which portions the targets of a fleet are deployed. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/member.h"

namespace ballast::fleet {

struct Wave {
  std::string name;             // "canary", "wave 1"
  bool is_canary = false;       // one failure in it ends the deploy, whatever the budget
  std::vector<size_t> members;  // positions in the list
};

// The canaries of the list: a number takes the first so many, any other word the members of that
// group or of that name. Empty: none. B100 when the word names none.
Result<std::vector<size_t>> CanariesOf(const std::vector<Member>& members,
                                       const std::string& canary);

// Divides those members into waves, in their order: "10,100,rest" or "10%,50%,rest". Each word is
// the size of a wave; a percentage is of all given members, rounded up. What is left after the last
// word is one more wave. Empty: one wave. B100 for any other text.
Result<std::vector<Wave>> DivideIntoWaves(const std::vector<size_t>& members,
                                          const std::string& waves);

// How many targets may fail: "3" or "5%" of so many, rounded down. Empty: none. B100.
Result<size_t> FailureBudget(const std::string& budget, size_t members);

}  // namespace ballast::fleet
