// What tests of stopped and resumed runs share.
#pragma once

#include <cstring>
#include <filesystem>
#include <string>

#include "wavenet/base/stop.h"
#include "wavenet/run/listener.h"
#include "wavenet/train/checkpoint.h"

namespace wavenet {

// Asks to stop when so many steps are done.
class StopsAt : public run::Listener {
 public:
  explicit StopsAt(std::int64_t step) : step_(step) {}
  void progress(const run::Progress& progress) override {
    if (progress.step == step_) {
      stop.ask();
    }
  }
  Stop stop;

 private:
  std::int64_t step_;
};

// Names and bytes of all tensors of a run's model.
inline std::string weights_of(const std::filesystem::path& folder) {
  std::string bytes;
  for (const auto& [name, tensor] : train::read_checkpoint(folder).tensors) {
    std::string values(static_cast<std::size_t>(tensor.numel()) * sizeof(float), '\0');
    std::memcpy(values.data(), tensor.view().data, values.size());
    bytes += name + values;
  }
  return bytes;
}

}  // namespace wavenet
