// SPDX-License-Identifier: Apache-2.0
#include "commands/fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "base/interruption.h"
#include "fleet/work_queue.h"

namespace ballast::commands {

run::DeployOptions FleetDefaults() {
  run::DeployOptions deploy;
  deploy.wait_when_full = std::chrono::minutes(1);
  return deploy;
}

FleetAddress AddressOf(const postgres::Target& target) {
  return {target.Address(), target.database(), target.schema};
}

std::string PasswordCommandOf(const project::ProjectContext& context) {
  const std::string* variable = context.environment.Find("BALLAST_PASSWORD_COMMAND");
  return variable != nullptr && !variable->empty() ? *variable
                                                   : context.project.config.password_command;
}

void DoInParallel(const FleetWork& work) {
  std::vector<fleet::WorkQueue::Item> items;
  items.reserve(work.list.size());
  for (const size_t position : work.list) {
    items.push_back({position, work.databases.empty() ? "" : work.databases[position]});
  }
  fleet::WorkQueue queue(std::move(items));
  const auto run = [&] {
    while (const auto item = queue.Take()) {
      if (Interruption::Requested() || !work.may_continue()) {
        queue.Stop();
      } else {
        work.work(item->member);
      }
      queue.Done(*item);
    }
  };
  std::vector<std::thread> threads;
  const size_t thread_count = std::min(static_cast<size_t>(work.parallel), work.list.size());
  for (size_t i = 1; i < thread_count; ++i) threads.emplace_back(run);
  run();
  for (std::thread& thread : threads) thread.join();
}

void MemberProgress::Notice(std::string_view sentence) {
  all_.Notice(fmt::format("{}: {}", name_, sentence));
}

void MemberProgress::Event(const RunEvent& event) {
  RunEvent named = event;
  named.fields.insert(named.fields.begin(), {"target", name_});
  all_.Event(named);
}

struct SerialProgress::State {
  explicit State(Progress& progress) : inner(progress) {}
  std::mutex mutex;
  Progress& inner;
  size_t done = 0;
};

SerialProgress::SerialProgress(Progress& inner) : state_(std::make_unique<State>(inner)) {}
SerialProgress::~SerialProgress() = default;

void SerialProgress::Stage(std::string_view what, size_t total) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->done = 0;
  state_->inner.Stage(what, total);
}

void SerialProgress::Step(size_t done, std::string_view what) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->done = done;
  state_->inner.Step(done, what);
}

void SerialProgress::Notice(std::string_view sentence) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->inner.Notice(sentence);
}

void SerialProgress::Event(const RunEvent& event) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->inner.Event(event);
}

void SerialProgress::Advance(std::string_view what) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->inner.Step(++state_->done, what);
}

}  // namespace ballast::commands
