// SPDX-License-Identifier: Apache-2.0
// The main program: parses options, runs one command, prints its report, and returns its exit
// status.
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

#include "base/interruption.h"
#include "base/text.h"
#include "base/url_password.h"
#include "cli/become_program.h"
#include "cli/conclusion.h"
#include "cli/given_options.h"
#include "cli/options.h"
#include "cli/plain_error.h"
#include "cli/progress_output.h"
#include "cli/render_check.h"
#include "cli/render_fleet.h"
#include "cli/render_json.h"
#include "cli/render_lint.h"
#include "cli/render_squash.h"
#include "cli/render_text.h"
#include "cli/safe_text.h"
#include "cli/static_program.h"
#include "cli/terminal.h"
#include "plan/plan.h"
#include "workspace/files.h"

extern char** environ;

namespace ballast::cli {
namespace {

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

// Whether standard output is for other programs: JSON or SQL.
bool PrintsForPrograms(const Options& options) {
  const bool sql = std::visit(
      [](const auto& command) {
        if constexpr (requires { command.sql; }) return static_cast<bool>(command.sql);
        return false;
      },
      options.command);
  return options.output == Output::kJson || sql;
}

std::FILE* StreamForTarget(const Options& options) {
  return PrintsForPrograms(options) ? stderr : stdout;
}

// The commands that print the target before their progress; the others print it with their report.
bool PrintsTargetFirst(const Options& options) {
  if (const auto* deploy = std::get_if<run::DeployOptions>(&options.command)) {
    return !deploy->from_template;
  }
  return std::holds_alternative<commands::StatusOptions>(options.command) ||
         std::holds_alternative<commands::DoctorOptions>(options.command) ||
         std::holds_alternative<commands::RepairOptions>(options.command) ||
         std::holds_alternative<commands::RollbackOptions>(options.command) ||
         std::holds_alternative<commands::ResolveOptions>(options.command);
}

// Prints the report of a command in the requested form; returns the exit status.
class ReportPrinter {
 public:
  ReportPrinter(const Options& options, const project::Invocation& invocation,
                ProgressOutput& progress)
      : options_(options),
        invocation_(invocation),
        progress_(progress),
        given_(options, invocation.environment),
        style_{UseColor(options.color, STDERR_FILENO)},
        out_style_{UseColor(options.color, STDOUT_FILENO)} {}

  template <class Report>
  int Show(Report report, ExitStatus otherwise = ExitStatus::kSuccess) {
    ExplainInterruption(report);
    progress_.Finish();
    if (options_.output == Output::kJson) {
      ShowJson(RenderJson(report));
    } else {
      if (LogsJson()) LeaveRemediesToError(report);
      const Page page = PageOf(report);
      if (!options_.quiet) ShowTarget(page, report.error.has_value());
      if (!options_.quiet || HasScript(report)) ShowAnswer(report, page.out);
      const bool remarks = !options_.quiet || report.error || LogsJson();
      if (remarks) ShowRemarks(page.notices);
      if (report.error) ShowError(WithoutListedHint(report));
      if (remarks) ShowRemarks(page.err);
    }
    if constexpr (requires { report.run; }) {
      if (!IsDryRun(report)) DeliverRun(report.run);
    }
    return Conclude(report.error ? StatusFor(*report.error) : static_cast<int>(otherwise),
                    Applied(report) > 0);
  }

  int ShowSchemaCheck(commands::SchemaCheckReport report) {
    ExplainInterruption(report);
    progress_.Finish();
    if (options_.output == Output::kJson) {
      ShowJson(RenderJson(report));
    } else {
      const Page page = RenderText(report, out_style_, options_.verbose);
      if (!options_.quiet || LogsJson()) ShowRemarks(page.err);
      if (!options_.quiet) ShowAnswer(report, page.out);
      if (report.error) ShowError(*report.error);
    }
    const ExitStatus otherwise = report.agree ? ExitStatus::kSuccess : ExitStatus::kRefused;
    return Conclude(report.error ? StatusFor(*report.error) : static_cast<int>(otherwise), false);
  }

  int ShowLog(const commands::LogReport& report) {
    const std::string& file = options_.delivery.metrics_file;
    if (!file.empty() && (!report.figures.empty() || report.is_reachable == false)) {
      const std::string problem = WriteMetricsFile(file, FigureMetrics(report));
      if (!problem.empty()) PrintText(RenderNotices({problem}, style_), style_, stderr);
    }
    return Show(report);
  }

  // Prints a report for other programs unchanged; the error also goes to stderr.
  int ShowLint(commands::LintReport report, commands::LintFormat format) {
    if (format == commands::LintFormat::kText && options_.output == Output::kText) {
      return Show(std::move(report));
    }
    ExplainInterruption(report);
    progress_.Finish();
    if (format == commands::LintFormat::kSarif) {
      Print(RenderSarif(report), stdout);
    } else if (format == commands::LintFormat::kGithub) {
      Print(MaskUrlPasswords(RenderGithub(report)), stdout);
    } else {
      ShowJson(RenderJson(report));
    }
    const bool machine =
        format == commands::LintFormat::kText || format == commands::LintFormat::kJson;
    if (report.error && !machine) ShowError(*report.error);
    return Conclude(report.error ? StatusFor(*report.error) : 0, false);
  }

  int ShowCheck(commands::CheckReport report, const commands::CheckOptions& options) {
    ExplainInterruption(report);
    if (!options.summary.empty() && !report.error) {
      const std::string table = MaskUrlPasswords(given_.RepeatIn(RenderMarkdown(report)));
      Status written = workspace::AppendToFile(options.summary, table, 0644);
      if (!written) report.error = std::move(written).error();
    }
    const bool annotates =
        options.format == commands::CheckFormat::kGithub && options_.output == Output::kText;
    const ExitStatus otherwise =
        report.FailedCount() == 0 ? ExitStatus::kSuccess : ExitStatus::kRefused;
    if (!annotates) return Show(std::move(report), otherwise);
    progress_.Finish();
    Print(MaskUrlPasswords(given_.RepeatIn(RenderGithub(report))), stdout);
    if (report.error) ShowError(*report.error);
    return Conclude(report.error ? StatusFor(*report.error) : static_cast<int>(otherwise), false);
  }

  // Before the program that `scratch` runs.
  void EndProgress() { progress_.Finish(); }

  int ShowScratch(commands::ScratchReport report) {
    ExplainInterruption(report);
    progress_.Finish();
    if (!report.error && !Interruption::Requested()) return report.exit_status;
    if (!report.error) {
      report.error = Interruption::AsError();
      report.error->message += "; the command ended, and its temporary database was removed";
    }
    if (options_.output == Output::kJson) {
      ShowJson(RenderJson(*report.error));
    } else {
      ShowError(*report.error);
    }
    return Conclude(StatusFor(*report.error), false);
  }

  // Prints a sentence while the command runs.
  void PrintSentence(const std::string& sentence) {
    if (options_.log_format == LogFormat::kJson) {
      progress_.Notice(sentence);
    } else if (!options_.quiet) {
      PrintText(sentence + "\n", style_, stderr);
    }
  }

 private:
  // Number of migrations whose commit was confirmed.
  template <class Report>
  static size_t Applied(const Report& report) {
    if constexpr (requires { report.applied.size(); }) return report.applied.size();
    return 0;
  }

  // Whether the database was created by this run.
  template <class Report>
  static bool HasCreated(const Report& report) {
    if constexpr (requires { report.created_database; }) return report.created_database;
    return false;
  }

  // As in the journal, a dry run leaves nothing behind.
  template <class Report>
  static bool IsDryRun(const Report& report) {
    if constexpr (requires { report.dry_run; }) return report.dry_run;
    return false;
  }

  // An error after a termination request is caused by it.
  template <class Report>
  static void ExplainInterruption(Report& report) {
    if (!report.error || !Interruption::Requested()) return;
    if (report.error->code == ErrorCode::kInterrupted && !report.error->hint.empty()) return;
    report.error = InterruptedError(*report.error, Applied(report), HasCreated(report));
  }

  // The remedies of a refusal follow as a list, and are not printed twice.
  template <class Report>
  Error WithoutListedHint(const Report& report) const {
    Error error = *report.error;
    if constexpr (requires { report.remedies; }) {
      if (!LogsJson() && error.hint == plan::HintOf(report.remedies)) error.hint.clear();
    }
    if constexpr (std::is_same_v<Report, commands::FleetDeployReport>) {
      if (!LogsJson() && !options_.quiet) error.message = MessageAfterTable(report);
    }
    return error;
  }

  // In a JSON log the event of the error has them.
  template <class Report>
  static void LeaveRemediesToError(Report& report) {
    if constexpr (requires { report.remedies; }) {
      if (report.error && report.error->hint == plan::HintOf(report.remedies)) {
        report.remedies.clear();
      }
    }
  }

  static int StatusFor(const Error& error) {
    return error.code == ErrorCode::kInterrupted ? InterruptedStatus()
                                                 : static_cast<int>(StatusOf(error));
  }

  // Before the answer, or before the error.
  void ShowTarget(const Page& page, bool failed) const {
    std::FILE* const stream = failed ? stderr : StreamForTarget(options_);
    // In a JSON log, an event names the target.
    if (progress_.HasPrintedTarget() || (stream == stderr && LogsJson())) return;
    PrintText(page.target, style_, stream);
  }

  // Events are asked for explicitly; -q suppresses text.
  bool LogsJson() const { return options_.log_format == LogFormat::kJson; }

  // Prints other messages; as JSON if the log is JSON.
  void ShowRemarks(const std::string& page) {
    const std::string text = given_.RepeatIn(page);
    if (!LogsJson()) return PrintText(text, style_, stderr);
    for (const std::string& line : Split(text, '\n')) {
      if (!Trim(line).empty()) progress_.Notice(Trim(line));
    }
  }

  void DeliverRun(const report::RunReport& run) {
    for (const std::string& problem : Deliver(run, options_.delivery, invocation_)) {
      if (LogsJson()) {
        progress_.Notice(problem);
      } else if (!options_.quiet || report::IsFailure(run.outcome)) {
        PrintText(RenderNotices({problem}, style_), style_, stderr);
      }
    }
  }

  void ShowError(const Error& error) const {
    if (LogsJson()) {
      progress_.Event(EventOf(error, given_.RepeatIn(error.hint)));
      return;
    }
    PrintText(given_.RepeatInRemedies(RenderError(error, style_, options_.verbose)), style_,
              stderr);
  }

  void ShowJson(const std::string& document) const { Print(given_.RepeatInJson(document), stdout); }

  // SQL that was asked for is printed with --quiet, too.
  template <class Report>
  static bool HasScript(const Report& report) {
    if constexpr (requires { report.sql.has_value(); }) return report.sql.has_value();
    return std::is_same_v<Report, commands::SchemaSqlReport>;
  }

  // SQL for other programs is printed unchanged.
  template <class Report>
  void ShowAnswer(const Report& report, const std::string& text) const {
    if constexpr (std::is_same_v<Report, commands::SchemaSqlReport>) {
      Print(text, stdout);
    } else if (HasScript(report)) {  // a URL in it is a part of the migrations
      Print(SafeText(text, out_style_.color), stdout);
    } else {
      PrintText(given_.RepeatInRemedies(text), out_style_, stdout);
    }
  }

  template <class Report>
  Page PageOf(const Report& report) const {
    if constexpr (requires { RenderText(report, out_style_, true); }) {
      return RenderText(report, out_style_, options_.verbose);
    } else {
      return RenderText(report, out_style_);
    }
  }

  const Options& options_;
  const project::Invocation& invocation_;
  ProgressOutput& progress_;
  GivenOptions given_;
  Style style_;
  Style out_style_;
};

class Runner {
 public:
  Runner(ReportPrinter& printer, const project::Invocation& invocation)
      : printer_(printer), invocation_(invocation) {}

  int operator()(const run::DeployOptions& o) {
    return printer_.Show(o.from_template ? commands::DeployTemplate(o, invocation_)
                                         : commands::Deploy(o, invocation_));
  }
  int operator()(const commands::StatusOptions& o) {
    const commands::StatusReport report = commands::ReadStatus(o, invocation_);
    return printer_.Show(report, report.IsUpToDate() ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }
  int operator()(const commands::DoctorOptions& o) {
    const commands::DoctorReport report = commands::Examine(o, invocation_);
    const bool healthy = report.IsHealthy();
    return printer_.Show(report, healthy ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }
  int operator()(const ReleaseCreate& c) {
    return printer_.Show(commands::CreateRelease(c.options, invocation_));
  }
  int operator()(const commands::VerifyOptions& o) {
    return printer_.Show(VerifyRelease(o, invocation_));
  }
  int operator()(const ReleaseShow&) { return printer_.Show(commands::ShowRelease(invocation_)); }
  int operator()(const ReleaseList&) { return printer_.Show(commands::ListReleases(invocation_)); }
  int operator()(const commands::PackOptions& o) {
    return printer_.Show(PackRelease(o, invocation_));
  }
  int operator()(const ReleaseDiff& diff) {
    return printer_.Show(commands::DiffReleases(diff.a, diff.b, invocation_));
  }
  int operator()(const HotfixNew& h) { return printer_.Show(NewHotfix(h.options, invocation_)); }
  int operator()(const HotfixSeal& h) {
    return printer_.Show(SealHotfixes(h.options, invocation_));
  }
  int operator()(const commands::HotfixMergeOptions& h) {
    return printer_.Show(MergeHotfixes(h, invocation_));
  }
  int operator()(const BaselineCreate& c) {
    return printer_.Show(commands::CreateDevelopmentBaseline(c.options, invocation_));
  }
  int operator()(const commands::ResolveOptions& o) {
    return printer_.Show(Resolve(o, invocation_));
  }
  int operator()(const commands::SchemaSqlOptions& o) {
    return printer_.Show(SchemaSql(o, invocation_));
  }
  int operator()(const commands::SchemaCheckOptions& o) {
    return printer_.ShowSchemaCheck(SchemaCheck(o, invocation_));
  }
  int operator()(const CatalogFingerprint&) {
    return printer_.Show(commands::CatalogFingerprint(invocation_));
  }
  int operator()(const commands::CatalogDiffOptions& o) {
    const commands::DiffReport report = commands::CatalogDiff(o, invocation_);
    return printer_.Show(report, report.equal ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }
  int operator()(const commands::ScratchOptions& o) {
    return printer_.ShowScratch(Scratch(o, invocation_, [this] { printer_.EndProgress(); }));
  }
  int operator()(const project::KeyOptions& o) { return printer_.Show(NewKey(o, invocation_)); }
  int operator()(const commands::InitOptions& o) {
    return printer_.Show(InitProject(o, invocation_));
  }
  int operator()(const commands::ServeOptions& o) {
    return printer_.Show(RunServer(
        o, invocation_, [this](const std::string& sentence) { printer_.PrintSentence(sentence); }));
  }
  int operator()(const commands::LogOptions& o) {
    return printer_.ShowLog(ReadLog(o, invocation_));
  }
  int operator()(const commands::FleetStatusOptions& o) {
    const commands::FleetStatusReport report = ReadFleetStatus(o, invocation_);
    const bool up_to_date = report.UpToDateCount() == report.targets.size();
    return printer_.Show(report, up_to_date ? ExitStatus::kSuccess : ExitStatus::kRefused);
  }
  int operator()(const commands::FleetDeployOptions& o) {
    return printer_.Show(DeployFleet(o, invocation_));
  }
  int operator()(const commands::RepairOptions& o) { return printer_.Show(Repair(o, invocation_)); }
  int operator()(const commands::RollbackOptions& o) {
    return printer_.Show(Rollback(o, invocation_));
  }
  int operator()(const PrintCompletion&) { return static_cast<int>(ExitStatus::kSuccess); }
  int operator()(const commands::SquashOptions& o) { return printer_.Show(Squash(o, invocation_)); }
  int operator()(const commands::LintOptions& o) {
    return printer_.ShowLint(Lint(o, invocation_), o.format);
  }
  int operator()(const commands::CheckOptions& o) {
    return printer_.ShowCheck(CheckProject(o, invocation_), o);
  }
  int operator()(const commands::ListNamesOptions& o) {
    for (const std::string& name : ListNames(o, invocation_)) Print(name + "\n", stdout);
    return static_cast<int>(ExitStatus::kSuccess);
  }

 private:
  ReportPrinter& printer_;
  const project::Invocation& invocation_;
};

// Whether the form of progress may redraw its line. As git does, a terminal without a type counts
// as one that cannot.
bool CanRedraw() {
  return isatty(STDERR_FILENO) != 0 && !IsDumbTerminal();
}

ProgressSettings ProgressFor(const Options& options) {
  ProgressSettings settings;
  settings.style = {UseColor(options.color, STDERR_FILENO)};
  settings.columns = [] { return TerminalColumns(STDERR_FILENO); };
  const bool terminal = options.output == Output::kText && CanRedraw();
  if (PrintsTargetFirst(options) && !options.quiet) {
    settings.target_stream = StreamForTarget(options);
  }
  settings.form = options.log_format == LogFormat::kJson ? ProgressForm::kJson
                  : options.quiet                        ? ProgressForm::kNone
                  : terminal                             ? ProgressForm::kTerminal
                                                         : ProgressForm::kLog;
  return settings;
}

int Main(const std::vector<std::string>& arguments) {
  auto parsed = ParseOptions(arguments);
  if (!parsed) return ShowPlainError(parsed.error(), arguments);
  if (const auto* answer = std::get_if<TextToPrint>(&*parsed)) {
    const bool json = !answer->fields.empty() && AsksForJson(arguments, "--output");
    Print(json ? RenderJson(*answer) : answer->text, stdout);
    return Conclude(0, false);
  }
  const Options& options = std::get<Options>(*parsed);
  const std::unique_ptr<ProgressOutput> progress = MakeProgressOutput(ProgressFor(options));
  project::Invocation invocation;
  invocation.directory = options.directory;
  invocation.environment = Environment();
  invocation.database_url = options.database_url;
  invocation.scratch_url = options.scratch_url;
  invocation.schema = options.schema;
  invocation.project = options.project;
  invocation.package = options.package;
  invocation.trust_history = options.trust_history;
  invocation.progress = progress.get();
  ReportPrinter printer(options, invocation, *progress);
  const int status = std::visit(Runner(printer, invocation), options.command);
  if (status != 0 || options.program.empty()) return status;
  return Interruption::Requested() ? InterruptedStatus() : BecomeProgram(options.program);
}

// Removes URLs from the arguments that `ps` shows, because they can contain passwords. The
// arguments are copied first.
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

// Memory and variables contain passwords: no core file, and only root can read /proc. A program
// started by `scratch` is not affected. Leak sanitizers need access.
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
  ballast::cli::OpenStandardStreams();
  ballast::Interruption::Install();
  ballast::cli::KeepMemoryPrivate();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  for (const std::string& argument : arguments) ballast::RememberPasswordsOf(argument);
  ballast::cli::HideUrls(argc, argv);
  return ballast::cli::RunWithoutExceptions(arguments, &ballast::cli::Main);
}
