// SPDX-License-Identifier: Apache-2.0
#include "assess/state_between.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "catalog/dated_partitions.h"
#include "catalog/object_identity.h"
#include "catalog/snapshot_objects.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::assess {
namespace {

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// In lower case, in order; also the words in strings and bodies.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && IsWordCharacter(text[end])) ++end;
    if (end > i) words.push_back(ToLowerAscii(text.substr(i, end - i)));
    i = end + 1;
  }
  return words;
}

// The names in a text, as the catalog has them but in lower case; also those in its strings, which
// can be code.
void AddNames(std::string_view text, std::unordered_set<std::string>& names) {
  for (const sql::Token& token : sql::Tokenize(text)) {
    const std::string_view word = text.substr(token.offset, token.length);
    if (token.kind == sql::TokenKind::kString) {
      AddNames(sql::StringContent(word), names);
    } else if (token.kind == sql::TokenKind::kWord || token.kind == sql::TokenKind::kQuotedName) {
      names.insert(ToLowerAscii(sql::NameContent(word)));
    }
  }
}

// Which names a script's statements contain.
class NamedObjects {
 public:
  explicit NamedObjects(const std::vector<std::string_view>& scripts) {
    for (const std::string_view script : scripts) {
      for (const sql::StatementText& statement : sql::SplitScript(script)) Add(statement.text);
    }
  }

  // Whether one statement contains all names. `changing`: one that can change tables and columns
  // which exist.
  bool Any(const std::vector<std::string>& names, bool changing = false) const {
    return std::any_of(statements_.begin(), statements_.end(), [&](const Statement& statement) {
      if (changing && !statement.changing) return false;
      return std::all_of(names.begin(), names.end(),
                         [&](const std::string& name) { return Contains(statement, name); });
    });
  }

  // Whether a statement that can make an object of this kind contains the name.
  bool Make(const std::string& name, const std::string& kind) const {
    return std::any_of(statements_.begin(), statements_.end(), [&](const Statement& statement) {
      const bool makes = kind == "column" ? statement.makes_columns : statement.makes;
      return makes && Contains(statement, name);
    });
  }

 private:
  struct Statement {
    std::string text;                       // in lower case
    std::unordered_set<std::string> words;  // and names
    bool changing = true;
    bool makes = false;  // an object
    bool makes_columns = false;
  };

  void Add(std::string_view text) {
    std::vector<std::string> words = WordsOf(text);
    if (words.empty()) return;
    Statement statement;
    statement.text = ToLowerAscii(text);
    static const std::set<std::string> not_changing = {"create", "insert", "update", "delete"};
    statement.changing = !not_changing.contains(words.front());
    const bool creates = words.front() == "create";
    const bool adds = std::find(words.begin(), words.end(), "add") != words.end();
    statement.makes = creates || adds;
    statement.makes_columns =
        adds || (creates && words.size() > 1 && words[1] != "index" && words[1] != "unique");
    statement.words.insert(words.begin(), words.end());
    AddNames(text, statement.words);
    statements_.push_back(std::move(statement));
  }

  static bool Contains(const Statement& statement, const std::string& name) {
    const std::string lower = ToLowerAscii(name);
    if (statement.words.contains(lower)) return true;
    if (std::all_of(lower.begin(), lower.end(), IsWordCharacter)) return false;
    return statement.text.find(lower) != std::string::npos;
  }

  std::vector<Statement> statements_;
};

using BetweenKey = catalog::ObjectKey;
using BetweenValues = std::map<std::string, std::set<std::string>>;  // property → values
using BetweenObjects = std::map<BetweenKey, BetweenValues>;

BetweenObjects ObjectsOf(const catalog::Snapshot& snapshot) {
  BetweenObjects objects;
  for (const catalog::ObjectProperty& item : snapshot) {
    if (item.property == catalog::kDependsOnProperty) continue;
    objects[{item.kind, item.object}][item.property].insert(item.value);
  }
  return objects;
}

struct Ending {
  std::string_view text;
  bool of_index = false;  // also of the index of a constraint
};
constexpr std::array kGeneratedEnds = {
    Ending{"_pkey", true}, Ending{"_key", true}, Ending{"_excl", true}, Ending{"_fkey"},
    Ending{"_check"},      Ending{"_not_null"},  Ending{"_seq"}};

class Expectation {
 public:
  Expectation(const StateBetween& between, const catalog::Snapshot& live)
      : applied_(between.applied),
        pending_(between.pending),
        before_(ObjectsOf(between.before)),
        after_(ObjectsOf(between.after)),
        live_(ObjectsOf(live)) {}

  catalog::Snapshot Make() {
    std::set<BetweenKey> keys;
    for (const BetweenObjects* state : {&before_, &after_, &live_}) {
      for (const auto& [key, values] : *state) keys.insert(key);
    }
    for (const BetweenKey& key : keys) AddObject(key);
    return catalog::SortedSnapshot(std::move(expected_));
  }

 private:
  static const BetweenValues* In(const BetweenObjects& objects, const BetweenKey& key) {
    const auto found = objects.find(key);
    return found == objects.end() ? nullptr : &found->second;
  }

  static const std::set<std::string>& ValuesOf(const BetweenValues* object,
                                               const std::string& property) {
    static const std::set<std::string> none;
    if (object == nullptr) return none;
    const auto found = object->find(property);
    return found == object->end() ? none : found->second;
  }

  void AddObject(const BetweenKey& key) {
    const BetweenValues* before = In(before_, key);
    const BetweenValues* after = In(after_, key);
    const BetweenValues* live = In(live_, key);
    if (live != nullptr && before == nullptr && after == nullptr) {
      if (MayHaveBeenMade(key)) AddAll(key, *live);
    } else if (live == nullptr && before != nullptr && after != nullptr) {
      // An applied script can drop it with another object. Then a pending one makes it again.
      if (!MayHaveChanged(key) && !WillBeMade(key)) AddAll(key, *before);
    } else if (live == nullptr && after != nullptr) {
      if (MustHaveBeenMade(key)) AddAll(key, *after);
    } else if (live != nullptr && !IsOfOthers(key)) {
      AddProperties(key, before, after, *live);
    }
  }

  void AddAll(const BetweenKey& key, const BetweenValues& values) {
    for (const auto& [property, all] : values) AddValues(key, property, all);
  }

  void AddValues(const BetweenKey& key, const std::string& property,
                 const std::set<std::string>& values) {
    for (const std::string& value : values) {
      expected_.push_back({key.first, key.second, property, value});
    }
  }

  void AddProperties(const BetweenKey& key, const BetweenValues* before, const BetweenValues* after,
                     const BetweenValues& live) {
    std::set<std::string> properties;
    for (const BetweenValues* object : {before, after, &live}) {
      if (object == nullptr) continue;
      for (const auto& [property, values] : *object) properties.insert(property);
    }
    for (const std::string& property : properties) {
      const auto& was = ValuesOf(before, property);
      const auto& will = ValuesOf(after, property);
      const auto& is = ValuesOf(&live, property);
      const bool explained = (before != nullptr && is == was) || (after != nullptr && is == will) ||
                             (before == nullptr ? MayHaveBeenMade(key) : MayHaveChanged(key)) ||
                             NamesRenamed(before == nullptr ? will : was, is);
      AddValues(key, property, explained ? is : before != nullptr ? was : will);
    }
  }

  static std::vector<std::string> NamesOf(const BetweenKey& key) {
    std::vector<std::string> parts = catalog::PartsOf(key.second);
    const bool has_parent = !catalog::PlaceOf(key.first, key.second).parent.empty();
    const size_t depth = has_parent ? 2 : 1;
    if (parts.size() > depth) parts.erase(parts.begin(), parts.end() - static_cast<long>(depth));
    std::erase(parts, "");
    return parts;
  }

  // Statements change the columns of these through their parents, which they name.
  bool Inherits(const std::string& table) const {
    const BetweenValues* object = In(live_, {"table", table});
    return object != nullptr && catalog::IsChildTable(*object);
  }

  std::vector<std::string> NamesToFind(const BetweenKey& key) const {
    std::vector<std::string> names = NamesOf(key);
    if (names.size() < 2) return names;
    const bool renamed = applied_.Any({"rename", names.front()});
    if (renamed || Inherits(catalog::PlaceOf(key.first, key.second).parent)) {
      names.erase(names.begin());
    }
    return names;
  }

  // Whether the name is one that PostgreSQL generates for a part of a table that a statement names.
  static bool MayBeGenerated(const BetweenKey& key, const NamedObjects& scripts) {
    const bool index = key.first == "index";
    if (!index && key.first != "constraint" && key.first != "sequence") return false;
    std::string name = NamesOf(key).back();
    while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.pop_back();
    const bool generated =
        std::any_of(kGeneratedEnds.begin(), kGeneratedEnds.end(), [&](const Ending& ending) {
          return (!index || ending.of_index) && name.ends_with(ending.text);
        });
    for (size_t at = name.find('_'); generated && at != std::string::npos;
         at = name.find('_', at + 1)) {
      if (scripts.Any({name.substr(0, at)})) return true;
    }
    return false;
  }

  // Whether a script renames a type of the object's signature, and so the object.
  static bool RenamesSignature(const BetweenKey& key, const NamedObjects& scripts) {
    std::unordered_set<std::string> names;
    AddNames(catalog::SplitIdentity(key.second).rest, names);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return scripts.Any({"rename", name});
    });
  }

  // Whether a pending script can make an object that is missing.
  bool WillBeMade(const BetweenKey& key) const {
    if (RenamesSignature(key, pending_)) return true;
    const std::vector<std::string> names = NamesOf(key);
    if (names.empty() || pending_.Make(names.back(), key.first)) return true;
    return MayBeGenerated(key, pending_);
  }

  // Whether a value has a new name of an object that was renamed.
  bool NamesRenamed(const std::set<std::string>& expected, const std::set<std::string>& is) const {
    std::set<std::string> known;
    for (const std::string& value : expected) {
      for (std::string& word : WordsOf(value)) known.insert(std::move(word));
    }
    for (const std::string& value : is) {
      for (const std::string& word : WordsOf(value)) {
        if (!known.contains(word) && applied_.Any({"rename", word})) return true;
      }
    }
    return false;
  }

  // For an object of the state before.
  bool MayHaveChanged(const BetweenKey& key) const {
    const bool is_relation = key.first == "table" || key.first == "column";
    return applied_.Any(NamesToFind(key), is_relation) || RenamesSignature(key, applied_);
  }

  // For an object that the state before does not have.
  bool MayHaveBeenMade(const BetweenKey& key) const {
    if (applied_.Any(NamesToFind(key)) || MayBeGenerated(key, applied_)) return true;
    if (RenamesSignature(key, applied_)) return true;
    const std::string parent = catalog::PlaceOf(key.first, key.second).parent;
    if (parent.empty()) return false;
    const BetweenKey table{"table", parent};
    if (In(before_, table) != nullptr) return false;
    const std::vector<std::string> names = NamesOf(table);
    if (applied_.Any({"rename", names.back()})) return true;  // its parts have moved with it
    return In(after_, table) == nullptr && applied_.Any(names);
  }

  // Whether an object of others has the name of one that a pending script makes. It is an addition,
  // with all that belongs to it; a part of a managed table is not.
  bool IsOfOthers(const BetweenKey& key) const {
    if (In(before_, key) != nullptr || In(after_, key) == nullptr) return false;
    const std::string parent = catalog::PlaceOf(key.first, key.second).parent;
    if (parent.empty()) return !MayHaveBeenMade(key) && WillBeMade(key);
    return std::ranges::any_of(catalog::ParentKinds(), [&](std::string_view kind) {
      const BetweenKey owner{std::string(kind), parent};
      return In(live_, owner) != nullptr && IsOfOthers(owner);
    });
  }

  // For an object that only the state after has: applied scripts name it, and no pending one can
  // be the one that makes it.
  bool MustHaveBeenMade(const BetweenKey& key) const {
    const std::vector<std::string> names = NamesOf(key);
    if (names.empty() || pending_.Any({names.back()}) || !applied_.Any(names)) return false;
    if (RenamesSignature(key, pending_)) return false;
    const std::string parent = catalog::PlaceOf(key.first, key.second).parent;
    return parent.empty() || In(live_, {"table", parent}) != nullptr;
  }

  NamedObjects applied_;
  NamedObjects pending_;
  BetweenObjects before_;
  BetweenObjects after_;
  BetweenObjects live_;
  catalog::Snapshot expected_;
};

}  // namespace

catalog::Snapshot ExpectedBetween(const StateBetween& between, const catalog::Snapshot& live) {
  catalog::Snapshot expected = Expectation(between, live).Make();
  catalog::DatedPartitions dated = catalog::DatedPartitionsOf(between.before);
  dated.Add(catalog::DatedPartitionsOf(between.after));
  catalog::MarkDated(dated, expected);
  return expected;
}

bool MakesStatements(std::string_view script) {
  const std::vector<std::string> words = WordsOf(script);
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] != "execute") continue;
    const std::string next = i + 1 < words.size() ? words[i + 1] : "";
    if (next != "function" && next != "procedure" && next != "on") return true;
  }
  return false;
}

}  // namespace ballast::assess
