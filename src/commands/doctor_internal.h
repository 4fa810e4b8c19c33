// SPDX-License-Identifier: Apache-2.0
// The parts of an examination, for doctor.cc only. Each examines one area and adds its findings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/doctor.h"
#include "project/project_context.h"

namespace ballast::commands {

class Findings {
 public:
  explicit Findings(std::vector<Check>& checks) : checks_(checks) {}

  // A command that a message names is in the remedy, where the given options are repeated.
  void Ok(std::string id, std::string message, std::string remedy = {});
  void Skip(std::string id, std::string message, std::string remedy = {});
  void Add(Check check) { checks_.push_back(std::move(check)); }
  // Adds an error as a finding: its sentence with the code, its place, its hint.
  void Add(std::string id, CheckStatus status, const Error& error);

 private:
  std::vector<Check>& checks_;
};

// What several parts need. A part whose input is missing reports that.
struct DoctorContext {
  const project::ProjectContext& context;
  project::Artifacts& artifacts;
  const DoctorOptions& options;
  std::vector<release::Migration> migrations;  // of the project, in order
  std::optional<plan::StrategyChoice> strategy;
  std::optional<plan::Intent> intent;  // empty: the strategy cannot be followed at present
};

void ExamineProject(DoctorContext& doctor, Findings& findings);
void ExaminePackage(const DoctorContext& doctor, Findings& findings);
void ExamineBaseline(const DoctorContext& doctor, Findings& findings);
// `line` receives the server's description of the target.
void ExamineDatabase(const DoctorContext& doctor, const postgres::Target& target,
                     const project::Invocation& invocation, Findings& findings,
                     report::Target& line);

}  // namespace ballast::commands
