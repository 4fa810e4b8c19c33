// SPDX-License-Identifier: Apache-2.0
// The statements of a rollback: as text, and as the manifest records them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "difference/difference.h"
#include "release/previous_release.h"

namespace ballast::proof {

// The statements that are committed first, and then the others.
std::vector<difference::Statement> InOrderOfText(const difference::Script& script);
// The statements with their descriptions, and release::kCommitLine between the two transactions.
std::string RollbackText(const difference::Script& script);

// `statements` of a script that ballast wrote, in its order.
std::vector<release::RollbackStatement> RecordOfStatements(
    const std::vector<difference::Statement>& statements);

// The statements of `script`, which a package contains. Those that somebody wrote are undescribed
// (difference::UndescribedStatements), also if they have comments like those of ballast.
std::vector<difference::Statement> StatementsOf(const release::Rollback& record,
                                                const std::string& script);

// B512 if a script that somebody wrote has a statement that must not run inside the transaction of
// a rollback: transaction control, or a setting that its comparisons need. `name`: of the script.
Status RefuseUnfitStatements(const std::string& script, const std::string& name);
// The same for a script that a package contains, unless ballast has written all of it.
Status RefuseUnfitStatements(const release::Rollback& record, const std::string& script);

}  // namespace ballast::proof
