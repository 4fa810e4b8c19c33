// SPDX-License-Identifier: Apache-2.0
// One canonical spelling for texts that PostgreSQL prints in different ways. The server prints a
// view or expression differently after it has parsed its own output (sql/canonical_reread.h), and
// versions 13 to 18 differ (found by experiment on all six):
//     - up to 15, a query over one relation qualifies each column: t.a instead of a;
//     - up to 13, functions with special syntax are printed as calls: timezone('utc'::text, x)
//       instead of (x AT TIME ZONE 'utc'::text), and their arguments with implicit casts;
//     - up to 13, EXTRACT is date_part (in later versions another function of another type);
//     - words that later became keywords are not quoted: "json".
// The canonical text uses the older spelling of functions and the newer one of columns, and single
// spaces. Because the texts come from the server with all parentheses (not "pretty"), tokens and
// parentheses suffice, and newer grammar does no harm.
#pragma once

#include <string>
#include <string_view>

namespace ballast::sql {

// The text that the server prints after parsing this text again, repeated until it no longer
// changes. For texts that all versions print in the same way.
std::string RereadText(std::string_view text);

// The canonical spelling for all versions, of the text parsed again. Two texts with the same
// meaning have the same canonical text. The reverse is true except for EXTRACT and date_part, and
// for explicit casts in the arguments of the functions named above.
std::string CanonicalText(std::string_view text);

}  // namespace ballast::sql
