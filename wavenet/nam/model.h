// What a .nam file says: an amplifier or a pedal as a net of causal convolutions (or an LSTM, or a plain
// filter), as data. Reading gives it (read.h), writing takes it (write.h), play/ plays it, and a model
// that is trained is described by it.
//
//   nam::Model amp = nam::read("plexi.nam");
//   std::get<nam::WaveNet>(amp.net).arrays[0].layers.size();   // 10, of a standard model
//
// Weights stand in the convolutions that they belong to; the order in which a file has them is
// in file_order.h. Left out: computing anything (reference.h, play/).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace wavenet::nam {

enum class Function : std::uint8_t {
  tanh,
  fast_tanh,  // named so in files; computed as tanh
  hard_tanh,
  relu,
  sigmoid,
  silu,
  hard_swish,
  softsign,
  leaky_relu,
  prelu,
  leaky_hard_tanh,
};

struct Activation {
  Function function = Function::tanh;
  std::vector<float> slopes{};  // below zero: leaky_relu has one, prelu one or one a channel
  float least = -1;             // leaky_hard_tanh: the edges, and how it goes on beyond them
  float most = 1;
  float slope_below = 0.01F;
  float slope_above = 0.01F;
};

// y[o, t] = bias[o] + sum over i, k of weight[o, i, k] x[i, t - (kernel - 1 - k) dilation]: the last tap is
// the present. Output o reads the inputs of block floor(o / (out / groups)) alone.
struct Convolution {
  std::int64_t in = 1;
  std::int64_t out = 1;
  std::int64_t kernel = 1;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
  bool has_bias = true;
  std::vector<float> weight{};  // [out, in / groups, kernel]
  std::vector<float> bias{};    // [out], or none
};

// y = p[0:n] * x + p[n:2n], where p is a convolution of kernel 1 of the condition (arXiv 1709.07871).
struct Film {
  bool shift = true;  // false: without the second term
  Convolution map{};
};

enum class FilmPlace : std::uint8_t {
  conv_before,
  conv_after,
  mixin_before,
  mixin_after,
  activation_before,
  activation_after,
  layer1x1_after,
  head1x1_after,
};
inline constexpr std::size_t kFilmPlaces = 8;

enum class Gating : std::uint8_t { none, gated, blended };

struct Layer {
  Convolution conv{};   // dilated, channels -> width, or 2 width where there is a gate
  Convolution mixin{};  // of the condition, kernel 1, no bias
  Gating gating = Gating::none;
  Activation activation{};
  Activation gate{Function::sigmoid};     // the secondary activation, of the second half
  std::optional<Convolution> layer1x1{};  // residual; none: what entered goes on unchanged
  std::optional<Convolution> head1x1{};   // before the sum of the head
  std::array<std::optional<Film>, kFilmPlaces> films{};  // by FilmPlace
};

// Which narrower nets can be cut out of an array: those of the first so many channels.
struct Slices {
  std::vector<std::int64_t> channels{};  // ascending; the last is the array's own
};

struct LayerArray {
  std::int64_t input = 1;      // channels that enter
  std::int64_t condition = 1;  // of what conditions the layers
  std::int64_t channels = 1;
  std::int64_t bottleneck = 1;  // width after the activation
  Convolution rechannel{};      // input -> channels, kernel 1, no bias
  std::vector<Layer> layers{};
  Convolution head{};  // of the sum of the layers' heads
  std::optional<Slices> slices{};
};

// Activation and convolution in turns, behind everything else.
struct PostHead {
  Activation activation{};
  std::vector<Convolution> convolutions{};
};

struct Model;

struct WaveNet {
  std::int64_t in_channels = 1;
  std::shared_ptr<const Model> condition{};  // condition_dsp: computes the condition from the input
  std::vector<LayerArray> arrays{};
  float head_scale = 1;
  std::optional<PostHead> head{};
};

struct LstmLayer {
  std::int64_t in = 1;
  std::vector<float> weight{};  // [4 hidden, in + hidden], gates i, f, g, o
  std::vector<float> bias{};    // [4 hidden]
  std::vector<float> hidden{};  // [hidden], the state that playing begins with
  std::vector<float> cell{};    // [hidden]
};

struct Lstm {
  std::int64_t hidden = 1;
  std::vector<LstmLayer> layers{};
  std::vector<float> head{};  // [hidden]
  float bias = 0;
};

struct BatchNorm {  // y = (x - mean) / sqrt(var + eps) gamma + beta
  std::vector<float> mean{}, var{}, gamma{}, beta{};
  float eps = 0;
};

struct ConvNetBlock {
  Convolution conv{};
  std::optional<BatchNorm> norm{};
};

struct ConvNet {
  Activation activation{};
  std::vector<ConvNetBlock> blocks{};
  Convolution head{};  // kernel 1, to one channel
};

struct Linear {
  std::vector<float> impulse{};  // impulse[0] weighs the present
  float bias = 0;
};

// Several models of one thing, cheap to dear: a size in [0, 1] picks the first with size < most, else the
// last.
struct Container {
  struct Choice {
    double most = 1;
    std::shared_ptr<const Model> model{};
  };
  std::vector<Choice> choices{};  // most ascending, the last at least 1
};

// Each plays what the one before it gives.
struct Sequential {
  std::vector<std::shared_ptr<const Model>> models{};
};

struct Metadata {
  std::optional<double> loudness{};  // dB RMS of the answer to the reference noise
  std::optional<double> gain{};      // 0 linear, 1 saturated
  std::optional<double> input_level_dbu{};
  std::optional<double> output_level_dbu{};
  std::string json{};  // the whole object as the file has it; empty where it has none
};

struct Model {
  std::string version = "0.7.0";
  std::optional<double> sample_rate{};  // in Hz; none: unknown, usually 48000
  Metadata metadata{};
  std::variant<WaveNet, Lstm, ConvNet, Linear, Container, Sequential> net{};
};

}  // namespace wavenet::nam
