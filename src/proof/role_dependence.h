// SPDX-License-Identifier: Apache-2.0
// Finds what migrations do to privileges without effect on a scratch server: they revoke what only
// default privileges of a live database grant, and they grant where a role exists that the scratch
// server does not have. For this, the history is replayed on servers that have these roles and
// these default privileges, and the result is compared with that of the baseline there.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/snapshot.h"
#include "proof/double_replay.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// Privileges that `baseline` grants and `history` does not, as properties `revoked from`.
catalog::Snapshot RevokedIn(const catalog::Snapshot& history, const catalog::Snapshot& baseline);

class RoleDependence {
 public:
  // All references must outlive the object.
  RoleDependence(const scratch::ScratchOptions& server, const DoubleReplayOptions& options,
                 const Replays& replays)
      : server_(server), options_(options), replays_(replays) {}

  // `script` is the baseline without conditions. Replays only if a script revokes privileges, or
  // reads which roles exist and names some that the replayed database does not have. Errors are
  // those of the servers.
  Status Find(const std::string& script);

  // What the baseline must fulfill (catalog::IsConditionOn).
  const catalog::Snapshot& conditions() const { return conditions_; }
  // Roles that must not exist, because the migrations do there what no baseline has.
  const catalog::Snapshot& absent_roles() const { return absent_roles_; }

  // Compares the script that fulfills the conditions with the history on the same servers, and
  // returns sentences about everything that was found.
  Result<std::vector<std::string>> Notices(const std::string& script);

 private:
  // A server with further roles or default privileges, and the database of the history there.
  struct Variation {
    scratch::ScratchServer server;
    std::string setup;  // SQL
    std::optional<scratch::ScratchDatabase> history;
    catalog::Snapshot snapshot;
    std::string failure;  // of the replay
  };

  Status ReadNames();
  std::vector<std::string> ReadersOf(const std::string& role) const;
  Result<Variation> Replay(const std::string& variation) const;
  Result<Variation> ReplayWithDefaults() const;
  Result<catalog::Snapshot> OfScript(Variation& variation, const std::string& script,
                                     std::string* failure) const;
  Status CompareRoles();
  Status CompareDefaults(const std::string& script);
  std::vector<catalog::Difference> Diff(catalog::Snapshot a, const catalog::Snapshot& b,
                                        bool with_layout) const;
  // `names`: of each missing role, as a snapshot has it.
  void AddAbsentRoles(const std::map<std::string, std::string>& names,
                      const std::vector<catalog::Difference>& others, const std::string& failure);
  Status Judge(Variation& variation, const std::string& script, const std::string& where,
               std::vector<std::string>& notices) const;

  const scratch::ScratchOptions& server_;
  const DoubleReplayOptions& options_;
  const Replays& replays_;
  std::set<std::string> missing_;  // named roles that the replayed database does not have
  std::set<std::string> named_;    // roles that can exist before the history runs
  bool reads_roles_ = false;
  bool revokes_ = false;
  std::optional<Variation> with_roles_;
  std::optional<Variation> with_defaults_;
  catalog::Snapshot conditions_;
  catalog::Snapshot absent_roles_;
  std::vector<std::string> notices_;
};

}  // namespace ballast::proof
