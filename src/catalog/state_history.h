// SPDX-License-Identifier: Apache-2.0
// The catalogs of a database after each migration of its history, each told by what differs from
// the one before.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

// How far a database is from a point, in properties.
struct PointDistance {
  size_t point = 0;
  size_t missing = 0;  // of the point, not in the database
  size_t extra = 0;    // of the database, not in the point
};

class StateHistory {
 public:
  // The state after the next migration; `name` has no tab and no line feed.
  void Add(std::string name, const Snapshot& snapshot);

  size_t size() const { return points_.size(); }
  const std::string& name(size_t point) const { return points_[point].name; }
  Snapshot At(size_t point) const;
  // Every property that any point has.
  Snapshot Union() const;
  // Of each point, in order. A point that differs in nothing from the one after it is left out: the
  // catalog cannot tell them apart. One pass over the changes.
  std::vector<PointDistance> DistancesTo(const Snapshot& live) const;

  // "point", tab, name; then "-" or "+" and a property for each change. Deterministic.
  std::string Render() const;
  // B401 when it is malformed.
  static Result<StateHistory> Parse(std::string_view text, const std::string& file);

 private:
  struct Point {
    std::string name;
    Snapshot removed;
    Snapshot added;
  };
  std::vector<Point> points_;
  Snapshot last_;  // the state at the last point
};

}  // namespace ballast::catalog
