// SPDX-License-Identifier: Apache-2.0
#include "difference/database_definitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/text.h"
#include "catalog/dependency_order.h"
#include "catalog/inheritance.h"
#include "catalog/object_identity.h"
#include "difference/alter.h"
#include "difference/check_changes.h"
#include "difference/definition_refs.h"
#include "difference/step_kinds.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::ObjectId;
using catalog::Step;
using catalog::TableObject;

// Of default privileges.
bool IsInSchema(const Definition& definition) {
  const auto* privileges = std::get_if<catalog::DefaultPrivileges>(&definition.created);
  return privileges != nullptr && privileges->in_schema;
}

// Steps with the same name are distinguished by what they change.
std::string SectionOf(const Definition& definition) {
  if (IsInSchema(definition)) return "in schema";
  if (definition.step == Step::kOwnSequence) return std::to_string(definition.id.part);
  if (definition.step != Step::kAlterTable) return {};
  if (definition.id.part == catalog::kColumnSettingsPart) return "settings";
  if (definition.id.part < 0) return std::to_string(definition.id.part / 1000);
  return std::to_string(definition.id.catalog);
}

// "default privileges on tables of role app in schema public"
std::string LabelOfDefaultPrivileges(const Definition& definition) {
  const std::string label = "default privileges on " + ToLowerAscii(definition.detail) + " of " +
                            sql::QuoteIdentifier(definition.name.name);
  if (!IsInSchema(definition)) return label;
  const std::string& schema = definition.name.schema;
  return label +
         (schema.empty() ? " in the target schema" : " in schema " + sql::QuoteIdentifier(schema));
}

// A comment, privileges or an owner.
bool IsAboutObject(const Definition& definition) {
  const bool about = definition.step == Step::kComment || definition.step == Step::kGrant ||
                     definition.step == Step::kAlterOwner;
  return about && !definition.needs.empty();
}

// "publication \"p\" (table \"t\")"
std::string LabelOfMember(const Definition& definition) {
  const bool schema = definition.detail.starts_with("schema ");
  return fmt::format("publication {} ({}{})", sql::QuoteIdentifier(definition.name.name),
                     schema ? "" : "table ", definition.detail);
}

// "text search parser", of "CreateTextSearchParser".
std::string KindIn(std::string_view title) {
  for (const std::string_view verb : {"Create", "Alter"})
    if (title.starts_with(verb)) title.remove_prefix(verb.size());
  std::string kind;
  for (const char c : title) {
    if (c >= 'A' && c <= 'Z' && !kind.empty()) kind += ' ';
    kind += c;
  }
  return ToLowerAscii(kind);
}

std::string RawKey(const Definition& definition, const std::string& detail) {
  return fmt::format("{}|{}|{}|{}|{}", static_cast<int>(definition.step), SectionOf(definition),
                     definition.name.schema, definition.name.name, detail);
}

}  // namespace

std::optional<size_t> ColumnNamed(const TableObject& table, const std::string& name) {
  for (size_t at = 0; at < table.table.columns.size(); ++at) {
    if (table.table.columns[at].name == name) return at;
  }
  return std::nullopt;
}

bool IsPartitionOf(const DatabaseDefinitions& side, const TableObject& table,
                   const TableObject& root) {
  const TableObject* at = &table;
  while (at != nullptr && !at->bound.empty() && !at->parents.empty()) {
    at = side.TableOf(at->parents.front());
    if (at == &root) return true;
  }
  return false;
}

const catalog::TriggerCopy* CopyThatConcerns(const DatabaseDefinitions& side, size_t at) {
  const Definition& definition = side.At(at);
  const bool is_property = IsProperty(definition.step) && !definition.needs.empty();
  const ObjectId id = is_property ? definition.needs.front() : definition.id;
  const auto& copies = side.database().trigger_copies;
  const auto copy = copies.find(id);
  return copy == copies.end() ? nullptr : &copy->second;
}

std::optional<size_t> ColumnNumbered(const TableObject& table, int32_t number) {
  const auto found = std::find(table.numbers.begin(), table.numbers.end(), number);
  if (found == table.numbers.end()) return std::nullopt;
  return static_cast<size_t>(found - table.numbers.begin());
}

DatabaseDefinitions::DatabaseDefinitions(const catalog::Database& database,
                                         const catalog::PartsOptions& options)
    : database_(database), parts_(catalog::PartsOf(database, options)) {
  for (const TableObject& table : database.tables) {
    tables_[table.id] = &table;
    tables_by_name_[table.table.name] = &table;
    for (const ObjectId parent : table.parents) children_[parent].push_back(&table);
    for (size_t at = 0; at < table.defaults.size(); ++at) {
      if (table.defaults[at].object != 0) default_columns_[table.defaults[at]] = table.numbers[at];
    }
  }
  for (const catalog::IndexObject& index : database.indexes) indexes_[index.id] = &index;
  for (const catalog::Sequence& sequence : database.sequences) {
    sequences_[sequence.id] = &sequence;
    if (sequence.identity) identities_[sequence.column] = &sequence;
  }
  OrderKeysOfPartitionsFirst();
  OrderTablesAfterDomainChecks();
  for (const catalog::Dependency& edge : parts_.edges) {
    const bool owns = edge.kind == 'i' || edge.kind == 'e' || edge.kind == 'P';
    if (owns) owners_.emplace(edge.from, edge.to);
  }
  order_ = catalog::OrderDefinitions(parts_.definitions, parts_.needs);
  refs_by_id_ = RefsOfObjects(*this);
  refs_ = RefsOfDefinitions(*this, refs_by_id_);
  for (size_t at = 0; at < size(); ++at) {
    std::string key = RawKey(At(at), IdentifyingDetail(At(at)));
    while (!by_key_.emplace(key, at).second) key += "+";
    keys_.push_back(std::move(key));
  }
  CollectUses();
}

// The types of a routine's arguments identify it, not their names, which its detail has, too.
std::string DatabaseDefinitions::IdentifyingDetail(const Definition& definition) const {
  const bool about = IsAboutObject(definition);
  const auto found = refs_by_id_.find(about ? definition.needs.front() : definition.id);
  if (found == refs_by_id_.end() || !catalog::IsRoutineKind(found->second.kind))
    return definition.detail;
  const std::string types = "(" + found->second.arguments + ")";
  return about ? QuotedName(found->second.name) + types : types;
}

std::optional<size_t> DatabaseDefinitions::Find(const std::string& key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  return found->second;
}

const catalog::Address* DatabaseDefinitions::AddressOf(ObjectId id) const {
  const auto found = database_.addresses.find(id);
  return found == database_.addresses.end() ? nullptr : &found->second;
}

std::string DatabaseDefinitions::LabelOf(size_t at) const {
  const Definition& definition = At(at);
  if (definition.step == Step::kCreateTrigger && !definition.settings.empty()) {
    return "state of trigger " + QuotedName(definition.name) + "." +
           sql::QuoteIdentifier(definition.detail);
  }
  if (const catalog::Address* address = AddressOf(definition.id)) {
    return ToLowerAscii(address->kind) + " " + address->text;
  }
  if (definition.step == Step::kAlterDefaultPrivileges) return LabelOfDefaultPrivileges(definition);
  if (definition.step == Step::kAlterPublication) return LabelOfMember(definition);
  if (definition.step == Step::kAlterView)
    return "column " + QuotedName(definition.name) + "." +
           sql::QuoteIdentifier(sql::NameContent(definition.detail));
  if (IsAboutObject(definition)) {
    // The name of the step orders it, and can be empty.
    const catalog::Address* address = AddressOf(definition.needs.front());
    return (address == nullptr ? definition.name.name : ToLowerAscii(address->kind)) + " " +
           definition.detail;
  }
  const bool of_column = definition.step == Step::kAlterTable && definition.id.part == 0;
  if (of_column) {
    return "default of column " + QuotedName(definition.name) + "." +
           sql::QuoteIdentifier(definition.detail);
  }
  const std::string detail = definition.detail.empty() ? "" : " " + definition.detail;
  if (definition.id.catalog != 0) {
    const ObjectId whole{definition.id.catalog, definition.id.object, 0};
    if (const catalog::Address* address = AddressOf(whole)) {
      return ToLowerAscii(address->kind) + " " + address->text;
    }
  }
  return KindIn(catalog::TitleOf(definition.step)) + " " + QuotedName(definition.name) + detail;
}

std::string DatabaseDefinitions::LabelOf(const Part& part) const {
  const TableObject* table = TableAt(part.definition);
  const auto at =
      table != nullptr && part.column > 0 ? ColumnNumbered(*table, part.column) : std::nullopt;
  if (!at) return LabelOf(part.definition);
  return "column " + QuotedName(table->table.name) + "." +
         sql::QuoteIdentifier(table->table.columns[*at].name);
}

std::string DatabaseDefinitions::LabelOf(const PartDependency& use) const {
  return LabelOf(use.user) + ", which depends on " + LabelOf(use.used);
}

std::vector<Part> DatabaseDefinitions::InheritingColumns(const TableObject& parent,
                                                         const std::string& column) const {
  std::vector<Part> found;
  const auto children = children_.find(parent.id);
  if (children == children_.end()) return found;
  for (const TableObject* child : children->second) {
    const auto maker = parts_.makers.find(child->id);
    const auto at = ColumnNamed(*child, column);
    if (!at || maker == parts_.makers.end()) continue;
    found.push_back({maker->second, child->numbers[*at]});
    const std::vector<Part> further = InheritingColumns(*child, column);
    found.insert(found.end(), further.begin(), further.end());
  }
  return found;
}

const TableObject* DatabaseDefinitions::TableAt(size_t at) const {
  const Definition& definition = At(at);
  return definition.step == Step::kCreateTable ? TableOf(definition.id) : nullptr;
}

const TableObject* DatabaseDefinitions::TableOf(ObjectId id) const {
  const auto found = tables_.find({id.catalog, id.object, 0});
  return found == tables_.end() ? nullptr : found->second;
}

const TableObject* DatabaseDefinitions::TableNamed(const catalog::Name& name) const {
  const auto found = tables_by_name_.find(name);
  return found == tables_by_name_.end() ? nullptr : found->second;
}

std::optional<size_t> DatabaseDefinitions::ParentOf(const TableObject& partition) const {
  if (partition.bound.empty()) return std::nullopt;
  const auto parent = parts_.makers.find(partition.parents.front());
  return parent == parts_.makers.end() ? std::nullopt : std::optional(parent->second);
}

const catalog::Name& DatabaseDefinitions::TableNameAt(size_t at) const {
  const Definition& definition = At(at);
  if (definition.step != Step::kCreateIndex) return definition.name;
  const catalog::IndexObject* index = IndexAt(at);
  return index == nullptr ? definition.name : index->index.table;
}

std::optional<catalog::Name> DatabaseDefinitions::RelationMadeAt(size_t at) const {
  const Definition& definition = At(at);
  if (IsRelation(definition.step)) return definition.name;
  const TableObject* table = TableNamed(definition.name);
  if (definition.step != Step::kAlterTable || table == nullptr) return std::nullopt;
  for (const catalog::TableConstraint& constraint : table->constraints) {
    if (constraint.id == definition.id && constraint.index.object != 0)
      return catalog::Name{definition.name.schema, constraint.name};
  }
  return std::nullopt;
}

const catalog::IndexObject* DatabaseDefinitions::IndexAt(size_t at) const {
  const auto found = indexes_.find(ObjectId{At(at).id.catalog, At(at).id.object, 0});
  return found == indexes_.end() ? nullptr : found->second;
}

const catalog::Sequence* DatabaseDefinitions::SequenceAt(size_t at) const {
  return SequenceOf(At(at).id);
}

const catalog::Sequence* DatabaseDefinitions::SequenceOf(ObjectId id) const {
  const auto found = sequences_.find(ObjectId{id.catalog, id.object, 0});
  return found == sequences_.end() ? nullptr : found->second;
}

bool DatabaseDefinitions::IsInTables(const catalog::Name& domain) const {
  std::set<size_t> domains;
  for (size_t at = 0; at < size(); ++at) {
    if (At(at).step == Step::kCreateDomain && At(at).name == domain) domains.insert(at);
  }
  for (size_t before = 0; before < domains.size();) {
    before = domains.size();
    for (const PartDependency& use : uses_) {
      if (!domains.contains(use.used.definition)) continue;
      if (TableAt(use.user.definition) != nullptr) return true;
      if (At(use.user.definition).step == Step::kCreateDomain) domains.insert(use.user.definition);
    }
  }
  return false;
}

const catalog::Sequence* DatabaseDefinitions::IdentityOf(const TableObject& table,
                                                         size_t column) const {
  const auto found = identities_.find(catalog::ColumnId(table, column));
  return found == identities_.end() ? nullptr : found->second;
}

std::optional<Part> DatabaseDefinitions::Resolve(ObjectId id, int depth) const {
  auto made = parts_.makers.find(id);
  // A column that the baseline adds later is one of its table's.
  if (made != parts_.makers.end() && At(made->second).step == Step::kAddColumn)
    made = parts_.makers.find({id.catalog, id.object, 0});
  if (made != parts_.makers.end()) {
    const auto column = default_columns_.find(id);
    const bool in_table = At(made->second).step == Step::kCreateTable;
    if (in_table && column != default_columns_.end()) return Part{made->second, column->second};
    // The sequence of an identity or SERIAL column.
    const catalog::Sequence* sequence = SequenceOf(id);
    if (in_table && sequence != nullptr) return Part{made->second, sequence->column.part};
    return Part{made->second, in_table && id.part > 0 ? id.part : 0};
  }
  if (id.part != 0) {
    std::optional<Part> whole = Resolve({id.catalog, id.object, 0}, depth);
    if (whole && id.part > 0 && TableAt(whole->definition) != nullptr) whole->column = id.part;
    return whole;
  }
  const auto owner = owners_.find(id);
  constexpr int kDeepest = 8;
  if (owner == owners_.end() || depth == kDeepest) return std::nullopt;
  std::optional<Part> part = Resolve(owner->second, depth + 1);
  return part;
}

// ADD CONSTRAINT on a partitioned table adopts an existing key of a partition.
void DatabaseDefinitions::OrderKeysOfPartitionsFirst() {
  std::map<ObjectId, ObjectId> by_index;
  for (const TableObject& table : database_.tables) {
    for (const catalog::TableConstraint& key : table.constraints) {
      if (key.index.object != 0) by_index[key.index] = key.id;
    }
  }
  for (const TableObject& table : database_.tables) {
    for (const catalog::TableConstraint& key : table.constraints) {
      const auto above = by_index.find(key.parent_index);
      if (key.index.object == 0 || above == by_index.end()) continue;
      const auto parent = parts_.makers.find(above->second);
      const auto child = parts_.makers.find(key.id);
      if (parent == parts_.makers.end() || child == parts_.makers.end()) continue;
      if (At(parent->second).step != Step::kAlterTable) continue;
      if (At(child->second).step == Step::kAlterTable) {
        parts_.needs[parent->second].push_back(child->second);
      }
    }
  }
}

// The server refuses a new check once a column is an array of the domain, so tables follow it,
// unless it needs them itself.
void DatabaseDefinitions::OrderTablesAfterDomainChecks() {
  for (size_t at = 0; at < size(); ++at) {
    if (At(at).step != Step::kAlterDomain) continue;
    const std::set<size_t> needed = catalog::ClosureOf(at, parts_.needs);
    for (size_t table = 0; table < size(); ++table) {
      const bool follows = At(table).step == Step::kCreateTable && !needed.contains(table);
      if (follows) parts_.needs[table].push_back(at);
    }
  }
}

void DatabaseDefinitions::CollectUses() {
  for (const catalog::Dependency& edge : database_.dependencies) {
    const std::optional<Part> user = Resolve(edge.from);
    const std::optional<Part> used = Resolve(edge.to);
    if (!user || !used) continue;
    const bool same = user->definition == used->definition && user->column == used->column;
    if (!same) uses_.push_back({*user, *used, edge.kind});
  }
  for (size_t at = 0; at < size(); ++at) {
    for (const ObjectId& id : At(at).needs) {
      const std::optional<Part> used = Resolve(id);
      if (!used || used->definition == at) continue;
      const int32_t column = SequenceOf(id) == nullptr ? 0 : used->column;
      uses_.push_back({{at, 0}, {used->definition, column}, 'n'});
    }
  }
}

catalog::PartsOptions SeparateParts(const catalog::Database& database,
                                    const catalog::Database& other,
                                    const std::set<catalog::Name>& recreated) {
  catalog::PartsOptions options;
  std::map<catalog::Name, const TableObject*> others;
  for (const TableObject& table : other.tables) others[table.table.name] = &table;
  for (const TableObject& table : database.tables) {
    const auto same = others.find(table.table.name);
    if (same == others.end()) continue;
    for (size_t at = 0; at < table.defaults.size(); ++at) {
      const catalog::Column& column = table.table.columns[at];
      const bool in_both = ColumnNamed(*same->second, column.name).has_value();
      const bool has_default = table.defaults[at].object != 0 && column.generated.empty();
      if (in_both && has_default) options.apart.insert(table.defaults[at]);
    }
    for (const catalog::TableConstraint& constraint : table.constraints) {
      options.apart.insert(constraint.id);
    }
  }
  // The defaults of a table that inherits are not converted together with its columns.
  for (const TableObject& table : database.tables) {
    if (others.contains(table.table.name) || table.parents.empty()) continue;
    for (size_t at = 0; at < table.defaults.size(); ++at) {
      const bool of_parent = table.inherited[at] || table.merged[at];
      const bool has_default =
          table.defaults[at].object != 0 && table.table.columns[at].generated.empty();
      if (of_parent && has_default) options.apart.insert(table.defaults[at]);
    }
  }
  std::set<ObjectId> in_both;
  for (const TableObject& table : database.tables) {
    if (others.contains(table.table.name)) in_both.insert(table.id);
  }
  std::set<catalog::Name> existing;
  for (const catalog::Sequence& sequence : other.sequences) existing.insert(sequence.name);
  for (const catalog::Sequence& sequence : database.sequences) {
    const ObjectId table{sequence.column.catalog, sequence.column.object, 0};
    const bool of_both = in_both.contains(table);
    if (of_both || existing.contains(sequence.name)) options.own_sequences.insert(sequence.id);
  }
  // The server refuses to add a check to a domain if a column is an array of it, so a domain that
  // is created gets its checks at once.
  std::map<catalog::Name, const Definition*> domains;
  for (const Definition& definition : other.definitions) {
    if (definition.step == Step::kCreateDomain) domains[definition.name] = &definition;
  }
  for (const Definition& definition : database.definitions) {
    if (definition.step != Step::kCreateDomain || recreated.contains(definition.name)) continue;
    const auto same = domains.find(definition.name);
    if (same == domains.end() || !CanAlterDomain(*same->second, definition)) continue;
    for (const catalog::Clause& clause : definition.clauses) {
      if (clause.id.object != 0) options.apart.insert(clause.id);
    }
  }
  options.apart.merge(ChecksOfSharedTrees(database, other));
  options.apart.erase(ObjectId{});
  return options;
}

}  // namespace ballast::difference
