// The article's tree (recipe tree-76k) by hand: layers, minibatches, gradients, loss.
//
//   example_tree 2000   trains for 2,000 steps on the embedded names
#include <cstdlib>

#include "wavenet/wavenet.h"

using namespace wavenet;

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 2000;
  const data::Words words = data::embedded_names();
  const data::Split split = data::split_words(words, 42);
  const data::Vocabulary vocabulary(words.words);
  const data::Windows train_set = data::make_windows(split.train, vocabulary, 8);
  const data::Windows val = data::make_windows(split.val, vocabulary, 8);

  Rng rng(42);
  nn::Sequential model;                                  // [B, 8] -> [B, V]
  model.add(nn::Embedding(vocabulary.size(), 24, rng));  // [B, 8, 24]
  for (std::int64_t channels : {24, 128, 128}) {         // T halves: 8, 4, 2, 1
    model.add(nn::FlattenConsecutive(2));                // [B, T/2, 2 channels]
    model.add(nn::Linear(2 * channels, 128, rng, {.bias = false}));
    model.add(nn::BatchNorm1d(128));
    model.add(nn::Tanh());
  }
  model.add(nn::Linear(128, vocabulary.size(), rng, {.gain = 0.1}));  // [B, V]

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
