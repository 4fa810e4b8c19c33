// SPDX-License-Identifier: Apache-2.0
// Text functions that several folders use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast {

// Bytes as text in UTF-8: each maximal ill-formed sequence becomes U+FFFD, as the WHATWG decoder
// does (and as Prisma's CLI does when it reads a script, since 6.6).
std::string DecodeUtf8Lossy(std::string_view bytes);
bool IsUtf8(std::string_view bytes);

std::vector<std::string> Split(std::string_view text, char separator);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
// "a, b, c … and 4 more": for messages of limited length.
std::string JoinSome(const std::vector<std::string>& parts);
std::string Counted(size_t count, std::string_view noun);  // "1 row", "2 rows"
std::string_view Trim(std::string_view text);              // blanks, tabs, CR and LF at both ends
std::string_view TrimRight(std::string_view text);         // the same at the end
std::string ReplaceAll(std::string text, std::string_view from, std::string_view to);
std::string ToLowerAscii(std::string_view text);
bool ContainsIgnoringAsciiCase(std::string_view text, std::string_view part);
// Occurrences that do not overlap; of an empty part, none.
size_t CountIgnoringAsciiCase(std::string_view text, std::string_view part);
bool EqualsIgnoringAsciiCase(std::string_view a, std::string_view b);
std::optional<int> HexDigit(char c);  // the value of 0-9, a-f and A-F

// The 1-based line of a byte offset; offsets past the end give the last line.
int LineAt(std::string_view text, size_t offset);
// The offset of the next character in UTF-8 after the one at `offset`; the size of the text after
// the last.
size_t NextCharacter(std::string_view text, size_t offset);
// The beginning of a text in UTF-8: at most this many bytes, or characters, and no part of one.
std::string_view CutToBytes(std::string_view text, size_t bytes);
std::string_view CutToCharacters(std::string_view text, size_t characters);
// The byte offset of a 1-based character position in UTF-8, as the server counts them; the size of
// the text for a position after its end.
size_t ByteOffset(std::string_view text, int position);

// "*" and "?" as in a shell; no character classes.
bool MatchesGlob(std::string_view pattern, std::string_view text);

// An order in which digits count as a number: "t2" is before "t10". Total.
bool NaturalLess(std::string_view a, std::string_view b);

}  // namespace ballast
