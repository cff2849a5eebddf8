// Man pages, in the few macros that every reader of them knows.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "manual/manuals.h"

namespace manual {
namespace {

// Text that roff prints as it is: a minus that can be copied, no escape, no request.
std::string plain(std::string_view text) {
  std::string roff;
  for (const char c : text) {
    if (c == '-') {
      roff += "\\-";
    } else if (c == '\\') {
      roff += "\\e";
    } else if (roff.empty() && (c == '.' || c == '\'')) {
      roff += std::string("\\&") + c;
    } else {
      roff += c;
    }
  }
  return roff;
}

std::string bold(std::string_view text) { return "\\fB" + plain(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + plain(text) + "\\fR"; }

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string sentence(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + (text.back() == '.' ? "" : ".");
}

std::string head(const Definition& program, const std::string& page, const std::string& about) {
  return fmt::format(".TH {} 1 \"\" \"wavenet {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n",
                     plain(upper(page)), program.version, plain(page), plain(about));
}

std::string entry(const std::string& name, const std::string& text) {
  return ".TP\n" + name + "\n" + text + "\n";
}

std::string entries(const char* title, const std::vector<Argument>& arguments) {
  std::string text = arguments.empty() ? "" : fmt::format(".SH {}\n", title);
  for (const Argument& argument : arguments) {
    std::string names;
    for (const std::string& name : argument.names) {
      const bool positional = !name.starts_with('-');
      names += (names.empty() ? "" : ", ") + (positional ? italic(name) : bold(name));
    }
    if (argument.names.front().starts_with('-') && !argument.value.empty()) {
      names += " " + italic(argument.value);
    }
    text += entry(names, plain(description(argument)));
  }
  return text;
}

constexpr const char* kExitStatus = R"(.SH EXIT STATUS
.TP
0
It is done.
.TP
1
It failed; one line on standard error says why.
.TP
2
The command line or the recipe is wrong.
.TP
130
It was interrupted; what training had learned is saved.
)";

constexpr const char* kEnvironment = R"(.SH ENVIRONMENT
.TP
.B NO_COLOR
When set and not empty, nothing is coloured.
.TP
.B TERM
When unset or
.BR dumb ,
progress comes as plain lines.
)";

std::string examples(const std::vector<std::string>& commands) {
  std::string text = commands.empty() ? "" : ".SH EXAMPLES\n.nf\n";
  for (const std::string& command : commands) {
    text += plain(command) + "\n";
  }
  return text + (commands.empty() ? "" : ".fi\n");
}

}  // namespace

std::string man_page(const Definition& program) {
  std::string text = head(program, program.name, "train, judge and run character models") +
                     ".SH SYNOPSIS\n" + bold(program.name) + " [" + italic("OPTIONS") + "] " +
                     italic("VERB") + " ...\n.SH DESCRIPTION\n" + plain(program.about) +
                     "\nResults go to standard output, progress and notes to standard error.\n" +
                     entries("OPTIONS", program.flags) + ".SH VERBS\n";
  std::string also;
  for (const Verb& verb : program.verbs) {
    text += entry(bold(verb.name), plain(sentence(verb.about)));
    also += fmt::format("{}.BR {} (1)", also.empty() ? "" : ",\n",
                        plain(program.name + "-" + verb.name));
  }
  return text + kExitStatus + kEnvironment + ".SH SEE ALSO\n" + also + "\n";
}

std::string man_page(const Definition& program, const Verb& verb) {
  const std::vector<std::string> words = synopsis(program.name, verb);
  std::string usage = bold(words[0] + " " + words[1]);
  for (std::size_t i = 2; i < words.size(); ++i) {
    usage += " " + plain(words[i]);
  }
  return head(program, program.name + "-" + verb.name, verb.about) + ".SH SYNOPSIS\n" + usage +
         "\n.SH DESCRIPTION\n" + plain(sentence(verb.about)) + "\n" +
         entries("ARGUMENTS", verb.positionals) + entries("OPTIONS", verb.flags) +
         examples(verb.examples) + kExitStatus + ".SH SEE ALSO\n.BR " + plain(program.name) +
         " (1)\n";
}

}  // namespace manual
