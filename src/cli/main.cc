// SPDX-License-Identifier: Apache-2.0
// The program: options in, one command, a report out, and an exit status that says how it went.
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cli/options.h"
#include "cli/progress_output.h"
#include "cli/render_json.h"
#include "cli/render_text.h"
#include "cli/static_program.h"
#include "cli/terminal.h"

extern char** environ;

namespace ballast::cli {
namespace {

void Print(const std::string& text, std::FILE* stream) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

std::map<std::string, std::string, std::less<>> Environment() {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

// The answer of one command, printed as the options ask; gives the exit status.
class Face {
 public:
  Face(const Options& options, ProgressOutput& progress)
      : options_(options),
        progress_(progress),
        style_{UseColor(options.color, STDERR_FILENO)},
        out_style_{UseColor(options.color, STDOUT_FILENO)} {}

  template <class Report>
  int Show(const Report& report, ExitStatus otherwise = ExitStatus::kSuccess) {
    progress_.Finish();
    if (options_.output == Output::kJson) {
      Print(RenderJson(report), stdout);
    } else {
      const Page page = PageOf(report);
      if (!options_.quiet) Print(page.out, stdout);
      if (report.error) Print(RenderError(*report.error, style_, options_.verbose), stderr);
      if (!options_.quiet || report.error) Print(page.err, stderr);
    }
    return static_cast<int>(report.error ? StatusOf(report.error->code) : otherwise);
  }

  int ShowCheck(const commands::SchemaCheckReport& report) {
    progress_.Finish();
    if (options_.output == Output::kJson) {
      Print(RenderJson(report), stdout);
    } else {
      const Page page = RenderText(report, out_style_, options_.verbose);
      if (!options_.quiet) Print(page.err, stderr);
      if (!options_.quiet) Print(page.out, stdout);
      if (report.error) Print(RenderError(*report.error, style_, options_.verbose), stderr);
    }
    if (report.error) return static_cast<int>(StatusOf(report.error->code));
    return static_cast<int>(report.agree ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }

  int ShowScratch(const commands::ScratchReport& report) {
    progress_.Finish();
    if (!report.error) return report.exit_status;
    Print(options_.output == Output::kJson ? RenderJson(*report.error)
                                           : RenderError(*report.error, style_, options_.verbose),
          options_.output == Output::kJson ? stdout : stderr);
    return static_cast<int>(StatusOf(report.error->code));
  }

 private:
  template <class Report>
  Page PageOf(const Report& report) const {
    if constexpr (requires { RenderText(report, out_style_, true); }) {
      return RenderText(report, out_style_, options_.verbose);
    } else {
      return RenderText(report, out_style_);
    }
  }

  const Options& options_;
  ProgressOutput& progress_;
  Style style_;
  Style out_style_;
};

class Runner {
 public:
  Runner(Face& face, const project::Invocation& invocation)
      : face_(face), invocation_(invocation) {}

  int operator()(const commands::DeployOptions& o) {
    return face_.Show(o.from_template ? DeployTemplate(o, invocation_) : Deploy(o, invocation_));
  }
  int operator()(const commands::StatusOptions& o) {
    const commands::StatusReport report = commands::ReadStatus(o, invocation_);
    const bool wanted =
        (report.found == "current" || report.found == "ahead") && report.differences.empty();
    return face_.Show(report, wanted ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }
  int operator()(const commands::DoctorOptions& o) {
    const commands::DoctorReport report = commands::Examine(o, invocation_);
    const bool healthy = report.Count(commands::CheckStatus::kFail) == 0;
    return face_.Show(report, healthy ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }
  int operator()(const ReleaseCreate& c) {
    return face_.Show(commands::CreateRelease(c.options, invocation_));
  }
  int operator()(const commands::VerifyOptions& o) {
    return face_.Show(VerifyRelease(o, invocation_));
  }
  int operator()(const ReleaseShow&) { return face_.Show(commands::ShowRelease(invocation_)); }
  int operator()(const ReleaseList&) { return face_.Show(commands::ListReleases(invocation_)); }
  int operator()(const commands::PackOptions& o) { return face_.Show(PackRelease(o, invocation_)); }
  int operator()(const ReleaseDiff& diff) {
    return face_.Show(commands::DiffReleases(diff.a, diff.b, invocation_));
  }
  int operator()(const HotfixNew& h) { return face_.Show(NewHotfix(h.options, invocation_)); }
  int operator()(const HotfixSeal& h) { return face_.Show(SealHotfixes(h.options, invocation_)); }
  int operator()(const BaselineCreate& c) {
    return face_.Show(commands::CreateDevelopmentBaseline(c.options, invocation_));
  }
  int operator()(const commands::ResolveOptions& o) { return face_.Show(Resolve(o, invocation_)); }
  int operator()(const commands::SchemaSqlOptions& o) {
    return face_.Show(SchemaSql(o, invocation_));
  }
  int operator()(const commands::SchemaCheckOptions& o) {
    return face_.ShowCheck(SchemaCheck(o, invocation_));
  }
  int operator()(const CatalogFingerprint&) {
    return face_.Show(commands::CatalogFingerprint(invocation_));
  }
  int operator()(const CatalogDiff& diff) {
    const commands::DiffReport report = commands::CatalogDiff(diff.url_a, diff.url_b);
    return face_.Show(report, report.equal ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }
  int operator()(const commands::ScratchOptions& o) {
    return face_.ShowScratch(Scratch(o, invocation_));
  }
  int operator()(const project::KeyOptions& o) { return face_.Show(NewKey(o, invocation_)); }
  int operator()(const commands::InitOptions& o) { return face_.Show(InitProject(o, invocation_)); }
  int operator()(const PrintCompletion&) { return static_cast<int>(ExitStatus::kSuccess); }
  int operator()(const commands::ListNamesOptions& o) {
    for (const std::string& name : ListNames(o, invocation_)) Print(name + "\n", stdout);
    return static_cast<int>(ExitStatus::kSuccess);
  }

 private:
  Face& face_;
  const project::Invocation& invocation_;
};

bool AsksForJson(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--output=json") return true;
    if (arguments[i] == "--output" && i + 1 < arguments.size() && arguments[i + 1] == "json") {
      return true;
    }
  }
  return false;
}

ProgressSettings ProgressFor(const Options& options) {
  ProgressSettings settings;
  settings.style = {UseColor(options.color, STDERR_FILENO)};
  settings.columns = [] { return TerminalColumns(STDERR_FILENO); };
  const bool terminal = options.output == Output::kText && isatty(STDERR_FILENO) != 0;
  settings.form = options.quiet                            ? ProgressForm::kNone
                  : options.log_format == LogFormat::kJson ? ProgressForm::kJson
                  : terminal                               ? ProgressForm::kTerminal
                                                           : ProgressForm::kLog;
  return settings;
}

int Main(const std::vector<std::string>& arguments) {
  auto parsed = ParseOptions(arguments);
  if (!parsed) {
    const bool json = AsksForJson(arguments);
    Print(json ? RenderJson(parsed.error())
               : RenderError(parsed.error(), {UseColor(Color::kAuto, STDERR_FILENO)}, false),
          json ? stdout : stderr);
    return static_cast<int>(StatusOf(parsed.error().code));
  }
  if (const auto* answer = std::get_if<Answer>(&*parsed)) {
    Print(answer->text, stdout);
    return 0;
  }
  const Options& options = std::get<Options>(*parsed);
  const std::unique_ptr<ProgressOutput> progress = MakeProgressOutput(ProgressFor(options));
  project::Invocation invocation;
  invocation.directory = options.directory;
  invocation.environment = Environment();
  invocation.database_url = options.database_url;
  invocation.scratch_url = options.scratch_url;
  invocation.package = options.package;
  invocation.progress = progress.get();
  Face face(options, *progress);
  return std::visit(Runner(face, invocation), options.command);
}

// What `ps` shows of us has no URL: they may hold passwords. The arguments are copied before.
void HideUrls(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument.find("://") == std::string_view::npos &&
        argument.find("password") == std::string_view::npos) {
      continue;
    }
    std::fill_n(argv[i], argument.size(), '*');
  }
}

// Memory and variables hold passwords: no core file, and nobody but root looks into /proc. A
// program that `scratch` starts is its own again. Leak sanitizers have to look.
void KeepMemoryPrivate() {
#ifdef NDEBUG
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace
}  // namespace ballast::cli

int main(int argc, char** argv) {
  ballast::cli::PrepareStaticProgram();
  std::signal(SIGPIPE, SIG_IGN);
  ballast::cli::KeepMemoryPrivate();
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    ballast::cli::HideUrls(argc, argv);
    return ballast::cli::Main(arguments);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "Error B900: ballast failed in a way that it should not: %s\n", e.what());
  }
  return static_cast<int>(ballast::ExitStatus::kBug);
}
