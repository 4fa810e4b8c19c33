// SPDX-License-Identifier: Apache-2.0
#include "sql/canonical_reread.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sql/canonical_columns.h"

namespace ballast::sql {
namespace {

bool HasWord(const TextNodes& nodes, std::string_view word) {
  return std::any_of(nodes.begin(), nodes.end(), [&](const TextNode& n) { return n.Is(word); });
}

// Only what the parentheses of AND or OR enclose has that word at its own level; a window's frame
// and a query have other words too.
bool IsChainOf(const TextNode& node, std::string_view word) {
  if (!node.IsGroup() || node.parts.empty() || !HasWord(node.parts, word)) return false;
  const TextNode& first = node.parts.front();
  return !HasWord(node.parts, "BETWEEN") && !first.Is("SELECT") && !first.Is("WITH") &&
         !first.Is("VALUES");
}

// ((a AND b) AND c) becomes (a AND b AND c); the same for OR.
bool MergeFirstOperand(TextNodes* nodes) {
  if (nodes->size() < 3) return false;
  for (const std::string_view word : {"AND", "OR"}) {
    if (!(*nodes)[1].Is(word) || !IsChainOf(nodes->front(), word)) continue;
    TextNodes merged = std::move(nodes->front().parts);
    merged.front().space_before = nodes->front().space_before;
    merged.front().space = nodes->front().space;
    merged.insert(merged.end(), std::make_move_iterator(nodes->begin() + 1),
                  std::make_move_iterator(nodes->end()));
    *nodes = std::move(merged);
    return true;
  }
  return false;
}

// A type behind `::`, from its first node to behind its last.
struct TypeSpan {
  size_t begin = 0;
  size_t end = 0;
  size_t element_end = 0;  // where the [] of an array begins
};

std::optional<TypeSpan> ArrayTypeAt(const TextNodes& nodes, size_t begin) {
  size_t at = begin;
  while (at < nodes.size() &&
         (nodes[at].IsName() || nodes[at].IsSymbol(".") || (nodes[at].IsGroup() && at > begin))) {
    ++at;
  }
  if (at == begin || at + 1 >= nodes.size()) return std::nullopt;
  if (!nodes[at].IsSymbol("[") || !nodes[at + 1].IsSymbol("]")) return std::nullopt;
  return TypeSpan{begin, at + 2, at};
}

// The elements of ARRAY[…] when that is all that there is.
std::optional<std::vector<TextNodes>> ElementsOf(const TextNodes& nodes) {
  if (nodes.size() < 4 || !nodes[0].Is("ARRAY") || !nodes[1].IsSymbol("[")) return std::nullopt;
  std::vector<TextNodes> elements(1);
  int depth = 1;
  for (size_t i = 2; i < nodes.size(); ++i) {
    if (nodes[i].IsSymbol("[")) ++depth;
    if (nodes[i].IsSymbol("]")) --depth;
    if (depth == 0) {
      if (i + 1 != nodes.size()) return std::nullopt;
      return elements;
    }
    if (depth == 1 && nodes[i].IsSymbol(",")) {
      elements.emplace_back();
    } else {
      elements.back().push_back(nodes[i]);
    }
  }
  return std::nullopt;
}

// A type's name without its modifiers, quotes and blanks: "character", "timestampwithouttimezone".
std::string PlainTypeName(const TextNodes& nodes, size_t begin, size_t end) {
  std::string name;
  for (size_t i = begin; i < end; ++i) {
    if (nodes[i].IsGroup()) continue;
    std::string_view text = nodes[i].text;
    if (nodes[i].kind == TextNode::Kind::kQuotedName && text.size() > 2) {
      text = text.substr(1, text.size() - 2);
    }
    name += text;
  }
  return name == "bpchar" ? "character" : name;
}

bool HasModifier(const TextNodes& type) {
  return std::any_of(type.begin(), type.end(), [](const TextNode& n) { return n.IsGroup(); });
}

bool IsNumericConstant(const TextNodes& element) {
  return !element.empty() && element[0].kind == TextNode::Kind::kWord &&
         std::all_of(element.begin(), element.end(), [](const TextNode& node) {
           return node.IsSymbol(".") || (node.kind == TextNode::Kind::kWord &&
                                         node.text[0] >= '0' && node.text[0] <= '9');
         });
}

// How much of an element is a constant of the type itself, before its own label, to which the
// server adds a length without parentheses (ruleutils.c, get_coercion_expr); 0 for anything else.
size_t ConstantOfType(const TextNodes& element, const TextNodes& type) {
  if (!HasModifier(type)) return 0;
  const std::string name = PlainTypeName(type, 0, type.size());
  if (element.size() > 1 && name == "numeric" && IsNumericConstant(element)) return element.size();
  if (element.size() < 3 || element[0].kind != TextNode::Kind::kString ||
      !element[1].IsSymbol("::")) {
    return 0;
  }
  const TextNodes label(element.begin() + 2, element.end());
  return !HasModifier(label) && PlainTypeName(label, 0, label.size()) == name ? 1 : 0;
}

TextNodes CastArray(const std::vector<TextNodes>& elements, const TextNodes& type);
TextNodes CastElement(TextNodes element, const TextNodes& type);

// Where the word COLLATE is when the element is (x COLLATE name); 0 when it is anything else.
size_t CollatedSize(const TextNodes& element) {
  if (element.size() != 1 || !element[0].IsGroup()) return 0;
  const TextNodes& parts = element[0].parts;
  for (size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].Is("COLLATE")) return i;
  }
  return 0;
}

// (x COLLATE name) becomes ((x)::type COLLATE name): the server casts below the collation.
TextNodes CastCollated(TextNode element, size_t collate, const TextNodes& type) {
  const auto word = element.parts.begin() + static_cast<std::ptrdiff_t>(collate);
  TextNodes cast = CastElement({element.parts.begin(), word}, type);
  cast.insert(cast.end(), word, element.parts.end());
  element.parts = std::move(cast);
  return {std::move(element)};
}

// (element)::type, as the server prints it.
TextNodes CastElement(TextNodes element, const TextNodes& type) {
  if (const auto inner = ElementsOf(element)) return CastArray(*inner, type);
  if (const size_t collate = CollatedSize(element); collate > 0) {
    return CastCollated(std::move(element[0]), collate, type);
  }
  TextNodes cast;
  if (const size_t constant = ConstantOfType(element, type); constant > 0) {
    element.resize(constant);
    cast = std::move(element);
  } else {
    TextNode group;
    group.kind = TextNode::Kind::kGroup;
    group.parts = std::move(element);
    // A line break belongs to the element (CASE begins on a new line), a blank to the list.
    TextNode& first = group.parts.front();
    first.space_before = first.space.starts_with('\n');
    cast.push_back(std::move(group));
  }
  cast.push_back(SymbolNode("::"));
  cast.insert(cast.end(), type.begin(), type.end());
  cast[cast.size() - type.size()].space_before = false;
  return cast;
}

TextNodes CastArray(const std::vector<TextNodes>& elements, const TextNodes& type) {
  TextNodes nodes = {WordNode("ARRAY"), SymbolNode("[")};
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) nodes.push_back(SymbolNode(","));
    TextNodes element = CastElement(elements[i], type);
    element.front().space_before = i > 0;
    element.front().space.clear();
    nodes.insert(nodes.end(), std::make_move_iterator(element.begin()),
                 std::make_move_iterator(element.end()));
  }
  nodes.push_back(SymbolNode("]"));
  return nodes;
}

// (ARRAY[a, b])::type[] becomes ARRAY[(a)::type, (b)::type].
bool CastElementsOfArrays(TextNodes* nodes) {
  bool changed = false;
  for (size_t i = 0; i + 3 < nodes->size(); ++i) {
    if (!(*nodes)[i].IsGroup() || !(*nodes)[i + 1].IsSymbol("::")) continue;
    const auto elements = ElementsOf((*nodes)[i].parts);
    const auto is_empty = [](const TextNodes& element) { return element.empty(); };
    if (!elements || std::any_of(elements->begin(), elements->end(), is_empty)) continue;
    const auto span = ArrayTypeAt(*nodes, i + 2);
    if (!span) continue;
    const auto begin = nodes->begin();
    const TextNodes type(begin + static_cast<std::ptrdiff_t>(span->begin),
                         begin + static_cast<std::ptrdiff_t>(span->element_end));
    TextNodes cast = CastArray(*elements, type);
    cast.front().space_before = (*nodes)[i].space_before;
    cast.front().space = (*nodes)[i].space;
    const auto at = nodes->erase(begin + static_cast<std::ptrdiff_t>(i),
                                 begin + static_cast<std::ptrdiff_t>(span->end));
    nodes->insert(at, std::make_move_iterator(cast.begin()), std::make_move_iterator(cast.end()));
    changed = true;
  }
  return changed;
}

// The elements of ROW(…) from the first of those at its end that are NULL or NULL::type.
size_t FirstNullAtEnd(const TextNodes& parts) {
  size_t begin = parts.size();
  for (size_t i = parts.size(); i-- > 0;) {
    const bool starts_element = i == 0 || parts[i - 1].IsSymbol(",");
    if (!starts_element) continue;
    const bool typed = i + 1 < begin && parts[i + 1].IsSymbol("::");
    const bool alone = i + 1 == begin || parts[i + 1].IsSymbol(",");
    if (!parts[i].Is("NULL") || !(typed || alone)) break;
    begin = i;
  }
  return begin;
}

// ROW(a, NULL::text)::type becomes ROW(a, NULL)::type, because the server prints an attribute that
// the type got later as NULL. `whole`: the text is nothing else, as the default of a column is.
bool DropTypesOfNulls(TextNodes* nodes, bool whole) {
  bool changed = false;
  for (size_t i = 0; i + 1 < nodes->size(); ++i) {
    if (!(*nodes)[i].Is("ROW") || !(*nodes)[i + 1].IsGroup()) continue;
    const bool named = i + 2 < nodes->size() && (*nodes)[i + 2].IsSymbol("::");
    if (!named && !(whole && nodes->size() == 2)) continue;
    TextNodes& parts = (*nodes)[i + 1].parts;
    for (size_t at = FirstNullAtEnd(parts); at < parts.size(); ++at) {
      if (!parts[at].IsSymbol("::")) continue;
      size_t end = at;
      while (end < parts.size() && !parts[end].IsSymbol(",")) ++end;
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at),
                  parts.begin() + static_cast<std::ptrdiff_t>(end));
      changed = true;
    }
  }
  return changed;
}

// ON TRUE becomes ON (true).
bool WriteJoinCondition(TextNodes* nodes) {
  bool changed = false;
  for (size_t i = 0; i + 1 < nodes->size(); ++i) {
    if (!(*nodes)[i].Is("ON") || !(*nodes)[i + 1].Is("TRUE")) continue;
    TextNode group;
    group.kind = TextNode::Kind::kGroup;
    group.space_before = true;
    group.parts = {WordNode("true")};
    (*nodes)[i + 1] = std::move(group);
    changed = true;
  }
  return changed;
}

// Types whose name in the catalog is not the one that is printed, or is printed in quotes.
constexpr std::pair<std::string_view, std::string_view> kCatalogNames[] = {
    {"bigint", "int8"},
    {"bit", "\"bit\""},
    {"bitvarying", "varbit"},
    {"boolean", "bool"},
    {"character", "bpchar"},
    {"charactervarying", "\"varchar\""},
    {"doubleprecision", "float8"},
    {"integer", "int4"},
    {"interval", "\"interval\""},
    {"numeric", "\"numeric\""},
    {"real", "float4"},
    {"smallint", "int2"},
    {"timewithtimezone", "timetz"},
    {"timewithouttimezone", "\"time\""},
    {"timestampwithtimezone", "timestamptz"},
    {"timestampwithouttimezone", "\"timestamp\""}};

// The name of a column after the type that ends at the end of `element`; empty if that does not end
// with a cast.
std::string NameAfterCast(const TextNodes& element) {
  size_t begin = element.size();
  while (begin > 0 && !element[begin - 1].IsSymbol("::")) {
    const TextNode& node = element[--begin];
    const bool of_type = node.IsName() || node.IsSymbol(".") || node.IsSymbol("[") ||
                         node.IsSymbol("]") || node.IsGroup();
    if (!of_type || node.Is("AS")) return {};
  }
  if (begin == 0 || begin == element.size()) return {};
  size_t end = begin;
  std::string words;
  std::string last;
  for (; end < element.size() && !element[end].IsSymbol("["); ++end) {
    if (!element[end].IsName()) continue;
    last = element[end].text;
    words += last;
  }
  for (const auto& [printed, name] : kCatalogNames) {
    if (words == printed) return std::string(name);
  }
  return last;
}

bool EndsSelectList(const TextNode& node) {
  constexpr std::string_view kWords[] = {"FROM",  "WHERE",     "GROUP",  "HAVING", "WINDOW",
                                         "ORDER", "LIMIT",     "OFFSET", "FETCH",  "FOR",
                                         "UNION", "INTERSECT", "EXCEPT"};
  return node.IsSymbol(";") || std::any_of(std::begin(kWords), std::end(kWords),
                                           [&](std::string_view word) { return node.Is(word); });
}

// SELECT 'x'::text becomes SELECT 'x'::text AS text; the same in RETURNING.
bool NameCasts(TextNodes* nodes) {
  if (!HasWord(*nodes, "SELECT") && !HasWord(*nodes, "RETURNING")) return false;
  bool changed = false;
  bool in_list = false;
  TextNodes element;
  TextNodes named;
  const auto finish = [&] {
    const std::string name = in_list ? NameAfterCast(element) : std::string();
    named.insert(named.end(), std::make_move_iterator(element.begin()),
                 std::make_move_iterator(element.end()));
    element.clear();
    if (name.empty()) return;
    named.push_back(WordNode("AS", true));
    named.push_back(WordNode(name, true));
    named[named.size() - 2].space = named.back().space = " ";
    changed = true;
  };
  for (const TextNode& node : *nodes) {
    const bool begins = node.Is("SELECT") || node.Is("RETURNING");
    if (begins || node.IsSymbol(",") || EndsSelectList(node)) {
      finish();
      named.push_back(node);
      if (!node.IsSymbol(",")) in_list = begins;
    } else {
      element.push_back(node);
    }
  }
  finish();
  if (changed) *nodes = std::move(named);
  return changed;
}

bool Rewrite(TextNodes* nodes, bool whole) {
  bool changed = false;
  for (TextNode& node : *nodes) {
    if (node.IsGroup()) changed |= Rewrite(&node.parts, false);
  }
  changed |= MergeFirstOperand(nodes);
  changed |= CastElementsOfArrays(nodes);
  changed |= WriteJoinCondition(nodes);
  changed |= NameCasts(nodes);
  changed |= DropTypesOfNulls(nodes, whole);
  return changed;
}

}  // namespace

bool RewriteAsReread(TextNodes* nodes) {
  const bool changed = Rewrite(nodes, true);
  return DropUnusedColumnNames(nodes) || changed;
}

}  // namespace ballast::sql
