// SPDX-License-Identifier: Apache-2.0
// Receives the SQL of a plan from the compiler, in order: what a deploy sends is what
// `deploy --sql` prints.
#pragma once

#include <string>
#include <string_view>

namespace ballast::apply {

// How a script that is too large for one message can be sent.
enum class SplitPolicy {
  kBetweenStatements,  // in several messages, because the transaction around it is ballast's
  kNever               // the parts between its own COMMITs depend on being in one message
};

struct SinkScript {
  std::string_view name;  // of the migration
  std::string_view text;  // can end inside a line comment and without a semicolon
  SplitPolicy cut = SplitPolicy::kBetweenStatements;
  // The text is another form of this one with the same positions; empty: it is none.
  std::string_view original = {};
  bool changes_reading = false;  // as in plan::RunScript
};

class SqlSink {
 public:
  virtual ~SqlSink() = default;
  virtual void AddOwn(std::string_view sql) = 0;  // statements of ballast
  virtual void AddScript(const SinkScript& script) = 0;
  // Statements that only measure how long a script takes.
  virtual void AddMeasurement(std::string_view sql) = 0;
  // The id of a row of the migrations table that is inserted and updated; empty: it is found by its
  // name.
  virtual std::string NewRowId() = 0;
};

}  // namespace ballast::apply
