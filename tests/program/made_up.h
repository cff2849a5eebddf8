// Data and recipes for tests of training through the program.
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/program/run.h"

namespace program {

using nlohmann::json;

// `count` different words, one a line.
inline std::string made_up_words(std::size_t count) {
  const std::vector<std::string> parts{"ka", "ro", "mi", "len", "sha",
                                       "vo", "ty", "ne", "bu",  "ar"};
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    lines += parts[i % 10] + parts[i / 10 % 10] + parts[i / 100 % 10] + "\n";
  }
  return lines;
}

// Running text of about `count` words, the same at every call.
inline std::string made_up_text(std::size_t count) {
  const std::vector<std::string> words{"to be", "or not", "that is", "the question", "whether"};
  std::string text;
  std::size_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = (state * 25'214'903'917 + 11) % (std::size_t{1} << 48);
    text += words[(state >> 20) % words.size()] + ((state >> 30) % 4 == 0 ? "\n" : ", ");
  }
  return text;
}

// A WaveNet that trains in a moment; everything that a run can be continued with is on.
inline json small_wavenet() {
  return {{"model",
           {{"kind", "wavenet"},
            {"embedding", 8},
            {"residual", 12},
            {"skip", 16},
            {"dilations", {1, 2, 4}},
            {"dropout", 0.1}}},
          {"data", {{"format", "lines"}}},
          {"train",
           {{"steps", 30},
            {"batch_size", 16},
            {"shards", 4},
            {"optimizer", "adamw"},
            {"schedule", "cosine"},
            {"learning_rate", 0.01},
            {"warmup", 3},
            {"weight_decay", 0.05},
            {"clip", 1.0},
            {"ema", 0.8},
            {"eval_every", 12},
            {"keep", "best"}}}};
}

// The records of a run's log, or of what was printed.
inline std::vector<json> records_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<json> records;
  for (std::string line; std::getline(stream, line);) {
    records.push_back(json::parse(line));
  }
  return records;
}

}  // namespace program
