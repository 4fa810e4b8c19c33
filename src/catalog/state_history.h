// SPDX-License-Identifier: Apache-2.0
// The snapshots of a database after each of its migrations, stored as differences from the one
// before.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

// The distance between a database and a point of the history, in properties.
struct PointDistance {
  size_t point = 0;
  size_t missing = 0;  // only in the point
  size_t extra = 0;    // only in the database
};

class StateHistory {
 public:
  // Adds the state after the next migration; `name` must not contain tabs or line feeds.
  void Add(std::string name, const Snapshot& snapshot);

  size_t size() const { return points_.size(); }
  const std::string& name(size_t point) const { return points_[point].name; }
  Snapshot At(size_t point) const;
  // Every property of any point.
  Snapshot Union() const;
  // The distance to each point, in order. A point whose snapshot equals that of the next point is
  // omitted, because the catalog cannot distinguish them.
  std::vector<PointDistance> DistancesTo(const Snapshot& live) const;

  // The first point whose catalog equals that of `point`, apart from the order of columns.
  size_t FirstLike(size_t point) const;

  // "point", tab, name; then one line with "-" or "+" for each changed property. Deterministic.
  std::string Render() const;
  // B401 if the text is malformed.
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
