// SPDX-License-Identifier: Apache-2.0
// Effects of a creating or dropping statement on existing tables: its lock, and rows that can make
// it fail. Only for this folder.
#pragma once

#include "difference/database_definitions.h"
#include "difference/difference.h"

namespace ballast::difference {

// Fills in the effects of creating a definition of `to`. `existing`: both databases have its table,
// so the table can have rows.
void AddCreationEffects(const DatabaseDefinitions& from, const DatabaseDefinitions& to, size_t at,
                        bool existing, Statement& statement);

// Rows that prevent that a partition is attached: of the table itself, or of the default partition.
void AddAttachmentEffects(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                          const catalog::TableObject& partition, Statement& statement);

// The effects of adding a check to a table that has rows.
void AddCheckEffects(const catalog::TableObject& table, const catalog::TableConstraint& check,
                     Statement& statement);

// The steps in which a check can be added while the application runs, if there are any.
void AddOnlineCheck(const catalog::TableObject& table, const catalog::TableConstraint& check,
                    Statement& statement);

// The effects of a drop: the lock, and lost rows if it is a table.
void AddDropEffects(const DatabaseDefinitions& from, size_t at, Statement& statement);

// The value of a sequence, outside of its new limits. `name`: quoted, before the script runs.
void AddSequenceEffects(const std::string& name, const catalog::Sequence& sequence,
                        Statement& statement);

// Rows that make an ALTER of a definition of `to` fail: a VALIDATE CONSTRAINT, and an ALTER
// SEQUENCE with other limits.
void AddAlterEffects(const DatabaseDefinitions& from, const DatabaseDefinitions& to, size_t at,
                     Statement& statement);

}  // namespace ballast::difference
