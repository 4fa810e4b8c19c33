// SPDX-License-Identifier: Apache-2.0
#include "cli/plain_error.h"

#include <unistd.h>

#include <exception>

#include "base/url_password.h"
#include "cli/conclusion.h"
#include "cli/render_json.h"
#include "cli/render_text.h"
#include "cli/safe_text.h"

namespace ballast::cli {

void PrintText(const std::string& text, const Style& style, std::FILE* stream) {
  Print(MaskUrlPasswords(SafeText(text, style.color)), stream);
}

RunEvent EventOf(const Error& error, const std::string& hint) {
  return {"error",
          {{"code", std::string(CodeOf(error.code))}, {"message", error.message}, {"hint", hint}}};
}

bool AsksForJson(const std::vector<std::string>& arguments, const std::string& option) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == option + "=json") return true;
    if (arguments[i] == option && i + 1 < arguments.size() && arguments[i + 1] == "json") {
      return true;
    }
  }
  return false;
}

int ShowPlainError(const Error& error, const std::vector<std::string>& arguments) {
  const Style style{UseColor(Color::kAuto, STDERR_FILENO)};
  if (AsksForJson(arguments, "--output")) {
    Print(RenderJson(error), stdout);
  } else if (AsksForJson(arguments, "--log-format")) {
    MakeProgressOutput({.form = ProgressForm::kJson})->Event(EventOf(error, error.hint));
  } else {
    PrintText(RenderError(error, style, false), style, stderr);
  }
  return Conclude(static_cast<int>(StatusOf(error.code)), false);
}

int RunWithoutExceptions(const std::vector<std::string>& arguments,
                         const std::function<int(const std::vector<std::string>&)>& run) {
  try {
    return run(arguments);
  } catch (const std::exception& e) {
    return ShowPlainError(MakeError(ErrorCode::kBug, std::string("internal error: ") + e.what()),
                          arguments);
  }
}

}  // namespace ballast::cli
