#include "wavenet/nn/kept_buffers.h"

#include "wavenet/backend/backend.h"

namespace wavenet::nn {

KeptBuffers::KeptBuffers(const Module& module) : buffers_(module.buffers()) {
  for (const auto& [name, buffer] : buffers_) {
    kept_.push_back(Tensor::empty(buffer.shape(), buffer.dtype()));
  }
}

void KeptBuffers::keep() {
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    backend().copy(buffers_[i].second, kept_[i]);
  }
}

void KeptBuffers::put_back() const {
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    backend().copy(kept_[i], buffers_[i].second);
  }
}

}  // namespace wavenet::nn
