// SPDX-License-Identifier: Apache-2.0
// One wording for texts that PostgreSQL prints differently. The same view or expression is printed
// otherwise once the server has read its own text again (sql/canonical_reread.h), and server
// versions 13 to 18 print it in different words (found by experiment on all six):
//   - up to 15, a query over one relation names it before each column: t.a instead of a;
//   - up to 13, functions with a syntax of their own are printed as calls: timezone('utc'::text, x)
//     instead of (x AT TIME ZONE 'utc'::text), and their arguments with implicit casts;
//   - up to 13, EXTRACT is date_part (which since then is another function, of another type);
//   - words that became keywords are in quotes since: "json".
// All are brought to the older wording of functions and the newer one of columns, and white space
// is made single. The texts are the server's own, with all its parentheses (not "pretty"), so
// tokens and parentheses are all that must be understood, and grammar newer than ours does no harm.
#pragma once

#include <string>
#include <string_view>

namespace ballast::sql {

// The text that the server prints after it has read this text again, as often as it takes; equal to
// the text itself where that does not change. For texts that all versions word alike.
std::string RereadText(std::string_view text);

// The one wording of all versions, of the text that was read again. Two texts that mean the same
// have the same canonical text; the reverse holds but for EXTRACT and date_part, and for explicit
// casts in the arguments of the functions named above.
std::string CanonicalText(std::string_view text);

}  // namespace ballast::sql
