// Reverse-mode autograd: ops record how to send a gradient back; backward() walks the record.
//
//   Tensor w = parameter(randn({48, 128}, rng));        // wants a gradient
//   Tensor loss = cross_entropy(matmul(x, w), targets);
//   backward(loss);                                     // the graph is freed as it is walked
//   Tensor dw = grad(w);  zero_grad(w);
//
// Left out: gradients of gradients; a graph that is walked twice.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "wavenet/backend/backend.h"
#include "wavenet/tensor/tensor.h"

namespace wavenet {

namespace autograd {
class InputGradients;
}

// Marks a tensor, not yet part of any graph, as one whose gradient is wanted; returns its handle.
Tensor parameter(Tensor value);
bool requires_grad(const Tensor& x);
// The gradient that backward() left, or an undefined tensor.
Tensor grad(const Tensor& x);
// Forgets the gradient, so that the next backward() starts from nothing.
void zero_grad(const Tensor& x);
// Of a parameter, in place of what it carries.
void set_grad(const Tensor& x, Tensor gradient);

// Adds d(loss)/dx to the gradient of every parameter x that loss was computed from. `seed` is
// d(result)/d(loss), by default 1 for a tensor of one element. Throws when no gradient is wanted,
// when a part of the graph was walked before or is being walked by another thread, and when the
// seed's shape is not the loss's.
// Threads: a graph may be recorded by several threads, one after the other, and walked by any;
// while it is walked, nothing may be computed from it. Calls that add to the parameters' own
// gradients wait for each other; with CollectGradients they run at once.
void backward(const Tensor& loss, const Tensor& seed = {});

// While one lives, ops on this thread record nothing.
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool before_;
};
bool grad_enabled();

// Gradients of parameters kept apart from those that the parameters carry, so that several threads
// can walk back at once, each into a set of its own; added up afterwards in a fixed order, they
// give the same bits for any number of threads.
class GradientSet {
 public:
  // Adds the other's gradients to these and leaves it empty.
  void take(GradientSet& other);
  // Adds the set to the parameters' own gradients and leaves it empty.
  void move_to_parameters();

 private:
  friend class CollectGradients;
  friend class autograd::InputGradients;
  // The gradient of a parameter, undefined at first.
  Tensor& of(const Tensor& parameter);
  std::vector<std::pair<Tensor, Tensor>> entries_;  // parameter, its gradient
};

// For its lifetime, backward() on this thread adds parameters' gradients to `set`.
class CollectGradients {
 public:
  explicit CollectGradients(GradientSet& set);
  ~CollectGradients();
  CollectGradients(const CollectGradients&) = delete;
  CollectGradients& operator=(const CollectGradients&) = delete;

 private:
  GradientSet* before_;
};

namespace autograd {

// What an op's backward function is given: its inputs, and their gradients to write to, each by one
// of three ways.
class InputGradients {
 public:
  explicit InputGradients(const std::vector<Tensor>& inputs) : inputs_(inputs) {}
  const View& input(std::size_t i) const { return inputs_[i].view(); }
  // Whether anybody wants the gradient of input i.
  bool wants(std::size_t i) const { return requires_grad(inputs_[i]); }
  // For a kernel, which must write all of it: overwrite at first, else add. Empty if not wanted.
  Gradient operator[](std::size_t i) const;
  // To add to; all zero at first. Empty if not wanted.
  View zeroed(std::size_t i) const;
  // Hands over a row-major gradient of the input's shape. The first is kept, not copied: several
  // inputs may share one, and it is copied when something has to be added.
  void give(std::size_t i, const Tensor& gradient) const;

 private:
  Tensor& gradient(std::size_t i) const;
  const std::vector<Tensor>& inputs_;
};

using Backward = std::function<void(const Tensor& dy, const InputGradients& dx)>;

// What a tensor that wants a gradient carries: the gradient, and for an op's result the way back.
struct Meta {
  Tensor grad;
  const char* op = nullptr;  // null for parameters
  std::vector<Tensor> inputs;
  Backward backward;
  std::int64_t order = 0;  // grows with each op recorded, on whatever thread
  std::int64_t walk = 0;   // the number of the backward() that took it and frees it; 0: none yet
};

// Ties y to the inputs it was made from. Tensors kept in `backward`, besides the inputs, must be
// detached, so that no cycle forms. Does nothing when no gradient is wanted.
void record(const char* op, Tensor& y, std::vector<Tensor> inputs, Backward backward);

}  // namespace autograd
}  // namespace wavenet
