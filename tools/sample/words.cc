// SPDX-License-Identifier: Apache-2.0
#include "tools/sample/words.h"

#include <array>
#include <string_view>

namespace ballast::sample {
namespace {

constexpr auto kThings = std::to_array<std::string_view>(
    {"Invoice",  "Order",    "Product",  "Ticket",  "Message", "Channel", "Device",
     "Session",  "Report",   "Project",  "Task",    "Webhook", "Payment", "Shipment",
     "Customer", "Contract", "Campaign", "Survey",  "Course",  "Booking", "Asset",
     "Branch",   "Build",    "Deploy",   "Feature", "Incident"});
constexpr auto kParts =
    std::to_array<std::string_view>({"", "Line", "Note", "Event", "Tag", "Link", "Batch", "Rule",
                                     "Draft", "Share", "Quota", "Log"});
constexpr auto kQualities =
    std::to_array<std::string_view>({"billing", "internal", "public", "external", "last", "first",
                                     "default", "legacy", "remote", "draft", "total", "expected"});
constexpr auto kColumns = std::to_array<std::string_view>(
    {"Note", "Count", "Amount", "Url", "Label", "Payload", "Score", "Key", "Limit", "Reason",
     "Version", "Comment", "Source", "Order"});

template <size_t N>
std::string Word(const std::array<std::string_view, N>& words, uint64_t number) {
  return std::string(words[number % N]);
}

}  // namespace

std::string TableWord(uint64_t number) {
  return Word(kThings, number) + Word(kParts, number >> 20);
}

std::string ColumnWord(uint64_t number) {
  return Word(kQualities, number) + Word(kColumns, number >> 20);
}

std::string EnumWord(uint64_t number) {
  return Word(kThings, number) + "State";
}

}  // namespace ballast::sample
