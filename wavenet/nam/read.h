// Reading .nam files, as trainers of amplifier models write them: versions 0.5.0 to 0.7.
//
//   std::vector<std::string> notes;
//   nam::Model amp = nam::read("plexi.nam", &notes);
//   for (const std::string& note : notes) { print(note); }
//   nam::Model same = nam::parse(text, "plexi.nam");   // text: what the file holds
//
// Throws Error (missing, io, damaged) of one line, which names the file, the key and the value:
// "plexi.nam: config.layers[1].dilations[3] must be a whole number in [1, 1048576], got 0". What only a
// newer program can know for sure is read, and a note says so. A file that is made to do harm costs at
// most a few hundred MB: sizes, depth and counts have bounds, and the weights are counted before any net
// is made. Keys that nobody knows are passed over. Left out: the old layout of Sequential, which does
// not say what its models are.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "wavenet/nam/model.h"

namespace wavenet::nam {

Model read(const std::filesystem::path& path, std::vector<std::string>* notes = nullptr);
// `name` stands for the file in messages.
Model parse(std::string_view json, const std::string& name,
            std::vector<std::string>* notes = nullptr);

}  // namespace wavenet::nam
