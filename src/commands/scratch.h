// SPDX-License-Identifier: Apache-2.0
// `ballast scratch -- COMMAND…`: provides a temporary database while a command runs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"

namespace ballast::commands {

struct ScratchOptions {
  std::vector<std::string> command;
  int major = 0;          // 0: the newest installed version
  bool deployed = false;  // deploy the project to it first
  // The same, as a copy of a template that the server keeps (commands/template_database.h).
  bool from_template = false;
};

struct ScratchReport {
  int exit_status = 0;  // of the command
  std::optional<Error> error;
};

// `deployed`: first deploys like `ballast deploy`; a refusal ends the command. COMMAND gets the
// database in the variables of scratch_variables.h, and inherits the standard streams; `before` is
// called first.
ScratchReport Scratch(const ScratchOptions& options, const project::Invocation& invocation,
                      const std::function<void()>& before);

}  // namespace ballast::commands
