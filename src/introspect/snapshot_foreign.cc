// SPDX-License-Identifier: Apache-2.0
// Foreign-data wrappers, servers, user mappings and foreign tables in the snapshot.
#include "introspect/snapshot_internal.h"

namespace ballast::introspect {
namespace {

constexpr std::string_view kWrappers = R"(
SELECT 'pg_foreign_data_wrapper'::regclass::oid AS class, w.oid, 'foreign data wrapper' AS kind,
  @q(w.fdwname) AS object, '' AS note, w.fdwowner AS owner, w.fdwowner AS grantor,
  w.fdwacl AS acl, 'F'::"char" AS acltype, w.fdwhandler, w.fdwvalidator, w.fdwoptions
FROM pg_foreign_data_wrapper w WHERE @global(foreign data wrapper, @q(w.fdwname))
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_foreign_data_wrapper'::regclass
                  AND x.objid = w.oid))";

constexpr std::string_view kWrapperSnapshot = R"(
SELECT w.kind, w.object, p.* FROM wrappers w, LATERAL @properties(
  ('exists', 'yes', 0),
  ('handler', NULLIF(w.fdwhandler::regproc::text, '-'), 0),
  ('validator', NULLIF(w.fdwvalidator::regproc::text, '-'), 0),
  ('options', (SELECT @list(@secret(o), o) FROM unnest(w.fdwoptions) o), 0)
) p)";

constexpr std::string_view kServers = R"(
SELECT 'pg_foreign_server'::regclass::oid AS class, v.oid, 'server' AS kind,
  @q(v.srvname) AS object, '' AS note, v.srvowner AS owner, v.srvowner AS grantor,
  v.srvacl AS acl, 'S'::"char" AS acltype, w.fdwname, v.srvtype, v.srvversion, v.srvoptions
FROM pg_foreign_server v JOIN pg_foreign_data_wrapper w ON w.oid = v.srvfdw
WHERE @global(server, @q(v.srvname))
  AND NOT EXISTS (SELECT FROM x WHERE x.classid = 'pg_foreign_server'::regclass
                  AND x.objid = v.oid))";

constexpr std::string_view kServerSnapshot = R"(
SELECT v.kind, v.object, p.* FROM servers v, LATERAL @properties(
  ('wrapper', @q(v.fdwname), 0),
  ('type', v.srvtype, 0),
  ('version', v.srvversion, 0),
  ('options', (SELECT @list(@secret(o), o) FROM unnest(v.srvoptions) o), 0)
) p)";

// The server shows the options only to privileged roles.
constexpr std::string_view kMappingSnapshot = R"(
SELECT 'user mapping', n.object, p.* FROM pg_user_mappings m,
LATERAL (SELECT @role(m.umuser) || ' on ' || @q(m.srvname)) n (object),
LATERAL @properties(
  ('exists', 'yes', 0),
  ('options', (SELECT @list(@secret(o), o) FROM unnest(m.umoptions) o), 0)
) p WHERE @global(user mapping, n.object))";

constexpr std::string_view kForeignTableSnapshot = R"(
SELECT r.kind, r.object, p.* FROM pg_foreign_table f JOIN r ON r.oid = f.ftrelid
  JOIN pg_foreign_server v ON v.oid = f.ftserver, LATERAL @properties(
  ('server', @q(v.srvname), 0),
  ('foreign options', (SELECT @list(@secret(o), o) FROM unnest(f.ftoptions) o), 0)
) p)";

}  // namespace

std::vector<SnapshotQueryPart> ForeignParts() {
  return {{"wrappers", kWrappers, kWrapperSnapshot, {"foreign data wrapper"}},
          {"servers", kServers, kServerSnapshot, {"server"}},
          {"", {}, kMappingSnapshot, {"user mapping"}, false},
          {"", {}, kForeignTableSnapshot, {}, false, "foreign tables"}};
}

}  // namespace ballast::introspect
