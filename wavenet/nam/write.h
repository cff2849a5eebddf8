// Writing .nam files that players and trainers read.
//
//   nam::write("plexi.nam", amp);                          // version 0.7.0, every key written out
//   nam::write("plexi.nam", amp, nam::Form::plain);        // 0.5.4, for older plugins
//   const std::string text = nam::text_of(amp);
//
// Weights are the shortest decimals that read back to the same bits. Whatever is written has been
// read again first: Error (usage) where the form cannot hold the net, as when one layer has groups that
// the others do not have, or a FiLM meets the plain form; Error (diverged) where a weight is no finite
// number. `version` of the model is passed over. Of the metadata the four numbers win over `json`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "wavenet/nam/model.h"

namespace wavenet::nam {

enum class Form : std::uint8_t { current, plain };

std::string text_of(const Model& model, Form form = Form::current);
// Whole or not at all.
void write(const std::filesystem::path& path, const Model& model, Form form = Form::current);

}  // namespace wavenet::nam
