// SPDX-License-Identifier: Apache-2.0
// Structs as JSON objects. The keys of a struct are listed once, for writing and for reading, in a
// function template
//
//   template <class Visitor, OneOf<Address> T> void Fields(Visitor& visit, T& address);
//
// which calls visit("host", address.host) for each key. The visitor is a writer or a reader, and
// Fields must be in its namespace. RecordWriter writes. Readers differ in what they refuse, so each
// file that reads has its own.
#pragma once

#include <concepts>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ballast {

// T is one of the structs, or const of it.
template <class T, class... Structs>
concept OneOf = (std::same_as<std::remove_const_t<T>, Structs> || ...);

// The base class of a writer. Keys keep the order in which Fields visits them. A Writer that adds
// overloads of Encode needs `using RecordWriter::Encode`.
template <class Writer>
class RecordWriter {
 public:
  using Json = nlohmann::ordered_json;

  template <class T>
  void operator()(const char* key, const T& value) {
    object_[key] = Writer::Encode(value);
  }

  template <class T>
  static Json Encode(const T& value) {
    if constexpr (std::constructible_from<Json, T>) {
      return Json(value);
    } else {
      Writer writer;
      Fields(writer, value);
      return std::move(writer.object_);
    }
  }
  template <class T>
  static Json Encode(const std::optional<T>& value) {
    return value ? Writer::Encode(*value) : Json();
  }
  template <class T>
  static Json Encode(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) array.push_back(Writer::Encode(value));
    return array;
  }
  static Json Encode(const std::map<std::string, std::string>& values) {
    Json object = Json::object();
    for (const auto& [key, value] : values) object[key] = value;
    return object;
  }

  Json object_ = Json::object();
};

}  // namespace ballast
