#include "wavenet/backend/workspace.h"

namespace wavenet {
namespace {

constexpr std::size_t kAlignment = 64;

thread_local Workspace* current_workspace = nullptr;

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

Workspace& workspace() { return current_workspace != nullptr ? *current_workspace : own(); }

UseWorkspace::UseWorkspace(Workspace& chosen) : before_(current_workspace) {
  current_workspace = &chosen;
}
UseWorkspace::~UseWorkspace() { current_workspace = before_; }

}  // namespace wavenet
