// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/render_json.h"
#include "cli/render_json_internal.h"
#include "cli/render_text.h"

namespace ballast::cli {

Page RenderText(const commands::ServeReport& report, const Style&) {
  Page page;
  if (!report.error) page.out = fmt::format("ended by {}\n", report.ended_by);
  return page;
}

std::string RenderJson(const commands::ServeReport& report) {
  const Json json = {{"url", OrNull(report.url)},
                     {"databases", report.databases},
                     {"ended_by", OrNull(report.ended_by)},
                     {"error", ErrorJson(report.error)}};
  return JsonText(json);
}

}  // namespace ballast::cli
