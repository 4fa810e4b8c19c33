// SPDX-License-Identifier: Apache-2.0
#include "difference/statement_target.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "catalog/object_identity.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

constexpr std::string_view kNameOf = "name of ";

}  // namespace

catalog::Name RelationOf(const Statement& statement) {
  const catalog::ObjectRef& target = statement.target;
  if (catalog::IsRelationKind(target.kind)) return target.name;
  return {target.parent.empty() ? std::string() : target.name.schema, target.parent};
}

bool Concerns(const Statement& statement, const std::string& relation) {
  if (relation.empty()) return false;
  const catalog::Name of = RelationOf(statement);
  return (!of.name.empty() && QuotedName(of) == relation) ||
         NamesRelation(statement.text, relation);
}

bool NamesRelation(const std::string& text, const std::string& relation) {
  const auto text_at = [](const std::string& script, const sql::Token& token) {
    return std::string_view(script).substr(token.offset, token.length);
  };
  const std::vector<sql::Token> sought = sql::Tokenize(relation);
  const std::vector<sql::Token> tokens = sql::Tokenize(text);
  if (sought.empty()) return false;
  const auto same = [&](const sql::Token& one, const sql::Token& other) {
    return text_at(text, one) == text_at(relation, other);
  };
  for (auto from = tokens.begin();; ++from) {
    from = std::search(from, tokens.end(), sought.begin(), sought.end(), same);
    if (from == tokens.end()) return false;
    const bool qualified = from != tokens.begin() && text_at(text, *(from - 1)) == ".";
    if (!qualified) return true;
  }
}

std::string LabelOfNameOf(const std::string& object) {
  return std::string(kNameOf) + object;
}

void ReadLabel(Statement& statement) {
  std::string_view label = statement.object;
  if (label.starts_with(kNameOf)) {
    statement.purpose = StatementPurpose::kRenameAside;
    label.remove_prefix(kNameOf.size());
  }
  const size_t quote = label.find(" \"");
  if (quote == label.npos) return;
  const std::string_view kind = label.substr(0, quote), identity = label.substr(quote + 1);
  const bool is_property = kind.find(" of ") != kind.npos || kind.find(" on ") != kind.npos;
  const std::string_view rest = catalog::SplitIdentity(identity).rest;
  const bool is_part = !rest.empty() && !rest.starts_with('(');  // "constraint \"c\" on \"t\""
  if (is_property || is_part || kind == "column") return;
  statement.target = catalog::RefOf(kind, identity);
}

}  // namespace ballast::difference
