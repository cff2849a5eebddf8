// Hints: what may help with a word that the command line does not know where it stands; empty where
// nothing is near.
//
//   hint_of_verb("trian", program) == "; did you mean 'train'?"
//   hint_of_argument("--model", verb) == "; MODEL stands without a flag"
#pragma once

#include <string>

#include "manual/definition.h"

namespace manual {

std::string hint_of_verb(const std::string& word, const Definition& program);
std::string hint_of_argument(const std::string& word, const Verb& verb);

}  // namespace manual
