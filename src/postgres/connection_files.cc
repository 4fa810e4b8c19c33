// SPDX-License-Identifier: Apache-2.0
#include "postgres/connection_files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdlib>

namespace ballast::postgres {
namespace {

struct TlsFile {
  const char* keyword;
  const char* variable;
  const char* name;  // in ~/.postgresql
};

// PostgreSQL manual, "SSL Client File Usage".
constexpr TlsFile kTlsFiles[] = {{"sslcert", "PGSSLCERT", "postgresql.crt"},
                                 {"sslkey", "PGSSLKEY", "postgresql.key"},
                                 {"sslrootcert", "PGSSLROOTCERT", "root.crt"},
                                 {"sslcrl", "PGSSLCRL", "root.crl"}};

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// /dev/null ends at once, and is a usual way to name no file.
bool IsNullDevice(const struct stat& status) {
  constexpr unsigned kMemory = 1;
  constexpr unsigned kNull = 3;
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(kMemory, kNull);
}

Status CheckFile(const std::string& path, const std::string& named_by) {
  struct stat status {};
  // libpq reports what does not exist.
  if (path.empty() || stat(path.c_str(), &status) != 0) return {};
  const mode_t mode = status.st_mode;
  if (S_ISREG(mode) || S_ISDIR(mode) || IsNullDevice(status)) return {};
  const char* what = S_ISFIFO(mode) ? "a named pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
  return MakeError(ErrorCode::kCannotRead,
                   fmt::format("{} ({}) is {}, not a file", path, named_by, what),
                   "replace it with a regular file", {path, 0});
}

std::string InHome(const std::string& name) {
  const std::string home = Environment("HOME");
  return home.empty() ? "" : home + "/" + name;
}

// What the target says, else the variable, else the file that libpq looks for.
Status CheckTlsFile(const TlsFile& file, const Target& target) {
  const std::string given = target.KeywordValue(file.keyword);
  if (!given.empty()) return CheckFile(given, file.keyword);
  const std::string variable = Environment(file.variable);
  if (!variable.empty()) return CheckFile(variable, file.variable);
  return CheckFile(InHome(std::string(".postgresql/") + file.name), file.keyword);
}

}  // namespace

Status CheckServiceFiles() {
  const std::string named = Environment("PGSERVICEFILE");
  TRY(named.empty() ? CheckFile(InHome(".pg_service.conf"), "the service file")
                    : CheckFile(named, "PGSERVICEFILE"));
  const std::string folder = Environment("PGSYSCONFDIR");
  return folder.empty() ? Status() : CheckFile(folder + "/pg_service.conf", "PGSYSCONFDIR");
}

Status CheckConnectionFiles(const Target& target) {
  if (!target.KeywordValue("service").empty() || !Environment("PGSERVICE").empty()) {
    TRY(CheckServiceFiles());
  }
  if (target.host().starts_with('/') || target.KeywordValue("sslmode") == "disable") return {};
  for (const TlsFile& file : kTlsFiles) TRY(CheckTlsFile(file, target));
  return {};
}

}  // namespace ballast::postgres
