// Every error that ballast can name: its code, the exit status it leads to, and a title.
// docs/errors.md has a paragraph for each; a test holds the two lists together.
#pragma once

#include <string_view>

namespace ballast {

// What the process says with its exit status.
enum class ExitStatus {
  kAsWanted = 0,
  kNo = 1,        // the answer is no; nothing was changed
  kUsage = 2,     // the question was wrong
  kCouldNot = 3,  // could not find out or could not do it; nothing was changed
  kMidway = 4,    // stopped midway; someone must look
  kBug = 70,      // our own fault
  kInterrupted = 130
};

// X(name, code, exit status, title). Where Prisma has a code for the same meaning, ours is that
// one.
#define BALLAST_ERROR_CODES(X)                                                                 \
  X(kAuthentication, "P1000", kCouldNot, "the server does not accept the credentials")         \
  X(kCannotReach, "P1001", kCouldNot, "the server cannot be reached")                          \
  X(kTimedOut, "P1002", kCouldNot, "the server or the lock did not answer in time")            \
  X(kNoDatabase, "P1003", kCouldNot, "the database does not exist")                            \
  X(kDatabaseExists, "P1009", kNo, "the database is there already")                            \
  X(kAccessDenied, "P1010", kCouldNot, "the role may not use the database")                    \
  X(kTls, "P1011", kCouldNot, "no TLS connection could be made")                               \
  X(kSchemaInvalid, "P1012", kNo, "the Prisma schema is not valid")                            \
  X(kBadUrl, "P1013", kUsage, "the database URL is not valid")                                 \
  X(kConnectionLost, "P1017", kCouldNot, "the server closed the connection")                   \
  X(kNotEmpty, "P3005", kNo, "the database is not empty and has no migrations table")          \
  X(kAlreadyApplied, "P3008", kNo, "the migration is already recorded as applied")             \
  X(kFailedMigration, "P3009", kNo, "a failed migration blocks the way")                       \
  X(kNeverApplied, "P3011", kNo, "the migration was never applied")                            \
  X(kNotFailed, "P3012", kNo, "the migration is not in a failed state")                        \
  X(kMissingScript, "P3015", kNo, "a migration folder has no migration.sql")                   \
  X(kMigrationNotFound, "P3017", kNo, "the migration could not be found")                      \
  X(kMigrationFailed, "P3018", kNo, "a migration failed to apply")                             \
  X(kProviderMismatch, "P3019", kNo, "migration_lock.toml names another provider")             \
  X(kUsageError, "B100", kUsage, "the command line is not understood")                         \
  X(kConfigInvalid, "B101", kUsage, "a configuration file is not valid")                       \
  X(kNoProject, "B102", kUsage, "no Prisma project was found")                                 \
  X(kNoUrl, "B103", kUsage, "no database URL is known")                                        \
  X(kCannotRead, "B104", kCouldNot, "a file or folder cannot be read")                         \
  X(kCannotWrite, "B105", kCouldNot, "a file or folder cannot be written")                     \
  X(kGit, "B106", kCouldNot, "the git repository cannot be read")                              \
  X(kNotPostgres, "B200", kNo, "the provider is not postgresql")                               \
  X(kSchemasDiffer, "B201", kNo, "schema, history and database do not agree")                  \
  X(kReplayFailed, "B300", kNo, "the history does not replay from empty")                      \
  X(kOpenTransaction, "B301", kNo, "a script leaves a transaction open")                       \
  X(kNotCarried, "B302", kNo, "the database holds an object that the baseline cannot carry")   \
  X(kProofFailed, "B303", kNo, "the baseline does not give the database of the history")       \
  X(kQueryFailed, "B304", kCouldNot, "the server refused a query")                             \
  X(kRowsTooLarge, "B305", kNo, "the history leaves more rows than the package may carry")     \
  X(kScriptTooLarge, "B306", kNo, "a script or a statement is too large to be sent at once")   \
  X(kPackageMissing, "B400", kNo, "there is no release package")                               \
  X(kPackageEdited, "B401", kNo, "a file of the package is not what the manifest says")        \
  X(kManifestInvalid, "B402", kNo, "the manifest is not valid")                                \
  X(kVersionExists, "B403", kNo, "this version exists already with other content")             \
  X(kVersionMismatch, "B404", kNo, "the package is of another version than the branch")        \
  X(kSealInvalid, "B405", kNo, "the seal of the package is missing or wrong")                  \
  X(kPackageTooNew, "B406", kNo, "the package has a format that this program does not know")   \
  X(kBaselineStale, "B407", kNo, "the development baseline does not fit the migrations")       \
  X(kNameReused, "B408", kNo, "a new migration uses a name that a baseline covers")            \
  X(kUnknownBaseline, "B500", kNo, "the database was deployed from an unknown baseline")       \
  X(kCannotTell, "B501", kNo, "it cannot be told what the database holds")                     \
  X(kAhead, "B502", kNo, "the database is ahead of this project")                              \
  X(kDrift, "B503", kNo, "the live catalog is not the proven one")                             \
  X(kOtherLedger, "B504", kNo, "the migrations table belongs to the other strategy")           \
  X(kNoWay, "B505", kNo, "no proven way leads from the database to this release")              \
  X(kAdoptRefused, "B506", kNo, "the database equals no state that the package knows")         \
  X(kBehind, "B507", kNo, "migrations are pending")                                            \
  X(kNoServerBinaries, "B600", kCouldNot, "no PostgreSQL server binaries were found")          \
  X(kScratchFailed, "B601", kCouldNot, "the scratch server did not start")                     \
  X(kPrivilege, "B602", kNo, "the role lacks a right that is needed")                          \
  X(kPooler, "B603", kNo, "the URL leads to a connection pooler")                              \
  X(kReadOnly, "B604", kNo, "the server is read-only")                                         \
  X(kServerTooOld, "B605", kNo, "the server version cannot hold this database")                \
  X(kLockTimeout, "B606", kCouldNot, "a lock was not granted in time")                         \
  X(kNoLibpq, "B607", kCouldNot, "the library that talks to PostgreSQL is missing")            \
  X(kNoTemplate, "B608", kNo, "no template database can serve here")                           \
  X(kOutcomeUnknown, "B700", kMidway, "the connection broke during the commit")                \
  X(kStoppedMidway, "B701", kMidway, "a step outside a transaction failed")                    \
  X(kVerifyAfterFailed, "B702", kMidway, "the database is not the expected one after the run") \
  X(kBug, "B900", kBug, "ballast broke one of its own promises")                               \
  X(kInterrupted, "B901", kInterrupted, "interrupted")

enum class ErrorCode {
#define BALLAST_ERROR_ENUMERATOR(name, code, status, title) name,
  BALLAST_ERROR_CODES(BALLAST_ERROR_ENUMERATOR)
#undef BALLAST_ERROR_ENUMERATOR
};

std::string_view CodeOf(ErrorCode code);   // "P3005"
std::string_view TitleOf(ErrorCode code);  // "the database is not empty …"
ExitStatus StatusOf(ErrorCode code);

}  // namespace ballast
