// SPDX-License-Identifier: Apache-2.0
// The SQLSTATEs that ballast distinguishes, with the names of PostgreSQL's errcodes.txt (manual,
// appendix A).
#pragma once

#include <string_view>

namespace ballast::sqlstate {

inline constexpr std::string_view kFeatureNotSupported = "0A000";
inline constexpr std::string_view kCharacterNotInRepertoire = "22021";
inline constexpr std::string_view kInvalidParameterValue = "22023";
inline constexpr std::string_view kInvalidTextRepresentation = "22P02";
inline constexpr std::string_view kUntranslatableCharacter = "22P05";
inline constexpr std::string_view kNotNullViolation = "23502";
inline constexpr std::string_view kForeignKeyViolation = "23503";
inline constexpr std::string_view kUniqueViolation = "23505";
inline constexpr std::string_view kCheckViolation = "23514";
inline constexpr std::string_view kActiveSqlTransaction = "25001";
inline constexpr std::string_view kReadOnlySqlTransaction = "25006";
inline constexpr std::string_view kInvalidAuthorizationSpecification = "28000";
inline constexpr std::string_view kInvalidPassword = "28P01";
inline constexpr std::string_view kDependentObjectsStillExist = "2BP01";
inline constexpr std::string_view kInvalidTransactionTermination = "2D000";
inline constexpr std::string_view kInvalidCatalogName = "3D000";
inline constexpr std::string_view kInvalidSchemaName = "3F000";
inline constexpr std::string_view kDeadlockDetected = "40P01";
inline constexpr std::string_view kInsufficientPrivilege = "42501";
inline constexpr std::string_view kSyntaxError = "42601";
inline constexpr std::string_view kDuplicateColumn = "42701";
inline constexpr std::string_view kUndefinedColumn = "42703";
inline constexpr std::string_view kUndefinedObject = "42704";
inline constexpr std::string_view kDuplicateObject = "42710";
inline constexpr std::string_view kDuplicateFunction = "42723";
inline constexpr std::string_view kDatatypeMismatch = "42804";
inline constexpr std::string_view kWrongObjectType = "42809";
inline constexpr std::string_view kCannotCoerce = "42846";
inline constexpr std::string_view kUndefinedFunction = "42883";
inline constexpr std::string_view kUndefinedTable = "42P01";
inline constexpr std::string_view kDuplicateDatabase = "42P04";
inline constexpr std::string_view kDuplicateSchema = "42P06";
inline constexpr std::string_view kDuplicateTable = "42P07";
inline constexpr std::string_view kInvalidTableDefinition = "42P16";
inline constexpr std::string_view kInvalidObjectDefinition = "42P17";
inline constexpr std::string_view kDiskFull = "53100";
inline constexpr std::string_view kTooManyConnections = "53300";
inline constexpr std::string_view kObjectInUse = "55006";
inline constexpr std::string_view kLockNotAvailable = "55P03";
inline constexpr std::string_view kUnsafeNewEnumValueUsage = "55P04";
inline constexpr std::string_view kQueryCanceled = "57014";
inline constexpr std::string_view kCannotConnectNow = "57P03";
inline constexpr std::string_view kIoError = "58030";
inline constexpr std::string_view kDataCorrupted = "XX001";
inline constexpr std::string_view kIndexCorrupted = "XX002";

// Class 42, syntax error or access rule violation: the server does not accept the text, does not
// know a name in it, or the role lacks a privilege.
inline bool IsSyntaxErrorOrAccessRuleViolation(std::string_view state) {
  return state.starts_with("42");
}
// The text of the statement causes it: the same without missing privileges, and unsupported
// features.
inline bool IsCausedByText(std::string_view state) {
  return (IsSyntaxErrorOrAccessRuleViolation(state) && state != kInsufficientPrivilege) ||
         state == kFeatureNotSupported;
}
// The catalog does not have a name in the statement, or has it with another type or kind. Another
// statement may create it first.
inline bool IsUndefinedObject(std::string_view state) {
  return state == kUndefinedTable || state == kUndefinedColumn || state == kUndefinedObject ||
         state == kUndefinedFunction || state == kInvalidSchemaName || state == kDatatypeMismatch ||
         state == kCannotCoerce || state == kWrongObjectType;
}
// The server cannot work now, whatever the statement is: class 53, insufficient resources, 57P,
// shutdown, an I/O error, or damaged data.
inline bool IsFailureOfServer(std::string_view state) {
  return state.starts_with("53") || state.starts_with("57P") || state == kIoError ||
         state == kDataCorrupted || state == kIndexCorrupted;
}
// Class 23.
inline bool IsIntegrityConstraintViolation(std::string_view state) {
  return state.starts_with("23");
}
// Rows cause it: class 22, data exception, and class 23.
inline bool IsCausedByRows(std::string_view state) {
  return state.starts_with("22") || IsIntegrityConstraintViolation(state);
}

}  // namespace ballast::sqlstate
