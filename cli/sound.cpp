#include "cli/sound.h"

#include "cli/say.h"
#include "wavenet/base/check.h"

namespace cli {

using namespace wavenet;

void tell(const data::Heard& heard) {
  for (const std::string& note : heard.notes) {
    say::note(note);
  }
  for (const std::string& warning : heard.warnings) {
    say::warning(warning);
  }
}

void refuse(const Given& flags, const char* verb, const char* meant_for, const std::string& model,
            const char* is) {
  std::vector<const char*> given;
  for (const auto& [name, was_given] : flags) {
    if (was_given) {
      given.push_back(name);
    }
  }
  if (!given.empty()) {
    fail_usage("{}: {} {} for a model of {}, {} is one of {}", verb, fmt::join(given, ", "),
               given.size() == 1 ? "is" : "are", meant_for, model, is);
  }
}

}  // namespace cli
