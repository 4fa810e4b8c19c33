// SPDX-License-Identifier: Apache-2.0
#include "lint/row_copy.h"

#include "sql/classify.h"
#include "sql/copied_table.h"
#include "sql/renames.h"
#include "sql/statements_of_block.h"

namespace ballast::lint {
namespace {

using sql::ObjectName;
using sql::StatementKind;

// A statement of a block as lint reads those of scripts.
sql::Statement StatementIn(const std::string& text) {
  const std::vector<sql::Statement> read = sql::ReadScript(text);
  return read.size() == 1 ? read.front() : sql::Statement();
}

class CopyOfBlock {
 public:
  explicit CopyOfBlock(const Relation& table) : source_{table.schema, table.name} {}

  std::optional<RowCopy> Find(std::string_view block) {
    for (const sql::BlockStatement& inner : sql::StatementsOfBlock(block)) {
      const sql::Statement statement = StatementIn(inner.text);
      switch (statement.kind) {
        case StatementKind::kAlterTable:
          Alter(statement);
          break;
        case StatementKind::kInsert:
          Insert(statement, inner);
          break;
        case StatementKind::kDropTable:
          if (copy_ && IsSource(statement.object) && inner.branch == branch_) {
            copy_->certain = true;
          }
          break;
        default:
          break;
      }
    }
    return std::move(copy_);
  }

 private:
  bool IsSource(const ObjectName& name) const {
    return name.name == source_.name && (name.schema.empty() || name.schema == source_.schema);
  }

  void Alter(const sql::Statement& statement) {
    if (!IsSource(statement.object)) return;
    is_locked_ = true;
    for (const sql::Rename& rename : sql::RenamesIn(statement.text)) {
      if (rename.column.empty()) source_.name = rename.to;
    }
  }

  void Insert(const sql::Statement& statement, const sql::BlockStatement& inner) {
    const std::optional<ObjectName> copied = sql::CopiedTable(statement.text);
    if (copy_ || !copied || !IsSource(*copied)) return;
    copy_ = RowCopy{statement.object.name, inner.branch == 0, true, is_locked_};
    branch_ = inner.branch;
  }

  ObjectName source_;
  bool is_locked_ = false;
  std::optional<RowCopy> copy_;
  int branch_ = 0;  // of the copy
};

}  // namespace

std::optional<RowCopy> CopyIn(const StatementTrace& at, Oid table) {
  const auto source = at.before->relations.find(table);
  if (source == at.before->relations.end()) return std::nullopt;
  const sql::Statement& statement = at.statement;
  if (statement.kind == StatementKind::kDo) return CopyOfBlock(source->second).Find(statement.text);
  if (statement.kind != StatementKind::kInsert) return std::nullopt;
  const std::optional<ObjectName> copied = sql::CopiedTable(statement.text);
  const Relation& relation = source->second;
  const bool same = copied && copied->name == relation.name &&
                    (copied->schema.empty() || copied->schema == relation.schema);
  if (!same) return std::nullopt;
  return RowCopy{statement.object.name, true, false, false};
}

}  // namespace ballast::lint
