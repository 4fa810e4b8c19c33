// SPDX-License-Identifier: Apache-2.0
// The script of a change. Its guards refuse to lose anything but the losses that were counted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/snapshot.h"
#include "difference/difference.h"
#include "proof/rollback_proof.h"
#include "release/previous_release.h"
#include "sql/evaluated_code.h"

namespace ballast::change {

// The statements of a change as text.
struct ChangeText {
  std::string first;  // committed before the rest; or empty
  std::string rest;
  // Only if `rest` may change rows: how many of a table (quoted) it may remove.
  std::optional<std::map<std::string, int64_t>> removable = {};
  std::optional<sql::EvaluatedCode> code = {};  // only if functions that it calls may change rows
};
ChangeText TextOf(const std::vector<difference::Statement>& statements);
ChangeText TextOf(const proof::ProvenRollback& rollback);

struct ScriptGuards {
  const std::vector<release::RollbackLoss>& losses;        // what the text may drop
  const std::vector<release::RollbackLoss>& without_data;  // those of them that must have no data
  std::string keep_data;                                   // SQL that runs before it; or empty
};

// `text.rest` with its guards; empty without statements.
std::string Guarded(const ChangeText& text, const ScriptGuards& guards);

// SQL that moves the data of `to_keep`, some of the `losses`, to ballast_kept. `schema`: the target
// schema, raw. `goal`: the state that the change leads to.
std::string KeepingSql(const std::string& schema, const std::vector<release::RollbackLoss>& to_keep,
                       const std::vector<release::RollbackLoss>& losses,
                       const catalog::Snapshot& goal);

}  // namespace ballast::change
