// SPDX-License-Identifier: Apache-2.0
#include "prisma/literals.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace ballast::prisma {
namespace {

constexpr std::string_view kTooShort = "premature end of input";
constexpr std::string_view kInvalid = "input contains invalid characters";
constexpr std::string_view kOutOfRange = "input is out of range";
constexpr std::string_view kTooLong = "trailing input";
constexpr std::string_view kNoDigits = "cannot parse integer from empty string";
constexpr std::string_view kBadDigit = "invalid digit found in string";

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

int DaysIn(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// chrono's parse_rfc3339, step by step; the first complaint stops it.
class DateTimeReader {
 public:
  explicit DateTimeReader(std::string_view text) : rest_(text) {}

  DateTimeResult Run() {
    DateTime& m = reading_.date_time;
    const bool taken =
        TakeNumber(4, 0, 9999, m.year) && TakeOne("-") && TakeNumber(2, 1, 12, m.month) &&
        TakeOne("-") && TakeNumber(2, 1, 31, m.day) && TakeOne("tT ") &&
        TakeNumber(2, 0, 23, m.hour) && TakeOne(":") && TakeNumber(2, 0, 59, m.minute) &&
        TakeOne(":") && TakeNumber(2, 0, 60, m.second) && TakeFraction() && TakeOffset();
    if (taken && !rest_.empty()) AddError(kTooLong);
    if (reading_.complaint.empty() && m.day > DaysIn(m.year, m.month)) AddError(kOutOfRange);
    return std::move(reading_);
  }

 private:
  bool AddError(std::string_view what) {
    reading_.complaint = what;
    return false;
  }

  bool TakeOne(std::string_view any_of) {
    if (rest_.empty()) return AddError(kTooShort);
    if (any_of.find(rest_[0]) == std::string_view::npos) return AddError(kInvalid);
    rest_.remove_prefix(1);
    return true;
  }

  bool TakeDigits(size_t count, int& number) {
    if (rest_.size() < count) return AddError(kTooShort);
    number = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!IsDigit(rest_[i])) return AddError(kInvalid);
      number = number * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

  bool TakeNumber(size_t digits, int least, int most, int& number) {
    if (!TakeDigits(digits, number)) return false;
    return (number >= least && number <= most) || AddError(kOutOfRange);
  }

  bool TakeFraction() {
    if (rest_.empty() || rest_[0] != '.') return true;
    rest_.remove_prefix(1);
    if (rest_.empty()) return AddError(kTooShort);
    if (!IsDigit(rest_[0])) return AddError(kInvalid);
    uint32_t scale = 100000000;
    for (; !rest_.empty() && IsDigit(rest_[0]); rest_.remove_prefix(1)) {
      reading_.date_time.nanosecond += (rest_[0] - '0') * scale;
      scale /= 10;
    }
    return true;
  }

  bool TakeOffset() {
    if (rest_.empty()) return AddError(kTooShort);
    if (rest_[0] == 'Z' || rest_[0] == 'z') {
      rest_.remove_prefix(1);
      return true;
    }
    constexpr std::string_view kMinusSign = "\xE2\x88\x92";  // U+2212
    const bool minus_sign = rest_.starts_with(kMinusSign);
    reading_.date_time.negative_offset = minus_sign || rest_[0] == '-';
    if (!minus_sign && rest_[0] != '-' && rest_[0] != '+') return AddError(kInvalid);
    rest_.remove_prefix(minus_sign ? kMinusSign.size() : 1);
    int hours = 0;
    int minutes = 0;
    if (!TakeDigits(2, hours) || !TakeOne(":") || !TakeDigits(2, minutes)) return false;
    reading_.date_time.offset_minutes = hours * 60 + minutes;
    return (minutes < 60 && hours < 24) || AddError(kOutOfRange);
  }

  std::string_view rest_;
  DateTimeResult reading_;
};

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// The digits of a decimal number, and the position of the decimal point in them.
struct DecimalParts {
  bool negative = false;
  std::string digits;
  int64_t scale = 0;  // digits behind the point
};

// The scale that "e5" asks for: -5. Gives a complaint, or nothing.
std::string_view ReadExponent(std::string_view text, int64_t& scale) {
  constexpr int64_t kMax = 2000;  // PostgreSQL could not hold more anyway
  if (text.starts_with("+")) text.remove_prefix(1);
  if (text.empty()) return kNoDigits;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
  if (stop != text.data() + text.size()) return kBadDigit;
  if (error != std::errc() || scale > kMax || scale < -kMax) {
    return "number too large to fit in target type";
  }
  scale = -scale;
  return "";
}

std::string WriteOut(DecimalParts parts) {
  const size_t leading = parts.digits.find_first_not_of('0');
  const bool zero = leading == std::string::npos;
  parts.digits = zero ? "0" : parts.digits.substr(leading);
  if (parts.scale < 0) parts.digits.append(-parts.scale, '0');
  const size_t scale = std::max<int64_t>(parts.scale, 0);
  if (parts.digits.size() <= scale) parts.digits.insert(0, scale + 1 - parts.digits.size(), '0');
  if (scale > 0) parts.digits.insert(parts.digits.size() - scale, ".");
  return (parts.negative && !zero ? "-" : "") + parts.digits;
}

}  // namespace

DateTimeResult ReadDateTime(std::string_view text) {
  return DateTimeReader(text).Run();
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const int digit = Base64Digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(digit)) & 0xFFFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  const bool loose_bits = (bits & ((1U << count) - 1)) != 0;
  return loose_bits ? std::nullopt : std::optional(bytes);
}

std::string IntegerError(std::string_view text) {
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (stop != text.data() + text.size()) return std::string(kBadDigit);
  if (error == std::errc()) return "";
  return text.starts_with("-") ? "number too small to fit in target type"
                               : "number too large to fit in target type";
}

DecimalResult ReadDecimal(std::string_view text) {
  DecimalParts parts;
  const size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    const std::string_view complaint = ReadExponent(text.substr(e + 1), parts.scale);
    if (!complaint.empty()) return {"", std::string(complaint)};
  }
  std::string_view mantissa = text.substr(0, e);
  if (mantissa.empty()) return {"", "Failed to parse empty string"};
  parts.negative = mantissa[0] == '-';
  if (mantissa[0] == '-' || mantissa[0] == '+') mantissa.remove_prefix(1);
  const size_t point = mantissa.find('.');
  parts.digits = mantissa.substr(0, point);
  if (point != std::string_view::npos) {
    parts.digits += mantissa.substr(point + 1);
    parts.scale += static_cast<int64_t>(mantissa.size() - point - 1);
  }
  if (parts.digits.empty()) return {"", std::string(kNoDigits)};
  if (!parts.digits.starts_with('_')) std::erase(parts.digits, '_');
  const bool digits = std::all_of(parts.digits.begin(), parts.digits.end(), IsDigit);
  if (!digits) return {"", std::string(kBadDigit)};
  return {WriteOut(std::move(parts)), ""};
}

}  // namespace ballast::prisma
