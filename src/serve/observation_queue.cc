// SPDX-License-Identifier: Apache-2.0
#include "serve/observation_queue.h"

#include <algorithm>

namespace ballast::serve {

ObservationQueue::ObservationQueue(size_t databases, const Limits& limits, Time now)
    : limits_(limits) {
  for (size_t i = 0; i < databases; ++i) due_.push({now, i});
}

size_t ObservationQueue::MostOf(size_t databases, const Limits& limits) {
  return std::min(databases, limits.running + limits.silent);
}

std::optional<ObservationQueue::Time> ObservationQueue::OccupiesUntil(const Running& running) {
  switch (running.stage) {
    case Stage::kConnects:
      return running.silent ? std::nullopt : std::optional(running.since + kConnects);
    case Stage::kWaits:
      return Time::max();
    case Stage::kObserves:
      return running.since + kObserves;
  }
  return std::nullopt;
}

size_t ObservationQueue::Occupied(Time now, Time* wake) const {
  size_t count = 0;
  for (const auto& [index, running] : running_) {
    const auto until = OccupiesUntil(running);
    if (!until || *until <= now) continue;
    ++count;
    *wake = std::min(*wake, *until);
  }
  return count;
}

size_t ObservationQueue::Begin(Queue& queue, bool silent, Time now) {
  const size_t index = queue.top().index;
  queue.pop();
  running_[index] = {Stage::kConnects, now, silent};
  if (silent) ++silent_running_;
  return index;
}

std::optional<size_t> ObservationQueue::Take(Time now, Time* wake) {
  *wake = Time::max();
  if (!silent_due_.empty() && silent_running_ < limits_.silent) {
    if (silent_due_.top().at <= now) return Begin(silent_due_, true, now);
    *wake = silent_due_.top().at;
  }
  if (due_.empty() || running_.size() - silent_running_ >= limits_.running) return std::nullopt;
  if (due_.top().at > now) {
    *wake = std::min(*wake, due_.top().at);
    return std::nullopt;
  }
  Time slot_free = Time::max();
  if (Occupied(now, &slot_free) < limits_.slots) return Begin(due_, false, now);
  *wake = std::min(*wake, slot_free);
  return std::nullopt;
}

void ObservationQueue::Answered(size_t index) {
  running_.at(index).stage = Stage::kWaits;
}

bool ObservationQueue::Observe(size_t index, Time now) {
  const auto observing = std::count_if(running_.begin(), running_.end(), [now](const auto& entry) {
    return entry.second.stage == Stage::kObserves && *OccupiesUntil(entry.second) > now;
  });
  if (static_cast<size_t>(observing) >= limits_.slots) return false;
  running_.at(index).stage = Stage::kObserves;
  running_.at(index).since = now;
  return true;
}

void ObservationQueue::End(size_t index, bool silent, Time due) {
  const auto found = running_.find(index);
  if (found->second.silent) --silent_running_;
  running_.erase(found);
  (silent ? silent_due_ : due_).push({due, index});
}

void ObservationQueue::MakeDue(Time now, const std::function<bool(size_t)>& which) {
  for (Queue* queue : {&due_, &silent_due_}) {
    Queue changed;
    for (; !queue->empty(); queue->pop()) {
      Due next = queue->top();
      if (which(next.index)) next.at = std::min(next.at, now);
      changed.push(next);
    }
    *queue = std::move(changed);
  }
}

}  // namespace ballast::serve
