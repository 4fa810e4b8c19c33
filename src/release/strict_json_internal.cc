// SPDX-License-Identifier: Apache-2.0
#include "release/strict_json_internal.h"

#include <fmt/format.h>

#include "base/text.h"

namespace ballast::release {
namespace {

constexpr size_t kMaxBytes = size_t{64} << 20;
constexpr int kMaxDepth = 32;

// Receives the events of the library's parser, and refuses deep nesting, duplicate keys and NUL
// bytes.
class Builder {
 public:
  // The document is made in `root`, which must outlive the builder.
  explicit Builder(Json* root) : root_(root) {}

  bool null() { return Add(nullptr) != nullptr; }
  bool boolean(bool value) { return Add(value) != nullptr; }
  bool number_integer(int64_t value) { return Add(value) != nullptr; }
  bool number_unsigned(uint64_t value) { return Add(value) != nullptr; }
  bool number_float(double value, const std::string& /*text*/) { return Add(value) != nullptr; }
  bool string(std::string& value) { return CheckText(value) && Add(std::move(value)) != nullptr; }
  bool binary(Json::binary_t& /*value*/) { return false; }  // JSON has none
  bool start_object(size_t /*size*/) { return Open(Json::object()); }
  bool start_array(size_t /*size*/) { return Open(Json::array()); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(std::string& name) {
    if (!CheckText(name)) return false;
    const auto [place, fresh] = open_.back()->get_ref<Json::object_t&>().emplace(name, Json());
    if (!fresh) return Refuse(fmt::format("the key \"{}\" occurs twice", place->first));
    value_ = &place->second;
    return true;
  }

  bool parse_error(size_t byte, const std::string& /*token*/, const Json::exception& error) {
    failed_at_ = byte;
    too_large_ = dynamic_cast<const Json::out_of_range*>(&error) != nullptr;
    return false;
  }

  const std::string& problem() const { return problem_; }
  size_t failed_at() const { return failed_at_; }  // a byte
  bool too_large() const { return too_large_; }    // a number

 private:
  template <class T>
  Json* Add(T&& value) {
    if (open_.empty()) return &(*root_ = std::forward<T>(value));
    if (open_.back()->is_object()) return &(*value_ = std::forward<T>(value));
    return &open_.back()->get_ref<Json::array_t&>().emplace_back(std::forward<T>(value));
  }
  bool Open(Json empty) {
    open_.push_back(Add(std::move(empty)));
    return open_.size() <= kMaxDepth || Refuse("it is nested too deeply");
  }
  bool Close() {
    open_.pop_back();
    return true;
  }
  bool CheckText(const std::string& text) {
    return text.find('\0') == std::string::npos || Refuse("a string in it has a NUL byte");
  }
  bool Refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  Json* root_;
  std::vector<Json*> open_;  // the objects and arrays around what comes next
  Json* value_ = nullptr;    // of the last key
  std::string problem_;
  size_t failed_at_ = 0;
  bool too_large_ = false;
};

}  // namespace

Error InvalidRecord(const RecordKind& kind, const std::string& problem, Place where) {
  return MakeError(
      kind.invalid, fmt::format("{} is not valid: {}", kind.name, problem),
      fmt::format("restore it from version control, or create it again with `{}`", kind.command),
      std::move(where));
}

Result<Json> ParseRecord(std::string_view text, const RecordKind& kind, const std::string& file) {
  if (text.size() > kMaxBytes) return InvalidRecord(kind, "it is larger than 64 MiB", {file, 0});
  if (text.find('\0') != std::string_view::npos) {
    return InvalidRecord(kind, "it has a NUL byte", {file, 0});
  }
  Json root;
  Builder builder(&root);
  if (!Json::sax_parse(text, &builder)) {
    if (!builder.problem().empty()) return InvalidRecord(kind, builder.problem(), {file, 0});
    if (builder.too_large())
      return InvalidRecord(kind, "it has a number that is too large", {file, 0});
    return InvalidRecord(kind, "it is not JSON", {file, LineAt(text, builder.failed_at())});
  }
  if (!root.is_object()) return InvalidRecord(kind, "it is not a JSON object", {file, 1});
  return root;
}

Status CheckFormat(const Json& json, const RecordKind& kind, const std::string& file) {
  const auto format = json.find("format");
  if (format == json.end()) {
    return InvalidRecord(kind, "the key \"format\" is missing, as in packages of the older recipe",
                         {file, 0});
  }
  if (!format->is_number_unsigned() || *format == 0U) {
    return InvalidRecord(kind, "the key \"format\" is not a whole number from 1 on", {file, 0});
  }
  if (*format > kind.newest) {
    return MakeError(ErrorCode::kPackageTooNew,
                     fmt::format("{} has format {}, but this program knows formats up to {}",
                                 kind.name, format->dump(), kind.newest),
                     "use the version of ballast that created it, or a newer one", {file, 0});
  }
  return {};
}

}  // namespace ballast::release
