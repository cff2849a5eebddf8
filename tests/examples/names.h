// What the examples in headers take as given (extract.cpp). Nothing here is defined, as none of
// them is run. What a name means in one folder alone stands in that folder's namespace.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "wavenet/wavenet.h"

namespace wavenet {

extern const char* const path;
extern const std::uint64_t seed;
extern const std::int64_t i;
extern const std::int64_t step;
extern const std::int64_t width, depth;

extern Rng rng;
extern const Config recipe;
extern const data::Vocabulary vocabulary;
extern const data::Corpus corpus;
extern const data::Batch batch;
extern const std::unique_ptr<models::Model> model;
extern const std::unique_ptr<models::Tree> tree;

extern const Tensor x, y, z, dy, w, dw, a, b, c, addend, weight, bias, odd, loss;
extern const LayerArrayWeights array_weights;
extern const Tensor tokens, targets, packed, logits;
extern const Starts starts;
extern const std::span<float> weights;
extern const Histogram h;
extern const RunInfo info;
extern logs::JsonLog details;
extern const std::uint64_t key;
extern nn::CausalConv1d filter_conv, gate_conv;

using models::Maker;
std::unique_ptr<models::Model> make_mlp(const Config&, std::int64_t, Rng&);
std::unique_ptr<models::Model> make_tree(const Config&, std::int64_t, Rng&);
std::unique_ptr<models::Model> make_mine(const Config&, std::int64_t, Rng&);

void print(const auto&...);

}  // namespace wavenet

namespace wavenet::baselines {

extern const std::vector<std::vector<std::int32_t>> train, val;
extern const std::span<const std::uint32_t> counts, counts_of_an_order, counts_in_a_context;
extern const std::span<double> p;
extern const std::span<const double> p_below;
extern const std::size_t w;
extern const Codes first_file, second_file, third_file;
extern const Played recorded, judged;
extern const std::span<const float> input, output, prediction;

}  // namespace wavenet::baselines

namespace wavenet::comm {

extern const std::int64_t shards;
extern const std::span<float> gradients;

}  // namespace wavenet::comm

namespace wavenet::data {

extern const std::string bytes;
extern const Words words;
extern const Split split;
extern const Windows windows;
extern const Sequence text;
extern const std::vector<Sequence> sequences;
extern const BatchSource& source;
extern const train::Checkpoint saved;
extern const run::State opened;
extern const generate::Word word;
extern const std::span<const float> block, next_block;
extern const std::vector<SoundCodes> takes;
extern const std::vector<float> in, out;
extern const std::uint64_t seed;
extern const std::int64_t first, last, step;
extern double score;
double judge(const Batch&);

}  // namespace wavenet::data

namespace wavenet::generate {

extern const SampleOptions options;
extern const std::vector<std::int32_t> prompt, tokens;
extern const std::int32_t token;
extern const std::uint64_t number;
extern const std::int64_t count;
extern const std::span<const float> raw;
extern const std::unique_ptr<output::Sampler> sampler;
extern const Stream begun;
extern const std::vector<std::uint8_t> heard;
extern const std::span<std::uint8_t> block;
extern Stream streams;
extern Ring<float> ring;
extern Ahead ahead;
void show(std::int32_t);
void push(std::int32_t);
void write(float*);
void read(const float*);

}  // namespace wavenet::generate

namespace wavenet::io {

extern const Histogram histogram;
extern const std::vector<std::string> rows;
extern const std::string wav;

}  // namespace wavenet::io

namespace wavenet::models {

extern const SharedOutput waveform;
extern const Tensor samples;
extern const nam::WaveNet net;

}  // namespace wavenet::models

namespace wavenet::nam {

extern Model amp;
extern WaveNet net;
extern const std::vector<float> in;
extern const std::string text;

}  // namespace wavenet::nam

namespace wavenet::nn {

extern Module& model;

}  // namespace wavenet::nn

namespace wavenet::optim {

extern models::Model& model;
extern Optimizer& optimizer;
extern const double rate;
extern const std::int64_t steps_done;
void evaluate(models::Model&);

}  // namespace wavenet::optim

namespace wavenet::output {

extern models::Model& model;
extern const generate::Stream stream;
extern const Tensor raw;
extern const std::span<const float> row;
extern const double u;

}  // namespace wavenet::output

namespace wavenet::play {

extern const std::span<const float> in, noise;
extern const std::span<float> out;
extern const std::unique_ptr<Player> player;

}  // namespace wavenet::play

namespace wavenet::run {

extern const std::shared_ptr<const data::Dataset> data;
extern const std::span<const std::uint8_t> codes;
extern const std::span<const float> noise;
extern const int threads;

}  // namespace wavenet::run

namespace wavenet::sound {

extern const std::vector<float> samples, block, frame;
extern std::vector<std::uint8_t> codes;
extern const std::string bytes;
extern const Sink sink;
extern const double rate;
extern const std::int64_t bin;
std::vector<float> next();

}  // namespace wavenet::sound

namespace wavenet::study {

extern const StackOptions options;

}  // namespace wavenet::study

namespace wavenet::train {

extern Trainer trainer;
extern const data::Windows windows;
extern const Marks marks;
extern const Watch watch;
extern const double seconds;

}  // namespace wavenet::train
