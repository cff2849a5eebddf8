// Tensors that PyTorch computed, to hold ours against: files of tests/golden, written by python/.
// A case's inputs stand beside its results: "case/x", "case/y", and gradients as "case/dx".
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "wavenet/wavenet.h"

namespace golden {

using namespace wavenet;

inline io::SafeTensors read(const std::string& name) {
  return io::read_safetensors(WAVENET_SOURCE "/tests/golden/" + name + ".safetensors");
}

// The tensors of one case, by short name. The file must outlive it.
class Case {
 public:
  // f32 on one side and f32 on the other: `tolerance` is relative to a tensor's largest value.
  Case(const io::SafeTensors& file, std::string name, float tolerance)
      : file_(&file), name_(std::move(name)), tolerance_(tolerance) {}

  Tensor operator[](const std::string& tensor) const {
    const auto found = file_->tensors.find(name_ + "/" + tensor);
    check(found != file_->tensors.end(), "golden: no {}/{}", name_, tensor);
    return found->second;
  }
  // An input whose gradient is wanted: a copy, as the file is shared by all tests.
  Tensor input(const std::string& tensor) const {
    const Tensor x = (*this)[tensor];
    return parameter(Tensor::from(x.to_vector<float>(), x.shape()));
  }
  void expect(const Tensor& actual, const std::string& tensor) const {
    const Tensor expected = (*this)[tensor];
    ASSERT_TRUE(actual.defined()) << name_ << "/" << tensor;
    ASSERT_EQ(actual.shape(), expected.shape()) << name_ << "/" << tensor;
    const std::vector<float> want = expected.to_vector<float>();
    const std::vector<float> got = actual.to_vector<float>();
    float largest = 1e-6F;
    for (const float value : want) {
      largest = std::max(largest, std::abs(value));
    }
    for (std::size_t i = 0; i < want.size(); ++i) {
      ASSERT_NEAR(got[i], want[i], tolerance_ * largest) << name_ << "/" << tensor << " at " << i;
    }
  }

 private:
  const io::SafeTensors* file_;
  std::string name_;
  float tolerance_;
};

// Gives a module's parameters, and buffers as they were at first, the values of the case.
inline void load(const Case& expected, nn::Module& module, const std::string& prefix = "") {
  std::map<std::string, Tensor> saved;
  for (const auto& [name, tensor] : module.parameters()) {
    saved[name] = expected[prefix + name];
  }
  for (const auto& [name, tensor] : module.buffers()) {
    saved[name] = expected[prefix + name + "_0"];
  }
  nn::load_state(module, saved);
}

// y = f(x...), then dy sent back; `inputs` are named in the file, gradients "d" + name.
inline void expect_op(const Case& expected, const std::vector<std::string>& inputs,
                      const std::function<Tensor(const std::vector<Tensor>&)>& f) {
  std::vector<Tensor> x;
  for (const std::string& input : inputs) {
    x.push_back(expected.input(input));
  }
  const Tensor y = f(x);
  expected.expect(y, "y");
  backward(y, expected["dy"]);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    expected.expect(grad(x[i]), "d" + inputs[i]);
  }
}

inline void expect_parameter_gradients(const Case& expected, const nn::Module& module,
                                       const std::string& prefix) {
  for (const auto& [name, tensor] : module.parameters()) {
    expected.expect(grad(tensor), prefix + name);
  }
}

}  // namespace golden
