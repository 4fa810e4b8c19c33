// SPDX-License-Identifier: Apache-2.0
// Annotations of GitHub Actions.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace ballast::cli {

// A line "::error file=…,line=…,title=…::message". `level`: "error", "warning" or "notice".
// `where`: the file from the top of the repository; an empty one gives an annotation of the job.
std::string WorkflowCommand(std::string_view level, const Place& where, const std::string& title,
                            const std::string& message);

// The path of a file from the top of the repository. `place`: as workspace::PlaceInRepository.
std::string FromTop(const std::string& place, const std::string& file);

}  // namespace ballast::cli
