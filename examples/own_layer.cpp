// A layer of one's own: its gradient checked, then put to use in a network.
//
//   example_own_layer 1000    trains for 1,000 steps on the names in the library
#include <cstdlib>

#include "wavenet/wavenet.h"

using namespace wavenet;

namespace {

// x sigmoid(b x) with a learned b for each channel (Ramachandran et al. 2017, section 2).
Tensor swish(const Tensor& x, const Tensor& b) { return x * sigmoid(x * b); }

class Swish : public nn::Layer {
 public:
  explicit Swish(std::int64_t channels) : b_(add_parameter("b", full({channels}, 1.0))) {}
  std::string kind() const override { return "Swish"; }

 protected:
  Tensor forward(const Tensor& x) override { return swish(x, b_); }

 private:
  Tensor b_;
};

}  // namespace

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 1000;
  Rng rng(42);
  // Ops know their gradients, so that of their composition need not be written, only checked.
  const GradCheck checked =
      gradcheck([](const std::vector<Tensor>& in) { return swish(in[0], in[1]); },
                {randn({5, 3}, rng, DType::f64), randn({3}, rng, DType::f64)});
  fmt::print("gradient: {}\n", checked.ok ? "right" : checked.message);

  const data::Words words = data::embedded_names();
  const data::Vocabulary vocabulary(words.words);
  const data::Windows names = data::make_windows(words.words, vocabulary, 8);
  nn::Sequential model;  // [B, 8] -> [B, V]
  model.add(nn::Embedding(vocabulary.size(), 10, rng));
  model.add(nn::Flatten());
  model.add(nn::Linear(80, 64, rng));
  model.add(Swish(64));
  model.add(nn::Linear(64, vocabulary.size(), rng));
  optim::Sgd optimizer(model.parameters());
  for (int step = 1; step <= steps; ++step) {
    const data::Batch batch = data::random_batch(names, 32, rng);
    const Tensor loss = cross_entropy(model(batch.inputs.x), batch.targets);
    backward(loss);
    optimizer.step(0.1);
    if (step % 200 == 0 || step == steps) {
      fmt::print("step {:6}  loss {:.4f}\n", step, loss.item());
    }
  }
  return checked.ok ? 0 : 1;
}
