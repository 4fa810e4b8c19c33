// SPDX-License-Identifier: Apache-2.0
#include "release/collation.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"

namespace ballast::release {
namespace {

// Every character below U+0180 that has a place of its own, in that order.
constexpr std::string_view kOrder =
    "\t\n\v\f\r _-,;:!¡?¿.·'\"«»()[]{}§¶@*/\\&#%`´^¯¨¸°©®+±÷×<=>¬|¦~¤¢$£¥"
    "0123456789abcdefghiıjklmnŋopqĸrstŧuvwxyzþ";
constexpr std::string_view kFirstCurrency = "¤";
constexpr std::string_view kFirstDigit = "0";

// Places between two characters of kOrder, for symbols beyond Latin (dashes, arrows, emoji).
constexpr uint32_t kStride = 0x200000;
constexpr uint32_t kBeyondLatin = 1000;

constexpr char32_t kLigature = 0xFFFF;  // marks the letters of æ, œ and ß

// Combining marks in the order of their weights.
constexpr auto kMarks = std::to_array<char32_t>(
    {0x332, 0x313, 0x343, 0x314, 0x301, 0x341, 0x300, 0x340, 0x306, 0x302,    0x30c,
     0x30a, 0x342, 0x308, 0x344, 0x30b, 0x303, 0x307, 0x338, 0x327, 0x328,    0x304,
     0x30d, 0x30e, 0x312, 0x315, 0x31a, 0x33d, 0x33e, 0x33f, 0x346, 0x336,    0x337,
     0x335, 0x305, 0x309, 0x30f, 0x310, 0x311, 0x31b, 0x321, 0x322, 0x323,    0x324,
     0x325, 0x326, 0x32d, 0x32e, 0x330, 0x331, 0x334, 0x339, 0x345, kLigature});

// A mark with the pairs it makes: letter, letter with the mark.
struct MarkedLetters {
  char32_t mark;
  std::string_view pairs;
};
constexpr auto kMarkedLetters = std::to_array<MarkedLetters>({
    {0x301, "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzź"},
    {0x300, "AÀEÈIÌOÒUÙaàeèiìoòuù"},
    {0x306, "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭ"},
    {0x302, "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷ"},
    {0x30c, "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzž"},
    {0x30a, "AÅaåUŮuů"},
    {0x308, "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸЕЁеё"},
    {0x30b, "OŐoőUŰuű"},
    {0x303, "AÃNÑOÕaãnñoõIĨiĩUŨuũ"},
    {0x307, "CĊcċEĖeėGĠgġIİZŻzż"},
    {0x327, "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ"},
    {0x328, "AĄaąEĘeęIĮiįUŲuų"},
    {0x304, "AĀaāEĒeēIĪiīOŌoōUŪuū"},
    {0x338, "OØoø"},
    {0x335, "DĐdđHĦhħLŁlł"},
    {kLigature, "DÐdðlŀLĿsſ"},
});

// One character as several, or as another with a difference of form only.
struct Expansion {
  char32_t character;
  std::u32string_view as;
  uint8_t form;
};
constexpr auto kExpansions = std::to_array<Expansion>({
    {U'æ',
     U"a\xFFFF"
     U"e",
     0},
    {U'Æ',
     U"A\xFFFF"
     U"E",
     0},
    {U'œ',
     U"o\xFFFF"
     U"e",
     0},
    {U'Œ',
     U"O\xFFFF"
     U"E",
     0},
    {U'ß',
     U"s\xFFFF"
     U"s",
     0},
    {U'ĳ', U"ij", 2},
    {U'Ĳ', U"IJ", 2},
    {U'ª', U"a", 2},
    {U'º', U"o", 2},
    {U'¹', U"1", 2},
    {U'²', U"2", 2},
    {U'³', U"3", 2},
    {U'½', U"1\x2044\x32", 2},
    {U'¼', U"1\x2044\x34", 2},
    {U'¾', U"3\x2044\x34", 2},
    {U'µ', U"μ", 2},
    {U'\xA0', U" ", 2},
});

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (const char byte : text) {
    const auto bits = static_cast<uint8_t>(byte);
    if ((bits & 0xC0) != 0x80) {
      const int lead = bits < 0x80 ? 0x7F : bits < 0xE0 ? 0x1F : bits < 0xF0 ? 0x0F : 0x07;
      points.push_back(bits & lead);
    } else if (!points.empty()) {
      points.back() = points.back() << 6 | (bits & 0x3F);
    }
  }
  return points;
}

char32_t LowerOf(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + 32;
  if (c == U'Ŋ' || c == U'Ŧ') return c + 1;
  if (c == U'Þ' || (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) return c + 32;
  return c;
}

struct Tables {
  std::unordered_map<char32_t, uint32_t> places;
  std::unordered_map<char32_t, uint16_t> marks;
  std::unordered_map<char32_t, std::u32string> parts;
  std::unordered_map<char32_t, uint8_t> forms;
  std::array<uint32_t, 0x80> ascii_places{};  // for nearly all names; the maps have the rest
  uint32_t currency = 0;
  uint32_t digits = 0;

  Tables();
};

Tables::Tables() {
  uint32_t place = 0;
  for (const char32_t c : CodePoints(kOrder)) places[c] = ++place * kStride;
  currency = places[CodePoints(kFirstCurrency)[0]];
  digits = places[CodePoints(kFirstDigit)[0]];
  for (char32_t c = 0; c < ascii_places.size(); ++c) {
    const auto known = places.find(c);
    ascii_places[c] = known == places.end() ? kBeyondLatin * kStride + c : known->second;
  }
  uint16_t weight = 1;
  for (const char32_t mark : kMarks) marks[mark] = ++weight;
  for (const auto& [mark, pairs] : kMarkedLetters) {
    const std::u32string row = CodePoints(pairs);
    for (size_t i = 0; i + 1 < row.size(); i += 2) parts[row[i + 1]] = {row[i], mark};
  }
  for (const auto& [character, as, form] : kExpansions) {
    parts[character] = as;
    forms[character] = form;
  }
}

const Tables& TheTables() {
  static const Tables tables;
  return tables;
}

// Control characters weigh nothing at all.
bool IsIgnored(char32_t c) {
  return c < 0x09 || (c > 0x0D && c < 0x20) || (c >= 0x7F && c < 0xA0) || c == 0xAD;
}

uint32_t PlaceOf(char32_t lower, const Tables& tables) {
  if (lower < tables.ascii_places.size()) return tables.ascii_places[lower];
  const auto known = tables.places.find(lower);
  if (known != tables.places.end()) return known->second;
  if (lower >= 0x20A0 && lower < 0x20D0) return tables.digits - kStride + lower;
  const bool symbol = (lower >= 0x2000 && lower < 0x2C00) || (lower >= 0x1F000 && lower < 0x1FB00);
  if (symbol) return tables.currency - kStride + lower;
  return kBeyondLatin * kStride + lower;
}

void Append(char32_t c, uint8_t form, CollationKey* key) {
  const Tables& tables = TheTables();
  if (IsIgnored(c)) return;
  const auto mark = c < 0x80 ? tables.marks.end() : tables.marks.find(c);
  if (mark != tables.marks.end() || (c >= 0x300 && c < 0x370)) {
    key->accents.push_back(mark != tables.marks.end() ? mark->second : static_cast<uint16_t>(c));
    key->cases.push_back(form);
    return;
  }
  const char32_t lower = LowerOf(c);
  key->letters.push_back(PlaceOf(lower, tables));
  key->accents.push_back(1);
  key->cases.push_back(static_cast<uint8_t>(form + (lower != c ? 1 : 0)));
}

}  // namespace

CollationKey CollationKeyOf(std::string_view name) {
  CollationKey key;
  const Tables& tables = TheTables();
  for (const char32_t c : CodePoints(DecodeUtf8Lossy(name))) {
    const auto parts = c < 0x80 ? tables.parts.end() : tables.parts.find(c);
    if (parts == tables.parts.end()) {
      Append(c, 0, &key);
      continue;
    }
    const auto form = tables.forms.find(c);
    for (const char32_t part : parts->second) {
      Append(part, form == tables.forms.end() ? 0 : form->second, &key);
    }
  }
  return key;
}

}  // namespace ballast::release
