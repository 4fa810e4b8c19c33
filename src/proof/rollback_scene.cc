// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_scene.h"

#include "sql/quote.h"

namespace ballast::proof {

Status RollbackScene::Use(scratch::ScratchDatabase database) {
  session_.reset();
  database_.reset();
  database_ = std::move(database);
  TRY_ASSIGN(session_, Connect(*database_));
  return {};
}

Result<postgres::Session> RollbackScene::Connect(const scratch::ScratchDatabase& database) const {
  postgres::Target target = database.target();
  if (!schema_.empty()) target.schema = schema_;
  return postgres::Session::Connect(target);
}

Status RollbackScene::Restart() {
  // First, because its roles would be in the way of migrations that create them.
  session_.reset();
  database_.reset();
  TRY_ASSIGN(scratch::ScratchDatabase fresh, BuildNewer());
  return Use(std::move(fresh));
}

Result<std::vector<TableDigest>> RollbackScene::OlderRows(const catalog::Database& older,
                                                          const catalog::Database& newer) {
  TRY_ASSIGN(const scratch::RolesAside aside, server_.SetRolesAside());
  TRY_ASSIGN(const scratch::ScratchDatabase database, BuildOlder());
  TRY_ASSIGN(postgres::Session session, Connect(database));
  const std::string schema = session.target().SchemaOrPublic();
  TRY(session.Query("SET search_path = " + sql::QuoteIdentifier(schema)));
  return DigestsOfCommonRows(older, newer, session);
}

}  // namespace ballast::proof
