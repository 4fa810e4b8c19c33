// SPDX-License-Identifier: Apache-2.0
// Findings that were reviewed and allowed: a comment `ballast:allow RULE[, RULE…] [reason]` in a
// script, or `allow = ["RULE", "RULE OBJECT-GLOB"]` under [lint] in ballast.toml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lint/rules.h"

namespace ballast::lint {

struct AllowComment {
  std::vector<Rule> rules;
  std::vector<std::string> unknown;  // names that are not rules
  // The mark is not the first word of the comment, or of a line of a block comment: it allows
  // nothing.
  bool in_sentence = false;
  int line = 0;
  // The 0-based index of the statement that the comment refers to: the next one, or the one that
  // ends on the comment's line. -1: it follows the last statement.
  int statement = -1;
};

// The comments of a script that have the mark, in order.
std::vector<AllowComment> AllowComments(std::string_view script);

struct AllowEntry {
  Rule rule = Rule::kUnknownRule;
  std::string object = "*";  // a glob on the object: "TaskRun", "TaskRun.status"
};

struct AllowList {
  std::vector<AllowEntry> entries;
  std::vector<std::string> unknown;  // entries whose rule does not exist
};
AllowList ParseAllowList(const std::vector<std::string>& entries);

}  // namespace ballast::lint
