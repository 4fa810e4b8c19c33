// SPDX-License-Identifier: Apache-2.0
// Every error code with its exit status and a title. docs/errors.md has a paragraph for each code;
// a test compares the two lists.
#pragma once

#include <string_view>

namespace ballast {

// The exit status of the process.
enum class ExitStatus {
  kSuccess = 0,
  kRefused = 1,  // refused, different or invalid; nothing was changed
  kUsage = 2,    // wrong usage
  kFailed = 3,   // could not complete; nothing was changed
  kPartial = 4,  // partially applied; needs attention
  kBug = 70,     // internal error
  kInterrupted = 130
};

// X(name, code, exit status, title). Prisma's code is used where Prisma has one for the same
// meaning.
#define BALLAST_ERROR_CODES(X)                                                                    \
  X(kAuthentication, "P1000", kFailed, "the server does not accept the credentials")              \
  X(kCannotReach, "P1001", kFailed, "the server cannot be reached")                               \
  X(kTimedOut, "P1002", kFailed, "the server or the lock did not answer in time")                 \
  X(kNoDatabase, "P1003", kFailed, "the database does not exist")                                 \
  X(kDatabaseExists, "P1009", kRefused, "the database already exists")                            \
  X(kAccessDenied, "P1010", kFailed, "the role may not use the database")                         \
  X(kTls, "P1011", kFailed, "no TLS connection could be made")                                    \
  X(kSchemaInvalid, "P1012", kRefused, "the Prisma schema is not valid")                          \
  X(kBadUrl, "P1013", kUsage, "the database URL is not valid")                                    \
  X(kConnectionLost, "P1017", kFailed, "the server closed the connection")                        \
  X(kNotEmpty, "P3005", kRefused, "the database is not empty and has no migrations table")        \
  X(kAlreadyApplied, "P3008", kRefused, "the migration is already recorded as applied")           \
  X(kFailedMigration, "P3009", kRefused, "a failed migration blocks the deploy")                  \
  X(kNeverApplied, "P3011", kRefused, "the migration was never applied")                          \
  X(kNotFailed, "P3012", kRefused, "the migration is not in a failed state")                      \
  X(kMissingScript, "P3015", kRefused, "a migration folder has no migration.sql")                 \
  X(kMigrationNotFound, "P3017", kRefused, "the migration could not be found")                    \
  X(kMigrationFailed, "P3018", kRefused, "a migration failed to apply")                           \
  X(kProviderMismatch, "P3019", kRefused, "migration_lock.toml names another provider")           \
  X(kUsageError, "B100", kUsage, "the command line is not valid")                                 \
  X(kConfigInvalid, "B101", kUsage, "a configuration file is not valid")                          \
  X(kNoProject, "B102", kUsage, "no Prisma project was found")                                    \
  X(kNoUrl, "B103", kUsage, "no database URL is known")                                           \
  X(kCannotRead, "B104", kFailed, "a file or folder cannot be read")                              \
  X(kCannotWrite, "B105", kFailed, "a file or folder cannot be written")                          \
  X(kGit, "B106", kFailed, "the git repository cannot be read")                                   \
  X(kNotPostgres, "B200", kRefused, "the provider is not postgresql")                             \
  X(kReplayFailed, "B300", kRefused, "the migrations do not run on an empty database")            \
  X(kOpenTransaction, "B301", kRefused, "a script leaves a transaction open")                     \
  X(kUnsupportedObject, "B302", kRefused,                                                         \
    "the migrations create an object that a baseline does not support")                           \
  X(kProofFailed, "B303", kRefused, "the baseline does not reproduce the migrated database")      \
  X(kQueryFailed, "B304", kFailed, "the server refused a query")                                  \
  X(kRowsTooLarge, "B305", kRefused, "the migrations insert more rows than the limit allows")     \
  X(kScriptTooLarge, "B306", kRefused, "a script or statement is too large to be sent at once")   \
  X(kNulByte, "B307", kRefused, "a script has a NUL byte")                                        \
  X(kUnclearRole, "B308", kRefused, "a role of a shared server may be of the migrations")         \
  X(kPackageMissing, "B400", kRefused, "there is no release package")                             \
  X(kPackageEdited, "B401", kRefused, "a file of the package does not match the manifest")        \
  X(kManifestInvalid, "B402", kRefused, "the manifest is not valid")                              \
  X(kVersionExists, "B403", kRefused, "this version already exists with different content")       \
  X(kVersionMismatch, "B404", kRefused, "the package and the branch have different versions")     \
  X(kSealInvalid, "B405", kRefused, "the signature of the package is missing or wrong")           \
  X(kPackageTooNew, "B406", kRefused, "the package has a format that this program does not know") \
  X(kBaselineStale, "B407", kRefused, "the development baseline does not match the migrations")   \
  X(kNameReused, "B408", kRefused, "a new migration uses a name that a baseline covers")          \
  X(kForeignPackage, "B409", kRefused, "the package belongs to another project")                  \
  X(kPackageStale, "B410", kRefused, "the package is not what would be made now")                 \
  X(kUnknownBaseline, "B500", kRefused, "the database was deployed from an unknown baseline")     \
  X(kCannotTell, "B501", kRefused, "the state of the database cannot be determined")              \
  X(kAhead, "B502", kRefused, "the database is ahead of this project")                            \
  X(kDrift, "B503", kRefused, "the live catalog differs from the proven one")                     \
  X(kOtherStrategy, "B504", kRefused, "the migrations table has the rows of the other strategy")  \
  X(kNoUpgradePath, "B505", kRefused,                                                             \
    "no proven upgrade path leads from the database to this release")                             \
  X(kAdoptRefused, "B506", kRefused, "the database equals no known state")                        \
  X(kConflictingRows, "B508", kRefused, "rows conflict with a change")                            \
  X(kDataLoss, "B509", kRefused, "the change would lose data")                                    \
  X(kNoDifferenceScript, "B511", kRefused, "the difference cannot be expressed as DDL")           \
  X(kNoRollback, "B512", kRefused, "no proven rollback leads to this release")                    \
  X(kSquashRefused, "B513", kRefused, "the migrations cannot be squashed")                        \
  X(kLintFindings, "B514", kRefused, "the migrations have findings")                              \
  X(kOutsideObjects, "B515", kRefused,                                                            \
    "the migrations would make something else in this database")                                  \
  X(kNoServerBinaries, "B600", kFailed, "no PostgreSQL server binaries were found")               \
  X(kScratchFailed, "B601", kFailed, "the scratch server did not start")                          \
  X(kPrivilege, "B602", kRefused, "the role lacks a privilege")                                   \
  X(kPooler, "B603", kRefused, "the URL leads to a connection pooler")                            \
  X(kReadOnly, "B604", kRefused, "the server is read-only")                                       \
  X(kServerTooOld, "B605", kRefused, "the server version is too old for this database")           \
  X(kLockTimeout, "B606", kFailed, "a lock was not granted in time")                              \
  X(kNoLibpq, "B607", kFailed, "the PostgreSQL client library is missing")                        \
  X(kNoTemplate, "B608", kRefused, "this database cannot be copied from a template")              \
  X(kNotConfined, "B609", kRefused, "somebody else's history would run without a sandbox")        \
  X(kNotRecorded, "B610", kRefused, "the migrations table does not keep the rows written to it")  \
  X(kNoSearchPathSchema, "B611", kRefused, "the search_path names no schema for new objects")     \
  X(kOutcomeUnknown, "B700", kPartial, "the connection was lost during the commit")               \
  X(kPartiallyApplied, "B701", kPartial, "a step outside a transaction failed")                   \
  X(kVerifyAfterFailed, "B702", kPartial,                                                         \
    "the database differs from the proven one after the deploy")                                  \
  X(kFleetPartial, "B703", kPartial, "some targets of the fleet failed")                          \
  X(kAlert, "B800", kRefused, "a key figure is past its alert threshold")                         \
  X(kServeFailed, "B801", kFailed, "the HTTP server could not start")                             \
  X(kBug, "B900", kBug, "an internal error")                                                      \
  X(kInterrupted, "B901", kInterrupted, "interrupted")

enum class ErrorCode {
#define BALLAST_ERROR_ENUMERATOR(name, code, status, title) name,
  BALLAST_ERROR_CODES(BALLAST_ERROR_ENUMERATOR)
#undef BALLAST_ERROR_ENUMERATOR
};

std::string_view CodeOf(ErrorCode code);   // "P3005"
std::string_view TitleOf(ErrorCode code);  // "the database is not empty …"
// The exit status of an error with this code that changed nothing (see StatusOf in base/error.h).
ExitStatus StatusOf(ErrorCode code);

}  // namespace ballast
