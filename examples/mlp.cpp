// The article's MLP (recipe mlp-3) by hand: layers, minibatches, gradients, loss.
//
//   example_mlp 2000   trains for 2,000 steps on the embedded names
#include <cstdlib>

#include "wavenet/wavenet.h"

using namespace wavenet;

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 2000;
  const data::Words words = data::embedded_names();
  const data::Split split = data::split_words(words, 42);
  const data::Vocabulary vocabulary(words.words);
  const data::Windows train_set = data::make_windows(split.train, vocabulary, 3);
  const data::Windows val = data::make_windows(split.val, vocabulary, 3);

  Rng rng(42);
  nn::Sequential model;                                  // [B, 3] -> [B, V]
  model.add(nn::Embedding(vocabulary.size(), 10, rng));  // [B, 3, 10]
  model.add(nn::Flatten());                              // [B, 30]
  model.add(nn::Linear(30, 200, rng, {.bias = false}));  // [B, 200]
  model.add(nn::BatchNorm1d(200));
  model.add(nn::Tanh());
  model.add(nn::Linear(200, vocabulary.size(), rng, {.gain = 0.1}));  // [B, V]

  optim::Sgd optimizer(model.parameters());
  for (int step = 0; step < steps; ++step) {
    const data::Batch batch = data::random_batch(train_set, 32, rng);
    const Tensor loss = cross_entropy(model(batch.inputs.x), batch.targets);
    backward(loss);
    optimizer.step(0.1);
    if (step % 500 == 0) {
      fmt::print("step {:6}  loss {:.4f}\n", step, loss.item());
    }
  }
  fmt::print("val {:.4f}\n", train::mean_loss(model, val));
  return 0;
}
