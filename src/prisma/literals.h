// SPDX-License-Identifier: Apache-2.0
// Parses texts in @default that represent other values: times, bytes, numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::prisma {

// A time with its offset, as in RFC 3339.
struct DateTime {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  uint32_t nanosecond = 0;
  int offset_minutes = 0;
  bool negative_offset = false;
};

// The error message is that of Rust's chrono, which Prisma shows; empty: no error.
struct DateTimeResult {
  DateTime date_time;
  std::string complaint;
};
DateTimeResult ReadDateTime(std::string_view text);

// Nothing if the text is not base64 (RFC 4648, section 4, with padding).
std::optional<std::string> DecodeBase64(std::string_view text);

// Why the number is not a 64-bit integer, with the message of Rust's parser; empty if it is one.
std::string IntegerError(std::string_view text);

// A decimal number without exponent, keeping its scale: "+1.50" is "1.50". The error message is
// that of Rust's bigdecimal.
struct DecimalResult {
  std::string text;
  std::string complaint;
};
DecimalResult ReadDecimal(std::string_view text);

}  // namespace ballast::prisma
