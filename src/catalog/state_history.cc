// SPDX-License-Identifier: Apache-2.0
#include "catalog/state_history.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_set>

#include "base/text.h"

namespace ballast::catalog {
namespace {

constexpr std::string_view kPointHead = "point\t";

Snapshot Minus(const Snapshot& a, const Snapshot& b) {
  Snapshot rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
  return rest;
}

// In the order of values; the file is in the order of rendered lines.
Snapshot Sorted(Snapshot snapshot) {
  std::sort(snapshot.begin(), snapshot.end());
  return snapshot;
}

bool Counts(const ObjectProperty& property) {
  return property.property != kLayoutProperty && property.property != kDependsOnProperty;
}

Error Malformed(const std::string& file, int line) {
  return MakeError(ErrorCode::kPackageEdited, "this line is neither a point nor a change",
                   "remove the file; it is created again", {file, line});
}

}  // namespace

void StateHistory::Add(std::string name, const Snapshot& snapshot) {
  Snapshot now = Sorted(snapshot);
  points_.push_back({std::move(name), Minus(last_, now), Minus(now, last_)});
  last_ = std::move(now);
}

Snapshot StateHistory::At(size_t point) const {
  const auto less = [](const ObjectProperty* a, const ObjectProperty* b) { return *a < *b; };
  std::set<const ObjectProperty*, decltype(less)> state(less);
  for (size_t at = 0; at <= point; ++at) {
    for (const ObjectProperty& property : points_[at].removed) state.erase(&property);
    for (const ObjectProperty& property : points_[at].added) state.insert(&property);
  }
  Snapshot snapshot;
  snapshot.reserve(state.size());
  for (const ObjectProperty* property : state) snapshot.push_back(*property);
  return SortedSnapshot(std::move(snapshot));
}

Snapshot StateHistory::Union() const {
  std::set<ObjectProperty> all;
  for (const Point& point : points_) all.insert(point.added.begin(), point.added.end());
  return SortedSnapshot({all.begin(), all.end()});
}

std::vector<PointDistance> StateHistory::DistancesTo(const Snapshot& live) const {
  std::unordered_set<std::string> live_lines;
  for (const ObjectProperty& property : live) {
    if (Counts(property)) live_lines.insert(RenderProperty(property));
  }
  size_t missing = 0;
  size_t matched = 0;
  std::vector<PointDistance> distances;
  for (size_t at = 0; at < points_.size(); ++at) {
    const Point& point = points_[at];
    if (at > 0 && point.removed.empty() && point.added.empty()) distances.pop_back();
    for (const ObjectProperty& property : point.removed) {
      if (Counts(property)) --(live_lines.contains(RenderProperty(property)) ? matched : missing);
    }
    for (const ObjectProperty& property : point.added) {
      if (Counts(property)) ++(live_lines.contains(RenderProperty(property)) ? matched : missing);
    }
    distances.push_back({at, missing, live_lines.size() - matched});
  }
  return distances;
}

size_t StateHistory::FirstLike(size_t point) const {
  // What the state at a point and the one in question do not share.
  std::unordered_set<std::string> differences;
  const auto change = [&](const Snapshot& properties) {
    for (const ObjectProperty& property : properties) {
      if (!Counts(property)) continue;
      std::string line = RenderProperty(property);
      if (differences.erase(line) == 0) differences.insert(std::move(line));
    }
  };
  change(At(point));
  for (size_t at = 0; at < point; ++at) {
    change(points_[at].removed);
    change(points_[at].added);
    if (differences.empty()) return at;
  }
  return point;
}

std::string StateHistory::Render() const {
  std::string text;
  for (const Point& point : points_) {
    text += std::string(kPointHead) + point.name + "\n";
    for (const ObjectProperty& property : point.removed) {
      text += "-" + RenderProperty(property) + "\n";
    }
    for (const ObjectProperty& property : point.added) {
      text += "+" + RenderProperty(property) + "\n";
    }
  }
  return text;
}

Result<StateHistory> StateHistory::Parse(std::string_view text, const std::string& file) {
  StateHistory history;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(kPointHead)) {
      history.points_.push_back({std::string(line.substr(kPointHead.size())), {}, {}});
      continue;
    }
    const bool change = line.starts_with('-') || line.starts_with('+');
    if (!change || history.points_.empty()) return Malformed(file, number);
    auto property = ParseProperty(line.substr(1));
    if (!property) return Malformed(file, number);
    Point& point = history.points_.back();
    (line.front() == '-' ? point.removed : point.added).push_back(*std::move(property));
  }
  for (Point& point : history.points_) {
    point.removed = Sorted(std::move(point.removed));
    point.added = Sorted(std::move(point.added));
  }
  return history;
}

}  // namespace ballast::catalog
