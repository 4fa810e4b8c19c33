// SPDX-License-Identifier: Apache-2.0
#include "catalog/script_section.h"

#include <array>

namespace ballast::catalog {

std::string_view TitleOf(Step step) {
  static constexpr std::array kTitles = {
#define BALLAST_STEP_TITLE(name, title) std::string_view(title),
      BALLAST_STEPS(BALLAST_STEP_TITLE)
#undef BALLAST_STEP_TITLE
  };
  return kTitles[static_cast<size_t>(step)];
}

bool IsRoutine(Step step) {
  return step == Step::kCreateFunction || step == Step::kCreateProcedure ||
         step == Step::kCreateAggregate;
}

}  // namespace ballast::catalog
