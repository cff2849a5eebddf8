#include "wavenet/backend/backend.h"

#include "wavenet/base/parallel.h"

namespace wavenet {
namespace {
thread_local Backend* current = nullptr;
const Inherited inherited([]() -> const void* { return current; },
                          [](const void* before) {
                            current = const_cast<Backend*>(static_cast<const Backend*>(before));
                          });
}  // namespace

Backend& backend() { return current != nullptr ? *current : cpu_backend(); }

UseBackend::UseBackend(Backend& chosen) : before_(current) { current = &chosen; }
UseBackend::~UseBackend() { current = before_; }

}  // namespace wavenet
