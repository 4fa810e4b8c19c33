// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_output.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/printable.h"
#include "base/url_password.h"
#include "cli/display_width.h"
#include "cli/masked_json.h"
#include "cli/target_line.h"
#include "cli/ticker.h"

namespace ballast::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::string WithoutPasswords(std::string_view text) {
  return MaskUrlPasswords(Printable(text));
}

std::string Elapsed(milliseconds time) {
  if (time < std::chrono::seconds(10)) {
    return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
  }
  if (time < std::chrono::minutes(1)) return fmt::format("{} s", time.count() / 1000);
  const auto seconds = time.count() / 1000;
  return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
}

struct Stage {
  std::string name;
  size_t total = 0;  // 0: unknown
  size_t done = 0;
  std::string item;  // the step that was reported last: a migration's name
  Clock::time_point began = Clock::now();

  milliseconds elapsed() const {
    return std::chrono::duration_cast<milliseconds>(Clock::now() - began);
  }
  std::string Count() const {
    if (total > 0) return fmt::format("{}/{}", done, total);
    return done > 0 ? std::to_string(done) : std::string();
  }
};

// Of one target of a fleet; the run of the fleet continues.
bool IsOfTarget(const RunEvent& event) {
  return std::any_of(event.fields.begin(), event.fields.end(),
                     [](const auto& field) { return field.first == "target"; });
}

// Without the symbol at its start, which is for people: "💡 …", "⚠️  …", "→ …".
std::string_view WithoutMark(std::string_view sentence) {
  static constexpr std::array<std::string_view, 4> kLeads = {"\xE2\x86", "\xE2\x98", "\xE2\x9A",
                                                             "\xF0\x9F"};
  const std::string_view first = sentence.substr(0, sentence.find(' '));
  const bool is_mark =
      first.starts_with("\xE2\x9C") ||
      std::ranges::any_of(kLeads, [&](std::string_view lead) { return first.starts_with(lead); });
  if (!is_mark || first.size() == sentence.size()) return sentence;
  sentence.remove_prefix(first.size());
  sentence.remove_prefix(std::min(sentence.find_first_not_of(' '), sentence.size()));
  return sentence;
}

// The common part of all forms: the stage, its clock, and the lock.
class StagedOutput : public ProgressOutput {
 public:
  StagedOutput(ProgressSettings settings, milliseconds interval)
      : settings_(std::move(settings)),
        interval_(settings_.interval.count() > 0 ? settings_.interval : interval) {}

  void Stage(std::string_view what, size_t total) final {
    const std::lock_guard lock(mutex_);
    if (stage_) Ended(*stage_);
    stage_ = cli::Stage{WithoutPasswords(what), total, 0, {}, Clock::now()};
    Began(*stage_);
    if (!ticker_) ticker_.emplace(interval_, [this] { Tick(); });
  }
  void Step(size_t done, std::string_view what) final {
    const std::lock_guard lock(mutex_);
    if (!stage_) return;
    stage_->done = done;
    stage_->item = WithoutPasswords(what);
    Stepped(*stage_);
  }
  void Notice(std::string_view sentence) final {
    const std::lock_guard lock(mutex_);
    Noticed(WithoutPasswords(sentence));
  }
  void Event(const RunEvent& event) final {
    const std::lock_guard lock(mutex_);
    if (event.name == "finished" && stage_ && !IsOfTarget(event)) {
      Ended(*stage_);
      stage_.reset();
    }
    Happened(event);
    if (event.name == "connected") PrintTarget(event);
  }
  bool HasPrintedTarget() const final { return printed_target_; }
  void Finish() final {
    ticker_.reset();
    const std::lock_guard lock(mutex_);
    if (stage_) Ended(*stage_);
    stage_.reset();
  }

 protected:
  virtual void Began(const cli::Stage& stage) = 0;
  virtual void Stepped(const cli::Stage&) {}
  virtual void Running(const cli::Stage& stage) = 0;
  virtual void Ended(const cli::Stage& stage) = 0;
  virtual void Noticed(std::string_view sentence) = 0;
  virtual void Happened(const RunEvent&) {}
  virtual bool IsForPeople() const { return true; }
  // Removes what must not remain before other text.
  virtual void Clear() {}

  void Write(const std::string& text) const {
    std::fwrite(text.data(), 1, text.size(), settings_.stream);
    std::fflush(settings_.stream);
  }
  const Style& style() const { return settings_.style; }
  size_t columns() const { return settings_.columns(); }
  // Stops the ticker. Derived classes call it in their destructors.
  void Stop() { ticker_.reset(); }

 private:
  // Once: a command connects again after it has lost the connection.
  void PrintTarget(const RunEvent& connected) {
    if (settings_.target_stream == nullptr || printed_target_ || !IsForPeople()) return;
    printed_target_ = true;
    Clear();
    const std::string line = TargetLine(TargetOf(connected));
    std::fwrite(line.data(), 1, line.size(), settings_.target_stream);
    std::fflush(settings_.target_stream);
  }
  void Tick() {
    const std::lock_guard lock(mutex_);
    if (stage_) Running(*stage_);
  }

  const ProgressSettings settings_;
  const milliseconds interval_;
  std::mutex mutex_;
  bool printed_target_ = false;
  std::optional<cli::Stage> stage_;
  std::optional<Ticker> ticker_;
};

class TerminalOutput final : public StagedOutput {
 public:
  explicit TerminalOutput(ProgressSettings settings)
      : StagedOutput(std::move(settings), milliseconds(1000)) {}
  ~TerminalOutput() override {
    Stop();
    Clear();
  }

 private:
  void Began(const cli::Stage& stage) override { Draw(stage); }
  void Stepped(const cli::Stage& stage) override {
    constexpr milliseconds kRedraw{80};
    if (Clock::now() - last_ >= kRedraw) Draw(stage);
  }
  void Running(const cli::Stage& stage) override { Draw(stage); }
  void Ended(const cli::Stage&) override { Clear(); }
  void Noticed(std::string_view sentence) override {
    Clear();
    Write(fmt::format("{} {}\n", style().Yellow("⚠️ "), sentence));
  }

  // The last column stays empty. A line that is too long loses the end of the item first, then that
  // of the stage's name; count and time remain.
  static std::string LineOf(const cli::Stage& stage, size_t columns) {
    const std::string count = stage.Count();
    const std::string numbers =
        fmt::format("{}{} ({})", count.empty() ? "" : " ", count, Elapsed(stage.elapsed()));
    const size_t taken = DisplayWidth(numbers);
    const size_t room = columns > taken + 1 ? columns - taken - 1 : 0;
    const std::string head = TruncateToWidth(TruncateToWidth("⏳ " + stage.name, room) + numbers,
                                             columns > 1 ? columns - 1 : 0);
    const size_t width = DisplayWidth(head);
    const size_t left = columns > width + 2 ? columns - width - 2 : 0;
    return left < 2 || stage.item.empty() ? head : head + " " + TruncateToWidth(stage.item, left);
  }

  void Draw(const cli::Stage& stage) {
    Write("\r\x1b[K" + LineOf(stage, columns()));
    drawn_ = true;
    last_ = Clock::now();
  }
  void Clear() override {
    if (drawn_) Write("\r\x1b[K");
    drawn_ = false;
    last_ = {};  // redraw the line at the next step
  }

  bool drawn_ = false;
  Clock::time_point last_;
};

class LogOutput final : public StagedOutput {
 public:
  explicit LogOutput(ProgressSettings settings)
      : StagedOutput(std::move(settings), milliseconds(10000)) {}
  ~LogOutput() override { Stop(); }

 private:
  void Began(const cli::Stage& stage) override { Write(fmt::format("⏳ {} …\n", stage.name)); }
  void Running(const cli::Stage& stage) override {
    const std::string count = stage.Count();
    Write(fmt::format("⏳ {}{}{} ({}){}{}\n", stage.name, count.empty() ? "" : " ", count,
                      Elapsed(stage.elapsed()), stage.item.empty() ? "" : " ", stage.item));
  }
  void Ended(const cli::Stage& stage) override {
    Write(fmt::format("   {} took {}\n", stage.name, Elapsed(stage.elapsed())));
  }
  void Noticed(std::string_view sentence) override {
    Write(fmt::format("{} {}\n", style().Yellow("⚠️ "), sentence));
  }
};

class JsonOutput final : public StagedOutput {
 public:
  explicit JsonOutput(ProgressSettings settings)
      : StagedOutput(std::move(settings), milliseconds(10000)) {}
  ~JsonOutput() override {
    Stop();
    EmitLast();
  }

 private:
  using Json = nlohmann::ordered_json;

  void Began(const cli::Stage& stage) override { Emit(EventOf("stage_started", stage)); }
  void Running(const cli::Stage& stage) override { Emit(EventOf("stage_running", stage)); }
  void Ended(const cli::Stage& stage) override { Emit(EventOf("stage_finished", stage)); }
  void Noticed(std::string_view sentence) override {
    Json event = Head("notice");
    event["message"] = WithoutMark(sentence);
    Emit(event);
  }

  bool IsForPeople() const override { return false; }
  void Happened(const RunEvent& event) override {
    Json json = Head(event.name, event.ago);
    for (const auto& field : event.fields) {
      Json& value = json[std::string(field.first)];
      std::visit([&](const auto& plain) { value = plain; }, field.second);
    }
    if (event.name != "finished" || IsOfTarget(event)) return Emit(std::move(json));
    EmitLast();  // of another run
    last_ = std::move(json);
  }

  static std::string Time(milliseconds ago = milliseconds(0)) {
    const auto now =
        std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()) - ago;
    const auto fraction = now.time_since_epoch().count() % 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)), fraction);
  }
  static Json Head(std::string_view name, milliseconds ago = milliseconds(0)) {
    return {{"time", Time(ago)}, {"event", name}};
  }
  static Json EventOf(std::string_view name, const cli::Stage& stage) {
    Json event = Head(name);
    event["stage"] = stage.name;
    if (stage.total > 0) event["total"] = stage.total;
    if (stage.done > 0) event["done"] = stage.done;
    if (!stage.item.empty()) event["item"] = stage.item;
    event["elapsed_ms"] = stage.elapsed().count();
    return event;
  }
  void Emit(Json event) const {
    MaskPasswords(event);
    Write(event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }

  // Events are in the order of their times.
  void EmitLast() {
    if (!last_) return;
    (*last_)["time"] = Time();
    Emit(*std::move(last_));
    last_.reset();
  }

  std::optional<Json> last_;  // "finished", which nothing may follow
};

class NoOutput final : public ProgressOutput {
 public:
  void Stage(std::string_view, size_t) override {}
  void Step(size_t, std::string_view) override {}
  void Notice(std::string_view) override {}
  void Finish() override {}
};

}  // namespace

std::unique_ptr<ProgressOutput> MakeProgressOutput(const ProgressSettings& settings) {
  switch (settings.form) {
    case ProgressForm::kTerminal:
      return std::make_unique<TerminalOutput>(settings);
    case ProgressForm::kLog:
      return std::make_unique<LogOutput>(settings);
    case ProgressForm::kJson:
      return std::make_unique<JsonOutput>(settings);
    case ProgressForm::kNone:
      break;
  }
  return std::make_unique<NoOutput>();
}

}  // namespace ballast::cli
