// Sums of rows of time, against the formula in double, on every instruction set.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/backend/targets.h"
#include "wavenet/backend/backend.h"
#include "wavenet/wavenet.h"

namespace {

using namespace wavenet;
using testing_targets::for_each_target;

struct Mix {
  Mix(std::int64_t out, std::int64_t depth, std::int64_t samples, Rng& rng)
      : weight(affine(randn({depth, out}, rng), 0.25, 0)),
        past(randn({depth, samples + kShift}, rng)),
        bias(randn({out}, rng)),
        addend(randn({out, samples}, rng)) {}

  // The rows lie anywhere: the further down, the later each begins.
  std::int64_t shift(std::int64_t r) const { return r % (kShift + 1); }
  std::int64_t outputs() const { return weight.size(1); }
  std::int64_t samples() const { return addend.size(1); }

  // Of samples `first` to `first + count` - 1.
  std::vector<float> mixed(Backend& on, std::int64_t first, std::int64_t count,
                           bool has_bias = true, bool adds = true) const {
    std::vector<const void*> rows;
    for (std::int64_t r = 0; r < weight.size(0); ++r) {
      rows.push_back(past.data<float>() + r * past.size(1) + shift(r) + first);
    }
    const Tensor y = Tensor::from(addend.to_vector<float>(), addend.shape());
    const View to = sliced(y, 1, first, first + count, 1);
    on.mix_rows(transposed(weight, 0, 1), rows, has_bias ? View(bias) : View(), adds ? to : View(),
                to);
    return contiguous(y.with_view(to)).to_vector<float>();
  }

  double by_formula(std::int64_t o, std::int64_t t, bool has_bias = true, bool adds = true) const {
    const auto at = [](const Tensor& x, std::int64_t i) {
      return static_cast<double>(x.data<float>()[i]);
    };
    double total = (adds ? at(addend, o * samples() + t) : 0) + (has_bias ? at(bias, o) : 0);
    for (std::int64_t r = 0; r < weight.size(0); ++r) {
      total += at(weight, r * outputs() + o) * at(past, r * past.size(1) + shift(r) + t);
    }
    return total;
  }

  static constexpr std::int64_t kShift = 5;
  Tensor weight, past, bias, addend;
};

// Outputs and samples beside those of a tile, a vector and a strip: one less, one more, several.
constexpr std::int64_t kOutputs[] = {1, 2, 3, 4, 5, 7, 8, 9, 16, 19, 32};
constexpr std::int64_t kDepths[] = {0, 1, 3, 49};
constexpr std::int64_t kSamples[] = {0, 1, 3, 7, 8, 15, 17, 24, 31, 64, 97, 201};

template <class Check>
void for_each_mix(const Check& check) {
  Rng rng(8);
  for (const std::int64_t out : kOutputs) {
    for (const std::int64_t depth : kDepths) {
      for (const std::int64_t samples : kSamples) {
        check(Mix(out, depth, samples, rng));
      }
    }
  }
}

void expect_formula(const Mix& mix, const std::vector<float>& got, bool has_bias, bool adds,
                    const std::string& where) {
  for (std::int64_t o = 0; o < mix.outputs(); ++o) {
    for (std::int64_t t = 0; t < mix.samples(); ++t) {
      const double expected = mix.by_formula(o, t, has_bias, adds);
      ASSERT_NEAR(static_cast<double>(got[static_cast<std::size_t>(o * mix.samples() + t)]),
                  expected, 2e-5 * (1 + std::abs(expected)))
          << where << ", output " << o << " of " << mix.outputs() << ", sample " << t << " of "
          << mix.samples() << ", depth " << mix.weight.size(0);
    }
  }
}

TEST(MixRows, IsTheFormulaOnEveryTarget) {
  for_each_mix([](const Mix& mix) {
    for (const auto& [has_bias, adds] :
         {std::pair{true, true}, {true, false}, {false, true}, {false, false}}) {
      expect_formula(mix, mix.mixed(reference_backend(), 0, mix.samples(), has_bias, adds),
                     has_bias, adds, "reference");
    }
  });
  for_each_target([](const std::string& target) {
    for_each_mix([&](const Mix& mix) {
      for (const auto& [has_bias, adds] :
           {std::pair{true, true}, {true, false}, {false, true}, {false, false}}) {
        expect_formula(mix, mix.mixed(cpu_backend(), 0, mix.samples(), has_bias, adds), has_bias,
                       adds, target);
      }
    });
  });
}

// Or what an amplifier plays would depend on how its input is cut into blocks.
TEST(MixRows, ASampleHasTheSameBitsWhereverItStands) {
  constexpr std::int64_t kMost = 64;
  for_each_target([](const std::string& target) {
    Rng rng(9);
    for (const std::int64_t out : kOutputs) {
      const Mix mix(out, 19, kMost, rng);
      const std::vector<float> all = mix.mixed(cpu_backend(), 0, kMost);
      for (const std::int64_t first : {0, 1, 5, 40}) {
        for (const std::int64_t count : {1, 2, 9, 23}) {
          const std::vector<float> some = mix.mixed(cpu_backend(), first, count);
          for (std::int64_t o = 0; o < out; ++o) {
            for (std::int64_t t = 0; t < count; ++t) {
              ASSERT_EQ(some[static_cast<std::size_t>(o * count + t)],
                        all[static_cast<std::size_t>(o * kMost + first + t)])
                  << target << ", output " << o << " of " << out << ", sample " << t << " of "
                  << count << " from " << first;
            }
          }
        }
      }
    }
  });
}

TEST(MixRows, KeepsNaN) {
  for_each_target([](const std::string& target) {
    Rng rng(10);
    for (const std::int64_t out : kOutputs) {
      Mix mix(out, 3, 9, rng);
      mix.past.data<float>()[mix.past.numel() - 1 - Mix::kShift] =
          std::numeric_limits<float>::quiet_NaN();
      const std::vector<float> got = mix.mixed(cpu_backend(), 0, 9);
      EXPECT_TRUE(std::any_of(got.begin(), got.end(), [](float v) { return std::isnan(v); }))
          << target << ", " << out;
    }
  });
}

TEST(MixRows, TakesDoubles) {
  const Tensor weight = Tensor::from<double>({2, 3}, {1, 2});
  const Tensor past = Tensor::from<double>({1, 10, 100, 1000}, {4});
  const Tensor y = Tensor::from<double>({0, 0, 0}, {1, 3});
  const std::vector<const void*> rows{past.data<double>() + 1, past.data<double>()};
  cpu_backend().mix_rows(weight, rows, {}, {}, y);
  EXPECT_EQ(y.to_vector<double>(), (std::vector<double>{23, 230, 2300}));
}

}  // namespace
