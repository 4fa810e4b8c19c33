// SPDX-License-Identifier: Apache-2.0
// Repeats the project's options of the command line (-C, --schema, --project, --package,
// --trust-history) in the commands that remedies name, so that each works as it is printed.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/options.h"

namespace ballast::cli {

class GivenOptions {
 public:
  explicit GivenOptions(const Options& options);

  // "run ballast deploy --adopt" → "run ballast -C app deploy --adopt". Options that the named
  // command has already are not repeated. Other text is unchanged.
  std::string RepeatIn(std::string text) const;
  // Only in lines that begin with the mark of a remedy or a remark.
  std::string RepeatInRemedies(const std::string& text) const;
  // In the hints, remedies and notices of a JSON document.
  std::string RepeatInJson(std::string document) const;

 private:
  std::string ArgumentsFor(std::string_view command) const;

  std::vector<std::pair<std::string, std::string>> options_;  // flag; with its value, quoted
  std::vector<std::string> commands_;
};

}  // namespace ballast::cli
