// SPDX-License-Identifier: Apache-2.0
#include "apply/extension_hint.h"

#include <fmt/format.h>

#include "base/sqlstate.h"
#include "base/text.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

Result<std::vector<ExtensionOutsidePath>> ReadOutsidePath(postgres::Session& session,
                                                          const std::string& condition) {
  TRY_ASSIGN(
      const auto answers,
      session.Query("SELECT quote_ident(e.extname), quote_ident(n.nspname), "
                    "quote_ident(current_schema()), concat_ws(', ', "
                    "nullif(current_setting('search_path'), ''), quote_ident(n.nspname)), "
                    "quote_ident(current_user)\n"
                    "FROM pg_catalog.pg_extension e "
                    "JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace\n"
                    "WHERE n.nspname <> ALL (current_schemas(true)) AND current_schema() IS NOT "
                    "NULL AND " +
                    condition + "\nORDER BY e.extname"));
  std::vector<ExtensionOutsidePath> found;
  for (const auto& row : answers.back().rows) {
    found.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or(""),
                     row[3].value_or(""), row[4].value_or(""), !session.target().schema.empty()});
  }
  return found;
}

}  // namespace

std::string ExtensionOutsidePath::Description() const {
  return fmt::format("extension {} is installed in schema {}, which is not on the search_path",
                     name, schema);
}

std::string ExtensionOutsidePath::Remedy() const {
  const std::string move =
      fmt::format("have an admin run: ALTER EXTENSION {} SET SCHEMA {}", name, target_schema);
  if (path_of_url) return move + fmt::format("; or name the schema in the scripts ({}.…)", schema);
  return fmt::format("{}; or: ALTER ROLE {} SET search_path = {}", move, role, path);
}

Result<std::vector<ExtensionOutsidePath>> ExtensionsOutsidePath(
    postgres::Session& session, const std::vector<std::string>& names) {
  return ReadOutsidePath(session, "e.extname = ANY (" + sql::QuoteTextArray(names) + ")");
}

void AddExtensionHint(postgres::Session& session, Error& error) {
  const std::string state = error.Detail("sqlstate");
  const bool is_unknown_name =
      state == sqlstate::kUndefinedObject || state == sqlstate::kUndefinedFunction;
  if (error.code != ErrorCode::kMigrationFailed || !is_unknown_name) return;
  const auto found = ReadOutsidePath(
      session,
      fmt::format(
          "EXISTS (SELECT FROM pg_catalog.pg_depend d\n"
          "  LEFT JOIN pg_catalog.pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = "
          "d.objid\n"
          "  LEFT JOIN pg_catalog.pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = "
          "d.objid\n"
          "  LEFT JOIN pg_catalog.pg_operator o ON d.classid = 'pg_operator'::regclass\n"
          "    AND o.oid = d.objid\n"
          "  LEFT JOIN pg_catalog.pg_opclass c ON d.classid = 'pg_opclass'::regclass\n"
          "    AND c.oid = d.objid\n"
          "  WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = "
          "e.oid\n"
          "  AND (position('\"' || COALESCE(t.typname, c.opcname) || '\"' IN {0}) > 0\n"
          "    OR position(' ' || p.proname || '(' IN {0}) > 0\n"
          "    OR position(' ' || o.oprname || ' ' IN {0}) > 0))",
          sql::QuoteLiteral(error.Detail("server_message"))));
  if (!found || found->empty()) return;
  const ExtensionOutsidePath& extension = found->front();
  error.hint =
      fmt::format("{}: {}; then deploy again", extension.Description(), extension.Remedy());
}

}  // namespace ballast::apply
