#include "cli/examples.h"

#include <map>

namespace cli {

std::vector<std::string> examples_of(const std::string& verb) {
  static const std::map<std::string, std::vector<std::string>> examples{
      {"train",
       {"wavenet train --recipe wavenet-names --data names.txt --out runs/mine",
        "wavenet train --recipe tree-76k --set train.learning_rate=0.05",
        "wavenet train --resume --out runs/mine"}},
      {"eval",
       {"wavenet eval runs/mine --split test", "wavenet eval runs/mine --data held-out.txt"}},
      {"sample",
       {"wavenet sample runs/mine -n 5 --temperature 0.8 --prompt ma",
        "wavenet sample runs/mine -n 1000 --unique --novel",
        "wavenet sample runs/mine --novel --data known.txt"}},
      {"score", {"wavenet score runs/mine emma olivia", "wavenet score runs/mine < names.txt"}},
      {"inspect", {"wavenet inspect runs/mine", "wavenet inspect --recipe wavenet-text"}},
      {"check", {"wavenet check runs/mine"}},
      {"convert", {"wavenet convert runs/tree --to convolution --out stack.safetensors"}},
      {"bench", {"wavenet bench --recipe wavenet-names", "wavenet bench runs/mine --job sample"}},
      {"report", {"wavenet report runs/mine", "wavenet report runs/a runs/b --out both.html"}},
      {"doctor",
       {"wavenet doctor names.txt", "wavenet doctor shakespeare.txt --recipe wavenet-text"}},
      {"study", {"wavenet study --quick", "wavenet study --data names.txt"}},
      {"recipes", {"wavenet recipes", "wavenet recipes tree-76k > mine.json"}},
  };
  const auto found = examples.find(verb);
  return found == examples.end() ? std::vector<std::string>() : found->second;
}

}  // namespace cli
