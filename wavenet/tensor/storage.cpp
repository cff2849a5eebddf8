#include "wavenet/tensor/storage.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>
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

// Null when the system has no memory. A large block stands on large pages where the system has them to
// give: a step that goes through hundreds of megabytes looks up fewer.
void* block_of(std::size_t capacity) {
  constexpr std::size_t kLargePage = std::size_t{1} << 21;
  const bool large = capacity >= 2 * kLargePage;
  void* block = nullptr;
  if (posix_memalign(&block, large ? kLargePage : kAlignment, capacity) != 0) {
    return nullptr;
  }
#ifdef MADV_HUGEPAGE
  if (large) {
    madvise(block, capacity, MADV_HUGEPAGE);  // a wish; without it all is as it was
  }
#endif
  return block;
}

// A block that waits holds the way to the next one of its size, so that freeing takes no memory.
struct Waiting {
  Waiting* next;
};

class FreeLists {
 public:
  // Null when the system has no memory.
  void* take(std::size_t capacity) {
    const std::lock_guard lock(mutex_);
    Waiting*& first = list(capacity);
    void* block = first;
    if (first != nullptr) {
      first = first->next;
      statistics_.bytes_waiting -= static_cast<std::int64_t>(capacity);
    } else {
      block = ask_system(capacity);
    }
    if (block != nullptr) {
      statistics_.bytes_live += static_cast<std::int64_t>(capacity);
    }
    return block;
  }

  void give_back(void* block, std::size_t capacity) noexcept {
    const std::lock_guard lock(mutex_);
    statistics_.bytes_live -= static_cast<std::int64_t>(capacity);
    if (capacity > kLargestKept) {
      std::free(block);
      return;
    }
    statistics_.bytes_waiting += static_cast<std::int64_t>(capacity);
    Waiting*& first = list(capacity);  // which take() made
    first = new (block) Waiting{first};
  }

  void release() {
    const std::lock_guard lock(mutex_);
    release_waiting();
  }

  StorageStatistics statistics() {
    const std::lock_guard lock(mutex_);
    return statistics_;
  }

 private:
  struct Bin {
    std::size_t capacity;
    Waiting* first;
  };

  void* ask_system(std::size_t capacity) {
    void* block = block_of(capacity);
    if (block == nullptr && statistics_.bytes_waiting > 0) {
      release_waiting();
      block = block_of(capacity);
    }
    statistics_.system_allocations += block != nullptr ? 1 : 0;
    return block;
  }

  void release_waiting() {
    for (Bin& bin : bins_) {
      while (bin.first != nullptr) {
        std::free(std::exchange(bin.first, bin.first->next));
      }
    }
    statistics_.bytes_waiting = 0;
  }

  // A program uses a few dozen sizes; a linear search beats a map.
  Waiting*& list(std::size_t capacity) {
    for (Bin& bin : bins_) {
      if (bin.capacity == capacity) {
        return bin.first;
      }
    }
    return bins_.emplace_back(Bin{capacity, nullptr}).first;
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
  check_as(ErrorKind::memory, data != nullptr, "out of memory: no block of {} bytes", capacity);
  try {
    return std::make_shared<Storage>(data, capacity);
  } catch (const std::bad_alloc&) {
    free_lists().give_back(data, capacity);
    throw;
  }
}

Storage::~Storage() { free_lists().give_back(data_, capacity_); }

StorageStatistics storage_statistics() { return free_lists().statistics(); }

void release_waiting_storage() { free_lists().release(); }

}  // namespace wavenet
