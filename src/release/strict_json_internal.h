// SPDX-License-Identifier: Apache-2.0
// Parses the JSON records of a package strictly: text that another JSON parser, or a
// person, could read differently is refused. Only for this folder.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ballast::release {

using Json = nlohmann::ordered_json;

// A kind of record, for error messages.
struct RecordKind {
  ErrorCode invalid;
  int newest;                // the newest format that this program knows
  std::string_view name;     // "the manifest"
  std::string_view command;  // makes the record again
};

// "the manifest is not valid: …", with the code of the kind.
Error InvalidRecord(const RecordKind& kind, const std::string& problem, Place where);

// The document, which must be one object. Refuses NUL bytes, duplicate keys, deep nesting, numbers
// out of range, and more than 64 MiB. Errors as InvalidRecord.
Result<Json> ParseRecord(std::string_view text, const RecordKind& kind, const std::string& file);

// Checks the key "format", which determines the meaning of all others: as InvalidRecord, or B406
// for a newer format.
Status CheckFormat(const Json& json, const RecordKind& kind, const std::string& file);

}  // namespace ballast::release
