#include "wavenet/backend/backend.h"

namespace wavenet {
namespace {
thread_local Backend* current = nullptr;
}  // namespace

Backend& backend() { return current != nullptr ? *current : cpu_backend(); }

UseBackend::UseBackend(Backend& chosen) : before_(current) { current = &chosen; }
UseBackend::~UseBackend() { current = before_; }

}  // namespace wavenet
