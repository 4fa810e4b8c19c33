// SPDX-License-Identifier: Apache-2.0
#include "catalog/moved_objects.h"

#include <algorithm>

#include "sql/lexer.h"

namespace ballast::catalog {
namespace {

MovedObjects::Pairs RenamedIn(const ObjectIdentities& before, const ObjectIdentities& after) {
  MovedObjects::Pairs renamed;
  for (const auto& [identity, key] : before) {
    const auto now = after.find(identity);
    if (now != after.end() && now->second != key) renamed.emplace_back(key, now->second);
  }
  return renamed;
}

// The identity of a column is that of its table, a dot and a number.
std::string TableIn(const std::string& identity_of_column) {
  return identity_of_column.substr(0, identity_of_column.rfind('.'));
}

std::set<ObjectKey> MadeAgainIn(const ObjectIdentities& before, const ObjectIdentities& after) {
  std::set<ObjectKey> gone, made_again;
  for (const auto& [identity, key] : before) {
    if (after.contains(identity)) continue;
    const bool alone = key.first == "column" && after.contains(TableIn(identity));
    if (key.first == "table" || alone) gone.insert(key);
  }
  for (const auto& [identity, key] : after) {
    if (gone.contains(key)) made_again.insert(key);
  }
  return made_again;
}

// The parts of a name in a text. Definitions name a part of a table or a type by its own name.
std::vector<std::string> NamesInTexts(const ObjectKey& key) {
  const bool is_part = !PlaceOf(key.first, key.second).parent.empty() || key.first == "attribute" ||
                       key.first == "enum value";
  if (is_part) return {LastNameOf(key.second)};
  return PartsOf(key.second);
}

class Text {
 public:
  explicit Text(std::string_view text) : text_(text), tokens_(sql::Tokenize(text)) {}

  bool AtEnd(size_t at) const { return at >= tokens_.size(); }
  bool IsName(size_t at) const {
    return !AtEnd(at) && (tokens_[at].kind == sql::TokenKind::kWord ||
                          tokens_[at].kind == sql::TokenKind::kQuotedName);
  }
  bool IsString(size_t at) const {
    return !AtEnd(at) && tokens_[at].kind == sql::TokenKind::kString;
  }
  bool Is(size_t at, std::string_view token) const { return !AtEnd(at) && Source(at) == token; }
  std::string NameAt(size_t at) const {
    return IsName(at) ? sql::NameContent(Source(at)) : std::string();
  }
  std::string StringAt(size_t at) const { return sql::StringContent(Source(at)); }

  // The number of tokens that the dotted name has here; 0: it is not here.
  size_t LengthOf(const std::vector<std::string>& names, size_t at) const {
    for (size_t part = 0; part < names.size(); ++part) {
      if (part > 0 && !Is(at + 2 * part - 1, ".")) return 0;
      if (!IsName(at + 2 * part) || NameAt(at + 2 * part) != names[part]) return 0;
    }
    return 2 * names.size() - 1;
  }

  bool IsSame(size_t at, const Text& other, size_t there) const {
    if (AtEnd(at) || other.AtEnd(there)) return AtEnd(at) && other.AtEnd(there);
    if (IsName(at) && other.IsName(there)) return NameAt(at) == other.NameAt(there);
    return Source(at) == other.Source(there);
  }

 private:
  std::string_view Source(size_t at) const {
    return text_.substr(tokens_[at].offset, tokens_[at].length);
  }

  std::string_view text_;
  std::vector<sql::Token> tokens_;
};

struct Rename {
  std::vector<std::string> before, after;
};

// Reads both texts side by side.
class TextComparison {
 public:
  TextComparison(std::string_view before, std::string_view after, std::vector<Rename> renames)
      : before_(before), after_(after), renames_(std::move(renames)) {}

  bool AreEqual() {
    while (!before_.AtEnd(b_) || !after_.AtEnd(a_)) {
      if (before_.IsSame(b_, after_, a_)) {
        last_ = before_.NameAt(b_);
        ++b_;
        ++a_;
      } else if (!TakeRenamed() && !TakeAlias()) {
        return false;
      }
    }
    return true;
  }

 private:
  bool TakeRenamed() {
    return std::ranges::any_of(renames_, [this](const Rename& rename) {
      if (before_.IsString(b_) && after_.IsString(a_)) return TakeString(rename);
      const size_t was = before_.LengthOf(rename.before, b_);
      const size_t is = after_.LengthOf(rename.after, a_);
      if (was == 0 || is == 0) return false;
      b_ += was;
      a_ += is;
      last_ = rename.before.back();
      return true;
    });
  }

  // 'a'::kind, nextval('s'::regclass)
  bool TakeString(const Rename& rename) {
    const auto names = [](const std::string& text, const std::vector<std::string>& parts) {
      return (parts.size() == 1 && text == parts[0]) || PartsOf(text) == parts;
    };
    if (!names(before_.StringAt(b_), rename.before) || !names(after_.StringAt(a_), rename.after)) {
      return false;
    }
    ++b_;
    ++a_;
    return true;
  }

  // The earlier name, and those of the columns of a relation: new AS old, renamed t, t t(old).
  bool TakeAlias() {
    size_t at = a_;
    if (after_.Is(at, "AS")) ++at;
    if (!last_.empty() && after_.NameAt(at) == last_) at = EndOfList(at + 1);
    if (at == a_ || after_.Is(at - 1, "AS")) return false;
    last_.clear();
    a_ = at;
    return true;
  }

  // Behind (name, name); the same place if there is no such list.
  size_t EndOfList(size_t at) const {
    if (!after_.Is(at, "(")) return at;
    size_t end = at + 1;
    while (after_.IsName(end) && after_.Is(end + 1, ",")) end += 2;
    return after_.IsName(end) && after_.Is(end + 1, ")") ? end + 2 : at;
  }

  Text before_, after_;
  std::vector<Rename> renames_;
  size_t b_ = 0, a_ = 0;  // the next tokens
  std::string last_;      // the name before them, in the earlier text
};

}  // namespace

MovedObjects::MovedObjects(Pairs renamed, std::set<ObjectKey> made_again)
    : after_(renamed.begin(), renamed.end()), made_again_(std::move(made_again)) {
  for (const auto& [before, after] : after_) taken_.insert(after);
}

MovedObjects::MovedObjects(const ObjectIdentities& before, const ObjectIdentities& after)
    : MovedObjects(RenamedIn(before, after), MadeAgainIn(before, after)) {}

std::optional<ObjectKey> MovedObjects::After(const ObjectKey& before) const {
  const auto moved = after_.find(before);
  if (moved != after_.end()) return moved->second;
  if (taken_.contains(before)) return std::nullopt;
  return before;
}

std::optional<ObjectKey> MovedObjects::TakenAlong(const ObjectKey& before) const {
  const std::optional<ObjectKey> now = After(before);
  if (!now || *now == before) return now;
  if (LastNameOf(before.second) != LastNameOf(now->second)) return std::nullopt;
  const ObjectPlace was = PlaceOf(before.first, before.second);
  const std::string schema = PlaceOf(now->first, now->second).schema;
  const bool of_table = !was.parent.empty() || before.first == "index";
  if (of_table || was.schema == schema || IsRenamedSchema(was.schema, schema)) return now;
  return std::nullopt;
}

bool MovedObjects::IsRenamedSchema(const std::string& before, const std::string& after) const {
  const auto name = [](const ObjectKey& schema) {
    return schema.second == kTargetSchema ? std::string() : LastNameOf(schema.second);
  };
  return std::ranges::any_of(after_, [&](const auto& moved) {
    return moved.first.first == "schema" && name(moved.first) == before &&
           name(moved.second) == after;
  });
}

bool MovedObjects::IsRenamedText(std::string_view before, std::string_view after) const {
  if (after_.empty()) return false;
  std::vector<Rename> renames;
  for (const auto& [was, is] : after_) renames.push_back({NamesInTexts(was), NamesInTexts(is)});
  return TextComparison(before, after, std::move(renames)).AreEqual();
}

}  // namespace ballast::catalog
