// Storage: a block of 64-byte aligned memory that any number of tensors share.
//
//   auto storage = Storage::allocate(1 << 20);
//   float* x = static_cast<float*>(storage->data());
//
// Freed blocks wait in per-size lists for the next tensor of that size, so a training step that has
// run once asks the system for nothing. Left out: memory that is not ours (mapped files, devices).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace wavenet {

class Storage {
 public:
  // At least `bytes` bytes, not initialised. Throws Error when the system has no memory.
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

}  // namespace wavenet
