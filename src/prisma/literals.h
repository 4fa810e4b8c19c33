// SPDX-License-Identifier: Apache-2.0
// Texts in @default that stand for something else: moments, bytes, numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::prisma {

// A moment with its offset, as RFC 3339 writes it.
struct Moment {
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

// The complaint is in the words of Rust's chrono, which Prisma passes on; empty when all is well.
struct MomentReading {
  Moment moment;
  std::string complaint;
};
MomentReading ReadMoment(std::string_view text);

// Nothing when the text is not base64 (RFC 4648, section 4, with padding).
std::optional<std::string> DecodeBase64(std::string_view text);

// Why the number is no 64-bit integer, in the words of Rust's parser; empty when it is one.
std::string ComplaintAboutInteger(std::string_view text);

// A decimal number written out, without exponent, with its scale kept: "+1.50" is "1.50". The
// complaint is in the words of Rust's bigdecimal.
struct DecimalReading {
  std::string text;
  std::string complaint;
};
DecimalReading ReadDecimal(std::string_view text);

}  // namespace ballast::prisma
