// SPDX-License-Identifier: Apache-2.0
#include "sql/canonical_calls.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace ballast::sql {
namespace {

using Arguments = std::vector<TextNodes>;

// The places of words at the level of a list; -1 where one is missing.
int FindWord(const TextNodes& nodes, std::string_view word, int from = 0) {
  for (int i = from; i < static_cast<int>(nodes.size()); ++i) {
    if (nodes[i].Is(word)) return i;
  }
  return -1;
}

TextNodes Slice(const TextNodes& nodes, int begin, int end) {
  return {nodes.begin() + begin, nodes.begin() + end};
}

TextNodes StringConstant(std::string_view value) {
  TextNode text{TextNode::Kind::kString, "'" + ToLowerAscii(value) + "'", false, {}, {}};
  return {text, SymbolNode("::"), WordNode("text")};
}

// (x) → x, where the server writes parentheses around an argument of its syntax.
TextNodes Unwrapped(TextNodes nodes) {
  if (nodes.size() != 1 || !nodes[0].IsGroup()) return nodes;
  return nodes[0].parts;
}

// (x)::type → x, if the cast is the complete argument.
TextNodes WithoutCast(TextNodes nodes) {
  if (nodes.size() < 3 || !nodes[0].IsGroup() || !nodes[1].IsSymbol("::")) return nodes;
  const bool only_type = std::all_of(nodes.begin() + 2, nodes.end(), [](const TextNode& node) {
    return node.IsName() || node.IsGroup() || node.IsSymbol(".");
  });
  return only_type ? nodes[0].parts : nodes;
}

Arguments SplitArguments(const TextNodes& nodes) {
  Arguments arguments(nodes.empty() ? 0 : 1);
  for (const TextNode& node : nodes) {
    if (node.IsSymbol(",")) {
      arguments.emplace_back();
    } else {
      arguments.back().push_back(node);
    }
  }
  return arguments;
}

TextNode ArgumentGroup(Arguments arguments) {
  TextNode group;
  group.kind = TextNode::Kind::kGroup;
  for (size_t i = 0; i < arguments.size(); ++i) {
    TextNodes argument = WithoutCast(std::move(arguments[i]));
    if (i > 0) group.parts.push_back(SymbolNode(","));
    if (!argument.empty()) argument.front().space_before = i > 0;
    group.parts.insert(group.parts.end(), argument.begin(), argument.end());
  }
  return group;
}

struct Call {
  std::string_view name;
  Arguments arguments;
};

// x FROM a FOR b, x SIMILAR a ESCAPE b, x PLACING y FROM a FOR b: the keywords replace commas.
Arguments SplitAtWords(const TextNodes& nodes, const std::vector<std::string_view>& words) {
  Arguments arguments(1);
  for (const TextNode& node : nodes) {
    const bool divides = node.kind == TextNode::Kind::kWord &&
                         std::find(words.begin(), words.end(), node.text) != words.end();
    if (divides) {
      arguments.emplace_back();
    } else {
      arguments.back().push_back(node);
    }
  }
  return arguments;
}

std::optional<Call> Trimmed(const TextNodes& parts) {
  if (parts.empty()) return std::nullopt;
  const int from = FindWord(parts, "FROM");
  if (from < 0) return std::nullopt;
  const std::string_view name = parts[0].Is("BOTH")       ? "btrim"
                                : parts[0].Is("LEADING")  ? "ltrim"
                                : parts[0].Is("TRAILING") ? "rtrim"
                                                          : "";
  if (name.empty()) return std::nullopt;
  Arguments arguments = {Slice(parts, from + 1, static_cast<int>(parts.size()))};
  if (from > 1) arguments.push_back(Slice(parts, 1, from));
  return Call{name, std::move(arguments)};
}

std::optional<Call> Normalized(const TextNodes& parts) {
  Arguments arguments = SplitArguments(parts);
  if (arguments.size() == 2 && arguments[1].size() == 1) {
    arguments[1] = StringConstant(arguments[1][0].text);
  }
  return Call{"\"normalize\"", std::move(arguments)};
}

// The call for WORD (parts), if it is a function with special syntax.
std::optional<Call> CallOf(const std::string& word, const TextNodes& parts) {
  const int size = static_cast<int>(parts.size());
  if (word == "EXTRACT" && size >= 3 && parts[1].Is("FROM")) {
    return Call{"date_part", {StringConstant(parts[0].text), Slice(parts, 2, size)}};
  }
  if (word == "SUBSTRING") {
    return Call{"\"substring\"", SplitAtWords(parts, {"FROM", "FOR", "SIMILAR", "ESCAPE"})};
  }
  if (word == "OVERLAY") {
    return Call{"\"overlay\"", SplitAtWords(parts, {"PLACING", "FROM", "FOR"})};
  }
  if (word == "TRIM") return Trimmed(parts);
  if (word == "NORMALIZE") return Normalized(parts);
  if (word == "POSITION" && size == 3 && parts[1].Is("IN")) {
    return Call{"\"position\"", {Unwrapped(Slice(parts, 2, 3)), Unwrapped(Slice(parts, 0, 1))}};
  }
  if (word == "XMLEXISTS" && size == 3 && parts[1].Is("PASSING")) {
    return Call{"\"xmlexists\"", {Unwrapped(Slice(parts, 0, 1)), Unwrapped(Slice(parts, 2, 3))}};
  }
  return std::nullopt;
}

// The call for (x AT TIME ZONE y) and similar expressions.
std::optional<Call> InfixCallOf(const TextNodes& parts) {
  const int size = static_cast<int>(parts.size());
  const int at = FindWord(parts, "AT");
  if (at > 0 && at + 3 < size && parts[at + 1].Is("TIME") && parts[at + 2].Is("ZONE")) {
    return Call{"timezone", {Slice(parts, at + 3, size), Slice(parts, 0, at)}};
  }
  if (at > 0 && at + 2 == size && parts[at + 1].Is("LOCAL")) {
    return Call{"timezone", {Slice(parts, 0, at)}};
  }
  if (size == 3 && parts[1].Is("OVERLAPS") && parts[0].IsGroup() && parts[2].IsGroup()) {
    Arguments arguments = SplitArguments(parts[0].parts);
    for (TextNodes& argument : SplitArguments(parts[2].parts)) arguments.push_back(argument);
    return Call{"\"overlaps\"", std::move(arguments)};
  }
  if (size >= 3 && parts[size - 1].Is("NORMALIZED")) {
    const bool plain = parts[size - 2].Is("IS");
    if (plain) return Call{"is_normalized", {Slice(parts, 0, size - 2)}};
    if (parts[size - 3].Is("IS")) {
      return Call{"is_normalized",
                  {Slice(parts, 0, size - 3), StringConstant(parts[size - 2].text)}};
    }
  }
  return std::nullopt;
}

// The functions as the older wording calls them, whose arguments show implicit casts.
bool IsPlainCall(const TextNode& name) {
  static constexpr std::array<std::string_view, 13> names = {
      "\"substring\"", "\"overlay\"",   "\"position\"",    "\"normalize\"", "\"xmlexists\"",
      "\"overlaps\"",  "is_normalized", "btrim",           "ltrim",         "rtrim",
      "timezone",      "date_part",     "pg_collation_for"};
  return name.IsName() && std::find(names.begin(), names.end(), name.text) != names.end();
}

// Appends the call in place of a node that stood with that space.
void AppendCall(Call call, bool space_before, TextNodes* result) {
  result->push_back(WordNode(call.name, space_before));
  result->push_back(ArgumentGroup(std::move(call.arguments)));
}

void AppendGroup(TextNode group, TextNodes* result) {
  TextNode* before = result->empty() ? nullptr : &result->back();
  const bool attached = before != nullptr && before->IsName() && !group.space_before;
  if (attached) {
    if (std::optional<Call> call = CallOf(before->text, group.parts)) {
      const bool space = before->space_before;
      result->pop_back();
      return AppendCall(std::move(*call), space, result);
    }
    if (IsPlainCall(*before)) group = ArgumentGroup(SplitArguments(group.parts));
    result->push_back(std::move(group));
    return;
  }
  const size_t count = result->size();
  if (count >= 2 && (*result)[count - 2].Is("COLLATION") && (*result)[count - 1].Is("FOR")) {
    const bool space = (*result)[count - 2].space_before;
    result->resize(count - 2);
    return AppendCall({"pg_collation_for", {group.parts}}, space, result);
  }
  if (std::optional<Call> call = InfixCallOf(group.parts)) {
    return AppendCall(std::move(*call), group.space_before, result);
  }
  result->push_back(std::move(group));
}

}  // namespace

void MakePlainCalls(TextNodes* nodes) {
  TextNodes result;
  for (TextNode& node : *nodes) {
    if (node.IsGroup()) {
      MakePlainCalls(&node.parts);
      AppendGroup(std::move(node), &result);
    } else {
      result.push_back(std::move(node));
    }
  }
  *nodes = std::move(result);
}

}  // namespace ballast::sql
