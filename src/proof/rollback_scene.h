// SPDX-License-Identifier: Apache-2.0
// The scratch databases in which a rollback is proven. Each place that proves rollbacks implements
// how they are built.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "postgres/session.h"
#include "proof/sample_rows.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

class RollbackScene {
 public:
  virtual ~RollbackScene() = default;

  // Connected to the target schema of the database in which the rollback is proven. It exists after
  // Use or Restart, and each of them replaces it.
  postgres::Session& session() { return *session_; }

  // Replaces that database by another one in the newer state. Errors as BuildNewer.
  Status Restart();
  // Upgrades that database from the older state, as a deploy of the newer one does, and compares
  // the result with the newer state. Errors of the migrations and differences, and those of the
  // servers (script_errors.h distinguishes them); the database can then be in a state in between.
  virtual Status Forward() = 0;
  // Digests of the rows that a database of the older state has before the upgrade, without sample
  // rows, of the tables that `older` and `newer` have in common. Errors as BuildOlder.
  Result<std::vector<TableDigest>> OlderRows(const catalog::Database& older,
                                             const catalog::Database& newer);
  // The state before one of the migrations that upgrade the older state, built in another database.
  virtual Result<catalog::Database> StateBefore(const std::string& migration) = 0;

 protected:
  // Keeps a reference to the server. `schema`: the target schema in these databases; empty: public.
  explicit RollbackScene(scratch::ScratchServer& server, std::string schema = {})
      : server_(server), schema_(std::move(schema)) {}

  virtual Result<scratch::ScratchDatabase> BuildNewer() = 0;
  virtual Result<scratch::ScratchDatabase> BuildOlder() = 0;

  // A database that is built next to database() needs SetRolesAside before.
  scratch::ScratchServer& server() const { return server_; }
  const std::string& schema() const { return schema_; }
  const scratch::ScratchDatabase& database() const { return *database_; }
  // Proves the rollback in this database, which is in the newer state.
  Status Use(scratch::ScratchDatabase database);
  Result<postgres::Session> Connect(const scratch::ScratchDatabase& database) const;

 private:
  scratch::ScratchServer& server_;
  std::string schema_;
  std::optional<scratch::ScratchDatabase> database_;
  std::optional<postgres::Session> session_;
};

}  // namespace ballast::proof
