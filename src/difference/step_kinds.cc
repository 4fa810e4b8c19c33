// SPDX-License-Identifier: Apache-2.0
#include "difference/step_kinds.h"

namespace ballast::difference {

using catalog::Definition;
using catalog::Step;

namespace {

bool IsAlteration(Step step) {
  switch (step) {
    case Step::kAlterTable:
    case Step::kAlterDomain:
    case Step::kAlterView:
    case Step::kAlterPublication:
    case Step::kAlterDefaultPrivileges:
    case Step::kAlterDatabase:
      return true;
    default:
      return IsProperty(step) && step != Step::kAddColumn && step != Step::kInsertRows;
  }
}

}  // namespace

bool IsProperty(Step step) {
  switch (step) {
    case Step::kComment:
    case Step::kGrant:
    case Step::kAlterOwner:
    case Step::kDependOnExtension:
    case Step::kSetSequence:
    case Step::kInsertRows:
    case Step::kRefreshMaterializedView:
    case Step::kRowSecurity:
    case Step::kOwnSequence:
    case Step::kAttachIndex:
    case Step::kAddColumn:
    case Step::kAlterOperatorFamily:
      return true;
    default:
      return false;
  }
}

ActionKind CreationKind(const Definition& definition, const catalog::ObjectRef& target) {
  // A constraint or a default.
  const bool adds_part = target.kind.find("constraint") != std::string::npos ||
                         (definition.step == Step::kAlterTable && !definition.detail.empty());
  return IsAlteration(definition.step) && !adds_part ? ActionKind::kAlter : ActionKind::kCreate;
}

bool IsRelation(Step step) {
  return step == Step::kCreateTable || step == Step::kCreateView || step == Step::kCreateIndex ||
         step == Step::kCreateMaterializedView || step == Step::kCreateSequence;
}

bool IsType(Step step) {
  return step == Step::kCreateEnum || step == Step::kCreateDomain || step == Step::kCreateType;
}

bool HasArguments(Step step) {
  return step == Step::kCreateFunction || step == Step::kCreateProcedure ||
         step == Step::kCreateAggregate;
}

bool IsUsedByExpressions(Step step) {
  return HasArguments(step) || step == Step::kCreateOperator ||
         step == Step::kCreateOperatorClass || step == Step::kCreateCollation || IsType(step);
}

bool GetsDefaultPrivileges(Step step) {
  return (IsRelation(step) && step != Step::kCreateIndex) || IsType(step) || HasArguments(step) ||
         step == Step::kCreateSchema;
}

bool IsCoveredByTable(const Definition& definition) {
  if (definition.step == Step::kAddColumn || definition.step == Step::kInheritTable) return true;
  const bool override = definition.id.part <= catalog::kInheritedColumnParts &&
                        definition.id.part > catalog::kTableChangeParts;
  return definition.step == Step::kAlterTable && override;
}

}  // namespace ballast::difference
