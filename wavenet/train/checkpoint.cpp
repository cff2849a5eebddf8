#include "wavenet/train/checkpoint.h"

#include <charconv>
#include <cmath>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/rethrow_as_error.h"
#include "wavenet/data/text/vocabulary.h"
#include "wavenet/io/safetensors.h"

namespace wavenet::train {
namespace {

constexpr const char* kFormat = "wavenet.cpp 1";
constexpr const char* kRngTensor = "train.rng";
constexpr const char* kCodes = "vocabulary";  // what the codec saved
constexpr const char* kCodec = "codec";       // its kind; missing for characters

// One metadata value, with the file named in every complaint.
class Metadata {
 public:
  Metadata(std::string file, const std::map<std::string, std::string>& values)
      : file_(std::move(file)), values_(values) {}

  const std::string& text(const std::string& key) const {
    const auto found = values_.find(key);
    check_intact(found != values_.end(), "{}: no model of this program, its metadata lacks '{}'",
                 file_, key);
    return found->second;
  }

  bool has(const std::string& key) const { return values_.contains(key); }

  template <class T>
  T number(const std::string& key) const {
    const std::string& value = text(key);
    T parsed = 0;
    const auto end = value.data() + value.size();
    const auto result = std::from_chars(value.data(), end, parsed);
    check_intact(result.ec == std::errc() && result.ptr == end,
                 "{}: metadata '{}' is no number: '{}'", file_, key, value);
    return parsed;
  }

 private:
  std::string file_;
  const std::map<std::string, std::string>& values_;
};

std::shared_ptr<const data::Codec> codec_of(const Metadata& metadata,
                                            const std::filesystem::path& path) {
  const std::string kind = metadata.has(kCodec) ? metadata.text(kCodec) : data::Vocabulary::kKind;
  const data::CodecMaker* maker = data::codecs().find(kind);
  check_intact(maker != nullptr, "{}: metadata '{}' names '{}', which this program does not know",
               path.string(), kCodec, kind);
  return (*maker)(metadata.text(kCodes));
}

Checkpoint checkpoint_of_file(const std::filesystem::path& path) {
  io::SafeTensors file = io::read_safetensors(path, io::Checksum::required);
  const Metadata metadata(path.string(), file.metadata);
  check_intact(metadata.text("format") == kFormat, "{}: format '{}', this program reads '{}'",
               path.string(), metadata.text("format"), kFormat);
  const auto rng_state = file.tensors.find(kRngTensor);
  check_intact(rng_state != file.tensors.end(), "{}: the tensor {} is missing", path.string(),
               kRngTensor);
  Checkpoint checkpoint{
      .recipe = Config::parse(metadata.text("recipe"), path.string() + ": recipe"),
      .codec = codec_of(metadata, path),
      .step = metadata.number<std::int64_t>("step"),
      .seed = metadata.number<std::uint64_t>("seed"),
      .split_seed = metadata.number<std::uint64_t>("split_seed"),
      .data_source = metadata.text("data"),
      .data_fingerprint = metadata.text("data_fingerprint"),
  };
  if (metadata.has("best_loss")) {
    checkpoint.best = {metadata.number<double>("best_loss"),
                       metadata.number<std::int64_t>("best_step"),
                       metadata.number<std::int64_t>("worse_since")};
  }
  if (metadata.has("window_steps")) {
    checkpoint.window = {metadata.number<double>("window_loss"),
                         metadata.number<std::int64_t>("window_steps")};
  }
  if (metadata.has("evaluated")) {
    checkpoint.evaluated = metadata.number<std::int64_t>("evaluated");
  }
  if (metadata.has("log_every")) {
    checkpoint.window.length = metadata.number<std::int64_t>("log_every");
  }
  checkpoint.rng.set_state(rng_state->second.to_vector<std::int32_t>());
  file.tensors.erase(rng_state);
  checkpoint.tensors = std::move(file.tensors);
  return checkpoint;
}

io::SafeTensors file_of(const Checkpoint& checkpoint) {
  check(checkpoint.codec != nullptr, "a model file needs the codec of its codes");
  io::SafeTensors file;
  file.tensors = checkpoint.tensors;
  const std::vector<std::int32_t> rng = checkpoint.rng.state();
  file.tensors[kRngTensor] = Tensor::from(rng, {static_cast<std::int64_t>(rng.size())});
  file.metadata = {
      {"format", kFormat},
      {"recipe", checkpoint.recipe.to_json()},
      {kCodes, checkpoint.codec->saved()},
      {"step", std::to_string(checkpoint.step)},
      {"seed", std::to_string(checkpoint.seed)},
      {"split_seed", std::to_string(checkpoint.split_seed)},
      {"data", checkpoint.data_source},
      {"data_fingerprint", checkpoint.data_fingerprint},
  };
  if (checkpoint.codec->kind() != data::Vocabulary::kKind) {
    file.metadata[kCodec] = checkpoint.codec->kind();
  }
  if (std::isfinite(checkpoint.best.loss)) {
    file.metadata["best_loss"] = fmt::format("{}", checkpoint.best.loss);
    file.metadata["best_step"] = std::to_string(checkpoint.best.step);
    file.metadata["worse_since"] = std::to_string(checkpoint.best.worse_since);
  }
  if (checkpoint.window.steps > 0) {
    file.metadata["window_loss"] = fmt::format("{}", checkpoint.window.loss);
    file.metadata["window_steps"] = std::to_string(checkpoint.window.steps);
  }
  if (checkpoint.evaluated > 0) {
    file.metadata["evaluated"] = std::to_string(checkpoint.evaluated);
  }
  if (checkpoint.window.length > 0) {
    file.metadata["log_every"] = std::to_string(checkpoint.window.length);
  }
  return file;
}

}  // namespace

std::filesystem::path model_path(const std::filesystem::path& folder_or_file) {
  const bool is_folder = std::filesystem::is_directory(status_of(folder_or_file));
  return is_folder ? folder_or_file / kModelFile : folder_or_file;
}

Checkpoint read_checkpoint(const std::filesystem::path& folder_or_file) try {
  return checkpoint_of_file(model_path(folder_or_file));
} catch (...) {
  rethrow_as_error(folder_or_file.string());
}

bool is_checkpoint(std::string_view beginning) {
  return beginning.find(fmt::format("\"format\":\"{}\"", kFormat)) != beginning.npos;
}

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) try {
  io::write_safetensors(path, file_of(checkpoint));
} catch (...) {
  rethrow_as_error(path.string());
}

void write_checkpoint(std::ostream& stream, const Checkpoint& checkpoint) try {
  io::write_safetensors(stream, file_of(checkpoint));
} catch (...) {
  rethrow_as_error("writing a model");
}

}  // namespace wavenet::train
