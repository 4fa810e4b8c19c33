// SPDX-License-Identifier: Apache-2.0
// Progress reports of long work. cli/ implements the interface; adapters and execution call it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ballast {

// A moment of a run that other programs wait for; docs/operations.md lists the names and fields.
struct RunEvent {
  using Value = std::variant<std::string, int64_t, double, std::vector<std::string>>;

  std::string_view name;  // "connected", "committed", …
  std::vector<std::pair<std::string_view, Value>> fields = {};
  std::chrono::milliseconds ago{0};  // how long before the call it happened
};

class Progress {
 public:
  virtual ~Progress() = default;
  // A stage begins ("replaying 691 migrations"); `total` 0 means that no count is known.
  virtual void Stage(std::string_view what, size_t total) = 0;
  // `done` of the stage's total; cheap enough to be called for each of 10,000 steps.
  virtual void Step(size_t done, std::string_view what) = 0;
  // A sentence that the user should see at every verbosity. Safe to call from any thread.
  virtual void Notice(std::string_view sentence) = 0;
  // Only shown where progress is JSON.
  virtual void Event(const RunEvent&) {}
};

// Reports nothing.
class SilentProgress : public Progress {
 public:
  void Stage(std::string_view, size_t) override {}
  void Step(size_t, std::string_view) override {}
  void Notice(std::string_view) override {}
};

// Passes notices on to `progress`, which must outlive this object, and reports nothing else: for
// work that runs in the background of the work that is reported.
class NoticesOnly : public SilentProgress {
 public:
  explicit NoticesOnly(Progress& progress) : progress_(progress) {}
  void Notice(std::string_view sentence) override { progress_.Notice(sentence); }

 private:
  Progress& progress_;
};

}  // namespace ballast
