#include "wavenet/tensor/storage.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "wavenet/base/check.h"

namespace wavenet {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLargestKept = std::size_t{1} << 26;  // larger blocks go back at once

// Sizes are rounded up to a quarter of a power of two, so at most a fifth of a block is unused.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = std::max(kAlignment, std::bit_ceil(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

class FreeLists {
 public:
  void* take(std::size_t capacity) {
    const std::lock_guard lock(mutex_);
    statistics_.bytes_live += static_cast<std::int64_t>(capacity);
    std::vector<void*>& blocks = list(capacity);
    if (!blocks.empty()) {
      void* block = blocks.back();
      blocks.pop_back();
      statistics_.bytes_waiting -= static_cast<std::int64_t>(capacity);
      return block;
    }
    ++statistics_.system_allocations;
    return std::aligned_alloc(kAlignment, capacity);
  }

  void give_back(void* block, std::size_t capacity) {
    const std::lock_guard lock(mutex_);
    statistics_.bytes_live -= static_cast<std::int64_t>(capacity);
    if (capacity > kLargestKept) {
      std::free(block);
      return;
    }
    statistics_.bytes_waiting += static_cast<std::int64_t>(capacity);
    list(capacity).push_back(block);
  }

  StorageStatistics statistics() {
    const std::lock_guard lock(mutex_);
    return statistics_;
  }

 private:
  struct Bin {
    std::size_t capacity;
    std::vector<void*> blocks;
  };

  // A program uses a few dozen sizes; a linear search beats a map.
  std::vector<void*>& list(std::size_t capacity) {
    for (Bin& bin : bins_) {
      if (bin.capacity == capacity) {
        return bin.blocks;
      }
    }
    return bins_.emplace_back(Bin{capacity, {}}).blocks;
  }

  std::mutex mutex_;
  std::vector<Bin> bins_;
  StorageStatistics statistics_;
};

// Never destroyed: tensors with static lifetime may outlive every other static object.
FreeLists& free_lists() {
  static FreeLists* lists = new FreeLists;
  return *lists;
}

}  // namespace

std::shared_ptr<Storage> Storage::allocate(std::int64_t bytes) {
  check(bytes >= 0, "a tensor cannot have {} bytes", bytes);
  const std::size_t capacity = rounded(static_cast<std::size_t>(bytes) + (bytes == 0));
  void* data = free_lists().take(capacity);
  check(data != nullptr, "out of memory: no block of {} bytes", capacity);
  return std::make_shared<Storage>(data, capacity);
}

Storage::~Storage() { free_lists().give_back(data_, capacity_); }

StorageStatistics storage_statistics() { return free_lists().statistics(); }

}  // namespace wavenet
