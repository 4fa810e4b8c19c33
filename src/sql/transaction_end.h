// SPDX-License-Identifier: Apache-2.0
// Statements that a script must not have if it runs inside a transaction of ballast's own, which
// compares the database before the script and after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::sql {

struct UnfitStatement {
  int line = 1;  // of the script
  std::string text;
  // Otherwise it changes a setting that the comparison needs: how values become text, the role,
  // row_security.
  bool controls_transaction = false;
};

// The first statement that begins or ends a transaction or a savepoint, also in a DO block, or that
// changes such a setting. Words decide, no grammar. A procedure that is called is not read, because
// the server does not let it end the transaction.
std::optional<UnfitStatement> UnfitForTransaction(std::string_view script);

}  // namespace ballast::sql
