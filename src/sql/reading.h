// The two halves of ReadScript: what a statement is, and what it endangers.
#pragma once

#include <vector>

#include "sql/lexer.h"
#include "sql/statement.h"

namespace ballast::sql {

// Kind, object and the flags; `reader` stands at the first token.
void Identify(const TokenReader& reader, Statement& statement);

// The hazards of an identified statement, each once, in the order of the enum.
std::vector<Hazard> HazardsOf(const TokenReader& reader, const Statement& statement);

}  // namespace ballast::sql
