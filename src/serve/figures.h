// SPDX-License-Identifier: Apache-2.0
// Key figures: what people watch, each with the values from which it warns and alerts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/run_report.h"
#include "serve/board.h"

namespace ballast::serve {

enum class FigureState { kUnknown, kOk, kWarning, kAlert };
std::string_view NameOf(FigureState state);  // "unknown", "ok", "warning", "alert"

struct Figure {
  std::string name;            // "fresh_deploy_seconds"
  std::string title;           // for people
  std::string unit;            // "s", "%", "objects", "days"
  std::optional<double> value;  // empty: nothing is known yet
  double warning = 0;
  double alert = 0;
  bool lower_is_worse = false;
  std::string about;  // what the value is of: a run, a database

  FigureState State() const;
};

// `runs` are those of the window, newest first.
std::vector<Figure> FiguresOf(const BoardView& view, const std::vector<report::RunReport>& runs);

}  // namespace ballast::serve
