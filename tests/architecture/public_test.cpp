// Every header is either public, reached from wavenet/wavenet.h and installed, or named here as one that
// belongs to its room alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

// Folders end in a slash.
const Names kInternal{
    "wavenet/backend/cpu/",
    "wavenet/backend/dropout_bits.h",
    "wavenet/backend/reference/",
    "wavenet/base/atomic_file.h",
    "wavenet/base/base64.h",
    "wavenet/base/characters.h",
    "wavenet/base/config_json.h",
    "wavenet/base/crc32.h",
    "wavenet/base/crc32c.h",
    "wavenet/base/denormals.h",
    "wavenet/base/files.h",
    "wavenet/base/finite_range.h",
    "wavenet/base/hash.h",
    "wavenet/base/json_text.h",
    "wavenet/base/machine_memory.h",
    "wavenet/base/nearest.h",
    "wavenet/base/parallel.h",
    "wavenet/base/python_random.h",
    "wavenet/base/rethrow_as_error.h",
    "wavenet/base/shell.h",
    "wavenet/data/audio/cache.h",
    "wavenet/data/audio/changes.h",
    "wavenet/data/audio/chosen.h",
    "wavenet/data/audio/codes_file.h",
    "wavenet/data/audio/doctor/",
    "wavenet/data/audio/duration.h",
    "wavenet/data/audio/response.h",
    "wavenet/data/audio/trim.h",
    "wavenet/data/finding_json.h",
    "wavenet/data/text/doctor/",
    "wavenet/data/text/embedded.h",
    "wavenet/generate/probes.h",
    "wavenet/generate/products.h",
    "wavenet/io/event_files.h",
    "wavenet/io/foreign.h",
    "wavenet/io/protobuf_writer.h",
    "wavenet/io/safetensors_header.h",
    "wavenet/io/tfrecord.h",
    "wavenet/log/fields.h",
    "wavenet/log/loss_text.h",
    "wavenet/log/record_json.h",
    "wavenet/log/window.h",
    "wavenet/nam/names.h",
    "wavenet/nam/place.h",
    "wavenet/nam/reading.h",
    "wavenet/nam/same.h",
    "wavenet/nam/tree.h",
    "wavenet/nn/init.h",
    "wavenet/nn/ordered_embedding.h",
    "wavenet/ops/array_plan.h",
    "wavenet/ops/embedded_linear.h",
    "wavenet/ops/gated_stack.h",
    "wavenet/ops/watch.h",
    "wavenet/play/line.h",
    "wavenet/play/network.h",
    "wavenet/play/steps.h",
    "wavenet/report/",
    "wavenet/run/card.h",
    "wavenet/run/changes.h",
    "wavenet/run/conversion.h",
    "wavenet/run/files.h",
    "wavenet/run/loop.h",
    "wavenet/run/observer.h",
    "wavenet/run/parts.h",
    "wavenet/run/work.h",
    "wavenet/sound/decoder.h",
    "wavenet/sound/level.h",
    "wavenet/sound/parts.h",
    "wavenet/sound/pcm.h",
    "wavenet/sound/raw_names.h",
    "wavenet/sound/source.h",
    "wavenet/sound/stream.h",
    "wavenet/sound/view.h",
    "wavenet/sound/wav_header.h",
};

Names reached_from(const std::string& first) {
  static const std::regex include("^#include \"(wavenet/.*)\"");
  Names found{first};
  std::vector<std::string> waiting{first};
  std::smatch match;
  while (!waiting.empty()) {
    std::ifstream file(fs::path(WAVENET_SOURCE) / waiting.back());
    waiting.pop_back();
    for (std::string line; std::getline(file, line);) {
      if (std::regex_search(line, match, include) && found.insert(match[1]).second) {
        waiting.push_back(match[1]);
      }
    }
  }
  return found;
}

bool is_internal(const std::string& header) {
  return std::any_of(kInternal.begin(), kInternal.end(), [&](const std::string& name) {
    return name.ends_with('/') ? header.starts_with(name) : header == name;
  });
}

TEST(Architecture, EveryHeaderIsPublicOrNamedAsInternal) {
  const Names reached = reached_from("wavenet/wavenet.h");
  EXPECT_GT(reached.size(), 100U);
  int seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(WAVENET_SOURCE) / "wavenet")) {
    if (entry.path().extension() == ".h") {
      const std::string header = fs::relative(entry.path(), WAVENET_SOURCE).string();
      EXPECT_TRUE(reached.contains(header) || is_internal(header))
          << header << " is not in wavenet/wavenet.h";
      ++seen;
    }
  }
  EXPECT_GT(seen, 200);
}

// What is named is there, and is not public too: folders may hold both.
TEST(Architecture, NamedAsInternalIsWhatIsThereAndNotPublic) {
  const Names reached = reached_from("wavenet/wavenet.h");
  for (const std::string& name : kInternal) {
    EXPECT_TRUE(fs::exists(fs::path(WAVENET_SOURCE) / name)) << name;
    EXPECT_FALSE(reached.contains(name)) << name;
  }
}

}  // namespace
