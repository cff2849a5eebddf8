#include "wavenet/nn/module.h"

#include <functional>

#include "wavenet/autograd/autograd.h"
#include "wavenet/backend/backend.h"

namespace wavenet::nn {
namespace {
thread_local Trace* watching = nullptr;
}  // namespace

Tensor Module::seen(Tensor output) const {
  if (watching != nullptr && !has_children()) {
    watching->note(*this, output);
  }
  return output;
}

void Module::collect(const std::string& prefix, bool parameters, bool buffers,
                     NamedTensors& all) const {
  const auto append = [&](const NamedTensors& own) {
    for (const auto& [name, tensor] : own) {
      all.emplace_back(prefix + name, tensor);
    }
  };
  if (parameters) {
    append(parameters_);
  }
  if (buffers) {
    append(buffers_);
  }
  for (const auto& [name, child] : children_) {
    child->collect(prefix + name + ".", parameters, buffers, all);
  }
}

NamedTensors Module::parameters() const {
  NamedTensors all;
  collect("", true, false, all);
  return all;
}

NamedTensors Module::buffers() const {
  NamedTensors all;
  collect("", false, true, all);
  return all;
}

NamedTensors Module::state() const {
  NamedTensors all;
  collect("", true, true, all);
  return all;
}

std::int64_t Module::parameter_count() const {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : parameters()) {
    count += tensor.numel();
  }
  return count;
}

void Module::train(bool on) {
  training_ = on;
  for (const auto& [name, child] : children_) {
    child->train(on);
  }
}

UseMode::UseMode(Module& module, Mode mode) {
  const std::function<void(Module&)> use = [&](Module& one) {
    if (one.training_ != (mode == Mode::training)) {
      changed_.push_back(&one);
      one.training_ = !one.training_;
    }
    for (const auto& [name, child] : one.children_) {
      use(*child);
    }
  };
  use(module);
}

UseMode::~UseMode() {
  for (Module* module : changed_) {
    module->training_ = !module->training_;
  }
}

Tensor Module::add_parameter(const std::string& name, Tensor value) {
  parameters_.emplace_back(name, parameter(std::move(value)));
  return parameters_.back().second;
}

Tensor Module::add_buffer(const std::string& name, Tensor value) {
  buffers_.emplace_back(name, std::move(value));
  return buffers_.back().second;
}

void load_state(const Module& module, const std::map<std::string, Tensor>& saved) {
  const NamedTensors wanted = module.state();
  for (const auto& [name, tensor] : wanted) {
    const auto found = saved.find(name);
    check_intact(found != saved.end(), "the model needs a tensor {}, which the file lacks", name);
    check_intact(found->second.shape() == tensor.shape() && found->second.dtype() == tensor.dtype(),
                 "tensor {} must be {} {}, the file has {} {}", name, tensor.dtype(),
                 tensor.shape(), found->second.dtype(), found->second.shape());
  }
  std::map<std::string, Tensor> known(wanted.begin(), wanted.end());
  for (const auto& [name, tensor] : saved) {
    check_intact(known.contains(name) || name.starts_with("train."), "the model has no tensor {}",
                 name);
  }
  for (const auto& [name, tensor] : wanted) {
    backend().copy(saved.at(name), tensor);
  }
}

Trace::Trace(const Module& root, Visit visit) : visit_(std::move(visit)), before_(watching) {
  const std::function<void(const Module&, const std::string&)> name_all =
      [&](const Module& module, const std::string& prefix) {
        for (const auto& [name, child] : module.children_) {
          names_[child.get()] = prefix + name;
          name_all(*child, prefix + name + ".");
        }
      };
  names_[&root] = "";
  name_all(root, "");
  watching = this;
}

Trace::~Trace() { watching = before_; }

bool Trace::is_on() { return watching != nullptr; }

void Trace::note(const Module& module, Tensor& output) {
  const auto name = names_.find(&module);
  if (name == names_.end()) {
    return;
  }
  layers_.push_back({name->second, module.kind(), output.shape(), module.parameter_count()});
  if (visit_) {
    visit_(layers_.back(), output);
  }
}

}  // namespace wavenet::nn
