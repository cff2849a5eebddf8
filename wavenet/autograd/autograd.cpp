#include "wavenet/autograd/autograd.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "wavenet/backend/backend.h"
#include "wavenet/base/parallel.h"

namespace wavenet {
namespace {

using autograd::Meta;

constexpr char recorded_by_default = 0;  // whose address says so
thread_local bool enabled = true;
const Inherited inherited([]() -> const void* { return enabled ? &recorded_by_default : nullptr; },
                          [](const void* on) { enabled = on != nullptr; });
thread_local GradientSet* collecting = nullptr;

std::atomic<std::int64_t> recorded = 0;
std::mutex taking;  // results for a walk: guards every Meta::walk, and the next line
std::int64_t walks = 0;
std::recursive_mutex adding_to_parameters;  // by calls without a set of their own

// Takes the results of all ops that lead to `last`, newest first: an op is newer than its inputs.
// Throws, taking none, where another backward() has taken one of them.
std::vector<std::shared_ptr<Meta>> take_newest_first(const std::shared_ptr<Meta>& last) {
  const std::lock_guard lock(taking);
  const std::int64_t walk = ++walks;
  std::vector<std::shared_ptr<Meta>> results;
  bool all_free = true;
  const auto take = [&](const std::shared_ptr<Meta>& meta) {
    if (meta == nullptr || meta->op == nullptr || meta->walk == walk) {
      return;
    }
    all_free = all_free && meta->walk == 0;
    if (all_free) {
      meta->walk = walk;
      results.push_back(meta);
    }
  };
  take(last);
  for (std::size_t next = 0; next < results.size() && all_free; ++next) {
    const std::shared_ptr<Meta> result = results[next];
    for (const Tensor& input : result->inputs) {
      take(input.meta());
    }
  }
  if (!all_free) {
    for (const std::shared_ptr<Meta>& result : results) {
      result->walk = 0;
    }
    fail(
        "backward: a part of the graph was walked before, or is by another thread, which frees it");
  }
  std::sort(results.begin(), results.end(),
            [](const auto& a, const auto& b) { return a->order > b->order; });
  return results;
}

// Makes a gradient, which may be shared, one that can be added to.
void make_own(Tensor& gradient) {
  if (gradient.shares_storage()) {
    const Tensor own = Tensor::empty(gradient.shape(), gradient.dtype());
    backend().copy(gradient, own);
    gradient = own;
  }
}

// `gradient` becomes `more`, or has it added.
void add(const Tensor& more, Tensor& gradient) {
  if (gradient.defined()) {
    make_own(gradient);
    backend().accumulate(more, gradient);
  } else {
    gradient = more;
  }
}

}  // namespace

Tensor parameter(Tensor value) {
  check(!requires_grad(value), "parameter: the tensor {} is already part of a graph",
        value.shape());
  check(is_float(value.dtype()), "parameter: a tensor of i32 has no gradient");
  value.set_meta(std::make_shared<Meta>());
  return value;
}

bool requires_grad(const Tensor& x) { return x.meta() != nullptr; }

Tensor grad(const Tensor& x) { return requires_grad(x) ? x.meta()->grad : Tensor(); }

void zero_grad(const Tensor& x) {
  if (requires_grad(x)) {
    x.meta()->grad = Tensor();
  }
}

void set_grad(const Tensor& x, Tensor gradient) {
  check(requires_grad(x) && x.meta()->op == nullptr && gradient.shape() == x.shape(),
        "set_grad: a gradient of {} for a tensor of {} that is no parameter", gradient.shape(),
        x.shape());
  x.meta()->grad = std::move(gradient);
}

void backward(const Tensor& loss, const Tensor& seed) {
  check(requires_grad(loss) && loss.meta()->op != nullptr,
        "backward: no op on this tensor of shape {} was recorded", loss.shape());
  if (seed.defined()) {
    check(seed.shape() == loss.shape() && seed.dtype() == loss.dtype(),
          "backward: the seed is {} {}, the tensor {} {}", seed.dtype(), seed.shape(), loss.dtype(),
          loss.shape());
  } else {
    check(loss.numel() == 1, "backward: a tensor of shape {} needs a seed of that shape",
          loss.shape());
  }
  std::vector<std::shared_ptr<Meta>> results = take_newest_first(loss.meta());
  std::unique_lock lock(adding_to_parameters, std::defer_lock);
  if (collecting == nullptr) {
    lock.lock();
  }
  const NoGrad guard;
  loss.meta()->grad = Tensor::empty(loss.shape(), loss.dtype());
  if (seed.defined()) {
    backend().copy(seed, loss.meta()->grad);
  } else {
    backend().fill(1, loss.meta()->grad);
  }
  for (std::shared_ptr<Meta>& result : results) {
    const Tensor dy = std::move(result->grad);
    result->grad = Tensor();
    const autograd::Backward back = std::move(result->backward);
    const std::vector<Tensor> inputs = std::move(result->inputs);
    result->backward = nullptr;
    result->inputs.clear();
    if (dy.defined()) {
      back(dy, autograd::InputGradients(inputs));
    }
    result.reset();
  }
}

NoGrad::NoGrad() : before_(enabled) { enabled = false; }
NoGrad::~NoGrad() { enabled = before_; }
bool grad_enabled() { return enabled; }

CollectGradients::CollectGradients(GradientSet& set) : before_(collecting) { collecting = &set; }
CollectGradients::~CollectGradients() { collecting = before_; }

// A model has a few dozen parameters; a linear search beats a map.
Tensor& GradientSet::of(const Tensor& parameter) {
  for (auto& [known, gradient] : entries_) {
    if (known.meta() == parameter.meta()) {
      return gradient;
    }
  }
  return entries_.emplace_back(parameter, Tensor()).second;
}

void GradientSet::take(GradientSet& other) {
  for (const auto& [parameter, gradient] : other.entries_) {
    add(gradient, of(parameter));
  }
  other.entries_.clear();
}

void GradientSet::move_to_parameters() {
  const std::lock_guard lock(adding_to_parameters);
  for (const auto& [parameter, gradient] : entries_) {
    add(gradient, parameter.meta()->grad);
  }
  entries_.clear();
}

namespace autograd {

Tensor& InputGradients::gradient(std::size_t i) const {
  autograd::Meta& meta = *inputs_[i].meta();
  return collecting != nullptr && meta.op == nullptr ? collecting->of(inputs_[i]) : meta.grad;
}

Gradient InputGradients::operator[](std::size_t i) const {
  if (!wants(i)) {
    return {};
  }
  Tensor& kept = gradient(i);
  if (kept.defined()) {
    make_own(kept);
    return {kept, Into::add};
  }
  kept = Tensor::empty(inputs_[i].shape(), inputs_[i].dtype());
  return {kept, Into::overwrite};
}

View InputGradients::zeroed(std::size_t i) const {
  const Gradient place = (*this)[i];
  if (place.wanted() && place.into == Into::overwrite) {
    backend().fill(0, place.to);
  }
  return place.to;
}

void InputGradients::give(std::size_t i, const Tensor& gradient) const {
  if (wants(i)) {
    add(gradient, this->gradient(i));
  }
}

void record(const char* op, Tensor& y, std::vector<Tensor> inputs, Backward backward) {
  if (!enabled || std::none_of(inputs.begin(), inputs.end(), requires_grad)) {
    return;
  }
  auto meta = std::make_shared<Meta>();
  meta->op = op;
  meta->inputs = std::move(inputs);
  meta->backward = std::move(backward);
  meta->order = recorded.fetch_add(1, std::memory_order_relaxed);
  y.set_meta(std::move(meta));
}

}  // namespace autograd
}  // namespace wavenet
