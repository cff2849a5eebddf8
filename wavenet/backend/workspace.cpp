#include "wavenet/backend/workspace.h"

namespace wavenet {
namespace {

constexpr std::size_t kAlignment = 64;

thread_local Workspace* current = nullptr;

Workspace& own() {
  thread_local Workspace room;
  return room;
}

}  // namespace

void* Workspace::at_bytes(Part part, std::size_t bytes) {
  std::vector<std::byte>& block = blocks_[static_cast<std::size_t>(part)];
  if (block.size() < bytes + kAlignment) {
    block.clear();  // so that nothing is copied
    block.resize(bytes + kAlignment);
  }
  const auto beyond = reinterpret_cast<std::uintptr_t>(block.data()) % kAlignment;
  return block.data() + (beyond == 0 ? 0 : kAlignment - beyond);
}

Workspace& workspace() { return current != nullptr ? *current : own(); }

UseWorkspace::UseWorkspace(Workspace& chosen) : before_(current) { current = &chosen; }
UseWorkspace::~UseWorkspace() { current = before_; }

}  // namespace wavenet
