// SPDX-License-Identifier: Apache-2.0
// The rules. Their names are promises, because scripts and ballast.toml refer to them. docs/lint.md
// has a section for each; a test compares the two lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::lint {

enum class Severity { kNotice, kWarning, kError };

// X(enumerator, name, usual severity, title)
#define BALLAST_LINT_RULES(X)                                                                    \
  X(kTableRewrite, "table-rewrite", kWarning, "a statement rewrites a table")                    \
  X(kIndexBlocksWrites, "index-blocks-writes", kWarning, "an index build blocks writes")         \
  X(kConstraintValidation, "constraint-validation", kWarning,                                    \
    "a whole table is scanned while it is locked")                                               \
  X(kHeavyTransaction, "heavy-transaction", kWarning,                                            \
    "one transaction contains several heavy statements")                                         \
  X(kMissingLockTimeout, "missing-lock-timeout", kNotice,                                        \
    "a script waits for locks without a timeout")                                                \
  X(kIndexDropBlocks, "index-drop-blocks", kNotice, "dropping an index blocks reads and writes") \
  X(kPartitionBlocks, "partition-blocks", kNotice,                                               \
    "creating, attaching or detaching a partition blocks the partitioned table")                 \
  X(kConcurrentlyWithOthers, "concurrently-with-others", kWarning,                               \
    "a concurrent statement shares its script with others")                                      \
  X(kBulkWrite, "bulk-write", kWarning, "one statement changes the rows of a whole table")       \
  X(kDropsTable, "drops-table", kError, "a table or view is dropped")                            \
  X(kDropsColumn, "drops-column", kError, "a column is dropped")                                 \
  X(kDeletesRows, "deletes-rows", kError, "rows are deleted")                                    \
  X(kRenamesTable, "renames-table", kError, "a table or view is renamed or moved")               \
  X(kRenamesColumn, "renames-column", kError, "a column is renamed")                             \
  X(kRequiredColumn, "required-column", kError,                                                  \
    "a column is added that needs a value and has no default")                                   \
  X(kSetsNotNull, "sets-not-null", kWarning, "a column no longer accepts NULL")                  \
  X(kDropsDefault, "drops-default", kNotice, "a column's default is dropped")                    \
  X(kNarrowsType, "narrows-type", kError, "a column's type becomes narrower")                    \
  X(kChangesType, "changes-type", kWarning, "a column gets a different type")                    \
  X(kRemovesEnumValue, "removes-enum-value", kError, "an enum value is removed")                 \
  X(kRenamesEnumValue, "renames-enum-value", kError, "an enum value is renamed")                 \
  X(kAddsUnique, "adds-unique", kWarning, "existing rows must be unique")                        \
  X(kLateMigration, "late-migration", kWarning,                                                  \
    "a migration sorts before one that is applied already")                                      \
  X(kEditedMigration, "edited-migration", kError, "an applied migration was edited")             \
  X(kRemovedMigration, "removed-migration", kWarning, "an applied migration was removed")        \
  X(kUnknownRule, "unknown-rule", kWarning, "a comment allows a rule that does not exist")

enum class Rule {
#define BALLAST_LINT_ENUMERATOR(enumerator, name, severity, title) enumerator,
  BALLAST_LINT_RULES(BALLAST_LINT_ENUMERATOR)
#undef BALLAST_LINT_ENUMERATOR
};

std::string_view NameOf(Rule rule);
std::string_view TitleOf(Rule rule);
Severity SeverityOf(Rule rule);
std::optional<Rule> RuleNamed(std::string_view name);
std::vector<Rule> AllRules();
// "; did you mean 'drops-table'?" for the first word of `entry`, or empty if no rule is near.
std::string DidYouMeanRule(std::string_view entry);

std::string_view NameOf(Severity severity);  // "notice", "warning", "error"

}  // namespace ballast::lint
