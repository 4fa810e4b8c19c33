// SPDX-License-Identifier: Apache-2.0
// Divides the targets of a fleet into waves. Pure.
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
  bool is_canary = false;       // one failure in it ends the deploy, regardless of the budget
  std::vector<size_t> members;  // indexes in the list
};

// The canaries of the list: a number selects that many members from the start; any other word
// selects the members of that group or the member of that name. Empty: none. B100 if nothing has
// that name.
Result<std::vector<size_t>> CanariesOf(const std::vector<Member>& members,
                                       const std::string& canary);

// Divides the members into waves, in order: "10,100,rest" or "10%,50%,rest". Each word is the size
// of a wave; a percentage is of `all`, the number of targets with the canaries, rounded up. The
// remaining members form one more wave. Empty: one wave. B100 for other texts.
Result<std::vector<Wave>> DivideIntoWaves(const std::vector<size_t>& members, size_t all,
                                          const std::string& waves);

// The number of targets that may fail: "3", or "5%" of `members`, rounded down. Empty: none. B100.
Result<size_t> FailureBudget(const std::string& budget, size_t members);

}  // namespace ballast::fleet
