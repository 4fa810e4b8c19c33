// SPDX-License-Identifier: Apache-2.0
// The sections of a script: their titles, and their default order. Prisma's own come first
// (prisma-engines schema-engine/connectors/sql-schema-connector/src/sql_migration.rs).
#pragma once

#include <string_view>

namespace ballast::catalog {

#define BALLAST_STEPS(X)                                             \
  X(kCreateRole, "CreateRole")                                       \
  X(kGrantRole, "GrantRole")                                         \
  X(kCreateSchema, "CreateSchema")                                   \
  X(kCreateExtension, "CreateExtension")                             \
  X(kCreateEnum, "CreateEnum")                                       \
  X(kCreateTable, "CreateTable")                                     \
  X(kAddColumn, "AlterTable")                                        \
  X(kAttachPartition, "AttachPartition")                             \
  X(kInheritTable, "AlterTable")                                     \
  X(kOwnSequence, "AlterSequence")                                   \
  X(kInsertRows, "InsertRows")                                       \
  X(kSetSequence, "SetSequence")                                     \
  X(kCreateIndex, "CreateIndex")                                     \
  X(kAttachIndex, "AttachIndex")                                     \
  X(kAddForeignKey, "AddForeignKey")                                 \
  X(kCreateLanguage, "CreateLanguage")                               \
  X(kCreateAccessMethod, "CreateAccessMethod")                       \
  X(kCreateForeignDataWrapper, "CreateForeignDataWrapper")           \
  X(kCreateServer, "CreateServer")                                   \
  X(kCreateUserMapping, "CreateUserMapping")                         \
  X(kCreateCollation, "CreateCollation")                             \
  X(kCreateShellType, "CreateType")                                  \
  X(kCreateType, "CreateType")                                       \
  X(kCreateDomain, "CreateDomain")                                   \
  X(kAlterDomain, "AlterDomain")                                     \
  X(kCreateSequence, "CreateSequence")                               \
  X(kCreateFunction, "CreateFunction")                               \
  X(kCreateProcedure, "CreateProcedure")                             \
  X(kCreateOperatorFamily, "CreateOperatorFamily")                   \
  X(kCreateOperator, "CreateOperator")                               \
  X(kCreateOperatorClass, "CreateOperatorClass")                     \
  X(kAlterOperatorFamily, "AlterOperatorFamily")                     \
  X(kCreateAggregate, "CreateAggregate")                             \
  X(kCreateCast, "CreateCast")                                       \
  X(kCreateTransform, "CreateTransform")                             \
  X(kCreateConversion, "CreateConversion")                           \
  X(kCreateTextSearchParser, "CreateTextSearchParser")               \
  X(kCreateTextSearchTemplate, "CreateTextSearchTemplate")           \
  X(kCreateTextSearchDictionary, "CreateTextSearchDictionary")       \
  X(kCreateTextSearchConfiguration, "CreateTextSearchConfiguration") \
  X(kAlterTable, "AlterTable")                                       \
  X(kCreateView, "CreateView")                                       \
  X(kAlterView, "AlterView")                                         \
  X(kCreateMaterializedView, "CreateMaterializedView")               \
  X(kCreateViewIndex, "CreateIndex")                                 \
  X(kCreateStatistics, "CreateStatistics")                           \
  X(kCreateRule, "CreateRule")                                       \
  X(kCreateTrigger, "CreateTrigger")                                 \
  X(kRowSecurity, "RowLevelSecurity")                                \
  X(kCreatePolicy, "CreatePolicy")                                   \
  X(kCreatePublication, "CreatePublication")                         \
  X(kAlterPublication, "AlterPublication")                           \
  X(kRefreshMaterializedView, "RefreshMaterializedView")             \
  X(kDependOnExtension, "DependOnExtension")                         \
  X(kAlterOwner, "AlterOwner")                                       \
  X(kComment, "Comment")                                             \
  X(kGrant, "Grant")                                                 \
  X(kAlterDefaultPrivileges, "AlterDefaultPrivileges")               \
  X(kAlterDatabase, "AlterDatabase")                                 \
  X(kCreateEventTrigger, "CreateEventTrigger")

enum class Step {
#define BALLAST_STEP_ENUMERATOR(name, title) name,
  BALLAST_STEPS(BALLAST_STEP_ENUMERATOR)
#undef BALLAST_STEP_ENUMERATOR
};

// The text after "-- " above the step's statements.
std::string_view TitleOf(Step step);

// Whether the step creates functions, procedures or aggregates.
bool IsRoutine(Step step);

}  // namespace ballast::catalog
