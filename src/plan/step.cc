// SPDX-License-Identifier: Apache-2.0
#include "plan/step.h"

#include <fmt/format.h>

#include "base/overloaded.h"
#include "base/text.h"

namespace ballast::plan {
namespace {

std::string_view WordsOf(ScriptMode mode) {
  switch (mode) {
    case ScriptMode::kInTransaction:
      return "";
    case ScriptMode::kManagesOwn:
      return " in its own transactions";
    case ScriptMode::kAlone:
      return " outside a transaction";
    case ScriptMode::kSplit:
      return " statement by statement";
  }
  return "";
}

std::string DescribeAct(const Act& act, ScriptMode mode) {
  return std::visit(
      Overloaded{
          [](const CreateTargetSchema&) -> std::string { return "create the target schema"; },
          [](const CreateMigrationsTable&) -> std::string {
            return "create the table _prisma_migrations";
          },
          [mode](const RunScript& run) {
            const std::string from =
                run.applied_statements && *run.applied_statements > 0
                    ? fmt::format(", from statement {}", *run.applied_statements + 1)
                    : std::string();
            return fmt::format("run {}{}{}{}", run.migration.name, WordsOf(mode), from,
                               run.as ? " " + run.as->reason : "");
          },
          [](const RestoreKeptData& restore) -> std::string {
            return restore.observes ? "find what was written since a rollback kept data"
                                    : "restore data that a rollback has kept";
          },
          [](const InsertResolvedRows& record) {
            return fmt::format("mark {} as applied",
                               Counted(record.migrations.size(), "migration"));
          },
          [](const InsertExecutedRows& record) {
            return fmt::format("record {} as run", Counted(record.migrations.size(), "migration"));
          },
          [](const DeleteHistoryRows& forget) {
            return fmt::format("remove {} {}", Counted(forget.Count(), "row"),
                               DescriptionOf(forget.which));
          },
          [](const CloseRow& close) {
            return fmt::format("{} the row of {}", close.finished ? "finish" : "roll back",
                               close.name);
          },
          [](const DropInvalidIndex& drop) {
            return fmt::format("drop the invalid index {}", drop.index.name);
          },
          [](const VerifyCatalog& verify) {
            return fmt::format("compare the live catalog with {}",
                               verify.expected().catalog.substr(0, 12));
          },
      },
      act);
}

}  // namespace

std::string_view NameOf(ScriptMode mode) {
  switch (mode) {
    case ScriptMode::kInTransaction:
      return "in_transaction";
    case ScriptMode::kManagesOwn:
      return "manages_own";
    case ScriptMode::kAlone:
      return "alone";
    case ScriptMode::kSplit:
      return "split";
  }
  return "";
}

std::string Describe(const Step& step, ScriptMode mode) {
  std::string text = DescribeAct(step.act, mode);
  if (!step.reason.empty()) text += " (" + step.reason + ")";
  return text;
}

}  // namespace ballast::plan
