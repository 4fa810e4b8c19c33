// SPDX-License-Identifier: Apache-2.0
// Whether a script limits how long its statements wait for locks.
#pragma once

#include <cstddef>
#include <optional>

#include "lint/measurement.h"

namespace ballast::lint {

// Reads the statements of a script in order. SET, RESET and DISCARD ALL change lock_timeout, and so
// does set_config(); what is local lasts until the transaction ends. Zero and the default limit
// nothing.
class LockTimeouts {
 public:
  void Read(const StatementTrace& trace);
  // After the statement that was read last.
  bool limited() const { return local_.value_or(session_); }

 private:
  void Set(bool local, bool limited);

  bool session_ = false;
  std::optional<bool> local_;
  size_t transaction_ = 0;
};

}  // namespace ballast::lint
