// IndexTable: finds an index again by a hash of what it stands for; the things themselves stay where
// they are. Eight bytes a slot, open addressing.
//
//   IndexTable table;
//   table.find_or_add(hash_of(word), 7, [&](std::uint32_t i) { return words[i] == word; });   // 7
//
// Left out: removal, and threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wavenet::data {

class IndexTable {
 public:
  // The index added before for an equal thing, as `is_same` says; else `index`, which is added.
  template <class IsSame>
  std::uint32_t find_or_add(std::uint64_t hash, std::uint32_t index, const IsSame& is_same) {
    if (8 * (used_ + 1) > 7 * slots_.size()) {
      grow();
    }
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    for (std::size_t at = home_of(tag);; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.next == 0) {
        slot = {tag, index + 1};
        ++used_;
        return index;
      }
      if (slot.hash == tag && is_same(slot.next - 1)) {
        return slot.next - 1;
      }
    }
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t next = 0;  // the index + 1; 0: empty
  };

  std::size_t home_of(std::uint32_t hash) const { return hash & (slots_.size() - 1); }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? kFirst : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.next != 0) {
        std::size_t at = home_of(slot.hash);
        while (slots_[at].next != 0) {
          at = (at + 1) & (slots_.size() - 1);
        }
        slots_[at] = slot;
      }
    }
  }

  static constexpr std::size_t kFirst = 1024;  // a power of two, as all sizes are
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace wavenet::data
