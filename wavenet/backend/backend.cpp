#include "wavenet/backend/backend.h"

#include "wavenet/base/parallel.h"

namespace wavenet {
namespace {
thread_local Backend* current_backend = nullptr;
const Inherited inherited([]() -> const void* { return current_backend; },
                          [](const void* before) {
                            current_backend =
                                const_cast<Backend*>(static_cast<const Backend*>(before));
                          });
}  // namespace

Backend& backend() { return current_backend != nullptr ? *current_backend : cpu_backend(); }

UseBackend::UseBackend(Backend& chosen) : before_(current_backend) { current_backend = &chosen; }
UseBackend::~UseBackend() { current_backend = before_; }

}  // namespace wavenet
