// The program: parses the command line and obeys it; exceptions become one line and an exit code.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>

#include "cli/command_line.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "manual/manuals.h"
#include "wavenet/base/check.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/base/shell.h"
#include "wavenet/version.h"

namespace {

constexpr int kRuntimeError = 1;
constexpr int kUsageError = 2;

std::string help_of(const CLI::App* app, const std::string&, CLI::AppFormatMode) {
  constexpr std::size_t kColumns = 100;  // at most, and where standard output is no terminal
  const std::size_t wide = cli::columns_of(STDOUT_FILENO);
  const std::size_t columns = wide == 0 ? kColumns : std::min(wide, kColumns);
  const CLI::App* parent = app->get_parent();
  return parent == nullptr ? manual::help(cli::definition_of(*app), columns)
                           : manual::help(parent->get_name(), cli::verb_of(*app), columns);
}

// A closed standard error loses the message, not the exit code.
int report(int code, std::string_view message) {
  std::signal(SIGPIPE, SIG_IGN);
  cli::say::error(message);
  return code;
}

// `code`, where all that was printed has reached standard output.
int written(int code) {
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  return failed ? report(kRuntimeError, "standard output: cannot be written") : code;
}

// The command as a shell takes it again.
std::string typed(int argc, char** argv) {
  std::string command = "wavenet";
  for (int i = 1; i < argc; ++i) {
    command += ' ' + wavenet::shell_word(argv[i]);
  }
  return command;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("Trains, judges and runs character models: from an MLP to a tree.", "wavenet");
  app.set_version_flag("--version", std::string("wavenet ") + wavenet::kVersion,
                       "print the version");
  app.set_help_flag("-h,--help", "print this help");
  app.formatter_fn(help_of);
  app.require_subcommand(1);
  cli::Chosen chosen;
  cli::add_verbs(app, typed(argc, argv), chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return written(app.exit(help));
  } catch (const CLI::ParseError& error) {
    return report(kUsageError, cli::problem_of(app, error));
  }
  return written(chosen());
}

// So that no file that is opened gets the number of a standard one that is closed, and with it what
// is said there. What stands in is opened the wrong way round: using it still fails.
void occupy_standard_files() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) < 0) {
      ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_files();
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond its limit is a failed write
  try {
    return parse_and_run(argc, argv);
  } catch (const std::exception& error) {  // the library's, or fmt's, where it cannot print
    const auto* known = dynamic_cast<const wavenet::Error*>(&error);
    const bool misused = known != nullptr && known->kind() == wavenet::ErrorKind::usage;
    return std::ferror(stdout) != 0 && !misused
               ? written(kRuntimeError)
               : report(misused ? kUsageError : kRuntimeError, wavenet::message_of(error));
  }
}
