// Module: named parameters, buffers and children; whether all of it trains or evaluates. A Layer is
// a module that makes one tensor of one.
//
//   class Scale : public nn::Layer {
//    public:
//     explicit Scale(std::int64_t c) : weight_(add_parameter("weight", ones({c}))) {}
//     std::string kind() const override { return "Scale"; }
//
//    protected:
//     Tensor forward(const Tensor& x) override { return x * weight_; }
//
//    private:
//     Tensor weight_;
//   };
//   for (auto& [name, tensor] : model.parameters()) { ... }   // "blocks.0.linear.weight"
//
// Left out: sharing one layer in two places; models, which read more than one tensor
// (models/model.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "wavenet/tensor/tensor.h"

namespace wavenet::nn {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

class Module {
 public:
  Module() = default;
  Module(Module&&) = default;
  virtual ~Module() = default;

  // What inspect shows: "Linear", "FlattenConsecutive(2)".
  virtual std::string kind() const = 0;
  // In the order of registration, children's names joined by dots. Handles, not copies.
  NamedTensors parameters() const;
  // What is saved but not learned: running statistics.
  NamedTensors buffers() const;
  // Parameters and buffers.
  NamedTensors state() const;
  std::int64_t parameter_count() const;

  // BatchNorm uses the batch's statistics in training, the running ones in evaluation.
  void train(bool on = true);
  void eval() { train(false); }
  bool training() const { return training_; }
  bool has_children() const { return !children_.empty(); }

 protected:
  Module& operator=(Module&&) = default;  // of a whole layer, never of what two kinds share
  // What a layer gives, shown to a Trace if one lives on this thread.
  Tensor seen(Tensor output) const;
  Tensor add_parameter(const std::string& name, Tensor value);
  Tensor add_buffer(const std::string& name, Tensor value);
  template <class Child>
  Child& add_child(const std::string& name, Child child) {
    auto owned = std::make_unique<Child>(std::move(child));
    Child& kept = *owned;
    children_.emplace_back(name, std::move(owned));
    return kept;
  }
  const std::vector<std::pair<std::string, std::unique_ptr<Module>>>& children() const {
    return children_;
  }

 private:
  friend class Trace;
  friend class UseMode;
  void collect(const std::string& prefix, bool parameters, bool buffers, NamedTensors& all) const;

  NamedTensors parameters_;
  NamedTensors buffers_;
  std::vector<std::pair<std::string, std::unique_ptr<Module>>> children_;
  bool training_ = true;
};

class Layer : public Module {
 public:
  // forward(), seen by a Trace.
  Tensor operator()(const Tensor& x) { return seen(forward(x)); }

 protected:
  virtual Tensor forward(const Tensor& x) = 0;
};

// For its lifetime a module, with all that it holds, trains or evaluates; then each is in the mode
// that it had, also where something threw. Modules that are in that mode already are not written
// to, so threads may share a model that evaluates.
//
//   const UseMode evaluating(model, Mode::evaluation);
enum class Mode : std::uint8_t { training, evaluation };
class UseMode {
 public:
  UseMode(Module& module, Mode mode);
  ~UseMode();
  UseMode(const UseMode&) = delete;
  UseMode& operator=(const UseMode&) = delete;

 private:
  std::vector<Module*> changed_;
};

// Copies saved tensors into a module. Throws Error naming the first tensor that is missing or has
// another shape or type; names that start with "train." are none of the module's and are skipped,
// any other surplus is an error.
void load_state(const Module& module, const std::map<std::string, Tensor>& saved);

// While one lives, records what each innermost layer of `root` gives on this thread.
class Trace {
 public:
  struct Layer {
    std::string name;
    std::string kind;
    Shape output;
    std::int64_t parameters;
  };
  // Is shown each output, and may put another tensor of the same values in its place.
  using Visit = std::function<void(const Layer&, Tensor& output)>;

  explicit Trace(const Module& root, Visit visit = {});
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  const std::vector<Layer>& layers() const { return layers_; }
  // Whether one lives on this thread.
  static bool is_on();

 private:
  friend class Module;
  void note(const Module& module, Tensor& output);

  std::map<const Module*, std::string> names_;
  std::vector<Layer> layers_;
  Visit visit_;
  Trace* before_;
};

}  // namespace wavenet::nn
