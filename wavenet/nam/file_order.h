// The order in which a file has a model's weights: one list of numbers, nothing between them.
//
//   for (const nam::Convolution* conv : nam::file_order(net)) { print(nam::weight_count(*conv)); }
//   std::vector<float> flat = nam::weights_of(amp);   // amp: a nam::Model
//   nam::set_weights(amp, flat);                      // back to where they belong
//
// A WaveNet has for each array rechannel, its layers, head; a layer has conv, mixin, layer1x1, head1x1,
// then its FiLMs by place; what follows the arrays is the post head, then head_scale. Of each convolution
// the weight comes before the bias. What a model holds inside it (a condition, the models of a
// container) has a list of its own, in its own place. Left out: text (read.h, write.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wavenet/nam/model.h"

namespace wavenet::nam {

std::vector<Convolution*> file_order(WaveNet& net);
std::vector<const Convolution*> file_order(const WaveNet& net);

// What the shapes ask for, however much the vectors hold.
std::int64_t weight_count(const Convolution& conv);
std::int64_t weight_count(const Model& model);

// Throws Error (shape) where a vector does not hold what its shape asks for.
std::vector<float> weights_of(const Model& model);
// Gives every vector its size. Throws Error (shape) unless there are weight_count(model) of them.
void set_weights(Model& model, std::span<const float> weights);

}  // namespace wavenet::nam
