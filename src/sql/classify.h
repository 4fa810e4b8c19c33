#pragma once
#include <string_view>
#include <string>
#include <vector>
namespace ballast::sql {
struct ScriptTraits { bool runs_in_transaction = true; std::vector<std::string> added_enum_values; };
inline ScriptTraits TraitsOf(std::string_view s) { ScriptTraits t; t.runs_in_transaction = s.find("CONCURRENTLY") == std::string_view::npos && s.find("BEGIN") == std::string_view::npos; return t; }
}
