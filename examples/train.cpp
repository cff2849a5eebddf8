// Trains a WaveNet on names, keeps the run in a folder, and goes on with it to twice the steps.
//
//   example_train 500 runs/names    500 steps, then 500 more
#include <cstdlib>

#include "wavenet/wavenet.h"

using namespace wavenet;

namespace {

class Shown : public run::Listener {
  void on(const Record& record) override {
    if (const auto* window = std::get_if<WindowRecord>(&record)) {
      fmt::print("step {:6}  loss {:.4f}\n", window->step, window->loss);
    } else if (const auto* judged = std::get_if<Evaluation>(&record)) {
      fmt::print("step {:6}  {} {:.4f}\n", judged->step, judged->split, judged->loss);
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 500;
  const std::string folder = argc > 2 ? argv[2] : "runs/names";

  Config recipe = models::load_recipe("wavenet-names");
  recipe.set(fmt::format("train.steps={}", steps));
  recipe.set("train.warmup=0");
  recipe.set("train.schedule=constant");  // a cosine would end with the steps that it began with
  // The names in the library; a path in place of "" reads a file.
  const auto data = data::open(recipe, "", {.split_seed = 42});
  Shown shown;
  {
    run::Run names = run::Run::begin(recipe, data, {.seed = 42});
    names.keep_in(folder, /*replace=*/true);
    names.train(shown);
  }  // which lets go of the folder
  run::Run names = run::Run::resume(folder, data, {.steps = 2 * steps});
  names.train(shown);
  const run::Conclusion end = names.conclude(shown);
  fmt::print("train {:.4f}  val {:.4f}  counting {:.4f}\n", end.train, end.val,
             names.marks().ngram);
  return 0;
}
