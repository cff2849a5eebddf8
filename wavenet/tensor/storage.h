// Storage: a block of 64-byte aligned memory that any number of tensors share.
//
//   auto storage = Storage::allocate(1 << 20);
//   float* x = static_cast<float*>(storage->data());
//
// Freed blocks wait in per-size lists for the next tensor of that size, so a training step that has
// run once asks the system for nothing: a caching allocator. Any thread may call anything here.
// Left out: memory that is not ours (mapped files, devices).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace wavenet {

class Storage {
 public:
  // At least `bytes` bytes, not initialised. Throws Error (kind memory) when the system has none,
  // even after all waiting blocks were given back to it.
  static std::shared_ptr<Storage> allocate(std::int64_t bytes);

  Storage(void* data, std::size_t capacity) : data_(data), capacity_(capacity) {}
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage();

  void* data() const { return data_; }

 private:
  void* data_;
  std::size_t capacity_;
};

struct StorageStatistics {
  std::int64_t system_allocations = 0;  // blocks ever asked of the system
  std::int64_t bytes_live = 0;          // held by tensors now
  std::int64_t bytes_waiting = 0;       // in the lists of freed blocks
};

StorageStatistics storage_statistics();

// Gives the waiting blocks back to the system, as a program does that has trained and goes on to
// other work. Later allocations ask the system again.
void release_waiting_storage();

}  // namespace wavenet
