// Communicator: the processes that train one model together, each on its block of a minibatch's shards.
//
//   comm::Communicator& all = comm::alone();
//   const comm::Block mine = comm::block_of(shards, all);   // [first, last)
//   all.sum(gradients);                                      // every process ends with the same bits
//
// Sums go by a fixed binary tree over ranks, as shards are added within a process, and a block is a
// subtree of that of all shards: so 1, 2, 4 or any number of processes give the same bits. Left out:
// ways to reach other processes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wavenet::comm {

class Communicator {
 public:
  virtual ~Communicator() = default;
  virtual int rank() const = 0;  // from 0
  virtual int size() const = 0;
  // Each of these is called by all processes in the same order, and waits for them. Throws Error where
  // another has failed.
  virtual void sum(std::span<float> values) = 0;
  virtual double sum(double value) = 0;
  virtual void broadcast(std::span<std::byte> bytes, int root) = 0;
};

// One process: rank 0 of 1, whose sums are what it has.
Communicator& alone();

// Adds the others of `parts` to the first, neighbours first, then pairs of neighbours, and so on;
// add(to, from) adds one to another.
template <class Parts, class Add>
void sum_by_tree(Parts& parts, const Add& add) {
  for (std::size_t apart = 1; apart < parts.size(); apart *= 2) {
    for (std::size_t i = 0; i + apart < parts.size(); i += 2 * apart) {
      add(parts[i], parts[i + apart]);
    }
  }
}

struct Block {
  std::int64_t first;
  std::int64_t last;
};
// Of `count` shards those of a rank; none where there are more ranks than blocks.
Block block_of(std::int64_t count, int rank, int size);
inline Block block_of(std::int64_t count, const Communicator& all) {
  return block_of(count, all.rank(), all.size());
}

}  // namespace wavenet::comm
