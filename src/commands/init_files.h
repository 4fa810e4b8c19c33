// SPDX-License-Identifier: Apache-2.0
// The files that `ballast init` writes for each target.
#pragma once

#include <string>
#include <vector>

#include "report/key_figures.h"

namespace ballast::commands {

enum class InitTarget {
  kProject,
  kRailway,
  kDocker,
  kCompose,
  kKubernetes,
  kKubernetesFleet,
  kGithub,
  kMonitoring
};

struct InitFile {
  std::string path;
  std::string text;
  bool executable = false;
};

// What the files contain about the project. Paths are relative to the project's root, where the
// files' commands run.
struct InitPlace {
  std::string base;                    // the folder with prisma.config.*; "." for the root
  std::vector<std::string> paths;      // of the schema, the migrations, and what the
                                       // configuration imports
  std::string scripts;                 // the folder for scripts of Railway
  std::vector<std::string> packages;   // where the package is, or may be once it is made
  std::string config;                  // ballast.toml, which may not exist
  std::vector<std::string> arguments;  // options of ballast that choose the project
  // Makes the names of files and services differ from those of the repository's other projects;
  // empty if there are none.
  std::string name;
  std::string url_variable;                 // the variable that contains the database's URL
  std::vector<std::string> more_variables;  // others that the datasource names
  std::string
      working_directory;        // the root, relative to the top of the repository; "." for the top
  std::string branch = "main";  // into which changes are merged
  bool runs_by_yarn = false;    // Yarn has installed ballast without node_modules/.bin
  report::Thresholds thresholds;
};

// The input of the action that distinguishes the projects of a repository; "" for one at its top.
std::string WorkflowInputs(const InitPlace& place);
// A name that Kubernetes, Compose and file systems accept: RFC 1123, a label.
std::string Label(const std::string& name);
// What railway.json needs for a project: the command before each deployment.
std::string RailwayCommand(const InitPlace& place);

// Paths are relative to the project's root, those of kGithub to the top of the repository.
std::vector<InitFile> InitFilesOf(InitTarget target, const InitPlace& place);

}  // namespace ballast::commands
