#include "wavenet/baselines/linear_prediction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "wavenet/base/check.h"
#include "wavenet/sound/mu_law.h"

namespace wavenet::baselines {
namespace {

constexpr std::size_t kFeatures = LinearPredictor::kFeatures;
constexpr std::size_t kComponents = LinearPrediction::kComponents;
constexpr std::size_t kBudget = std::size_t{1} << 19;  // samples that are fitted on
constexpr std::size_t kPiece = 4096;
constexpr std::size_t kWarm = 512;  // samples before a piece that only the predictor hears
constexpr int kRounds = 40;
constexpr double kRidge = 1e-6;
constexpr double kPrior = 0.5;  // of each component, in samples

using Features = std::array<double, kFeatures>;
using Mixture = std::array<double, kComponents>;
using Matrix = std::array<Features, kFeatures>;

struct Component {
  int freedom;
  double scale;
};
constexpr double kRoot = 1.4142135623730951;
constexpr std::array<Component, kComponents - 1> kStudents{{{2, 1},
                                                            {2, 2},
                                                            {4, 0.5},
                                                            {4, 1},
                                                            {4, 2},
                                                            {8, 0.5},
                                                            {8, 1 / kRoot},
                                                            {8, 1},
                                                            {8, kRoot},
                                                            {8, 2},
                                                            {8, 2 * kRoot}}};

// Student's distribution function; for even degrees of freedom n it is a polynomial in
// u = x / sqrt(n + x^2): Abramowitz and Stegun 26.7.4.
double student(int freedom, double x) {
  if (std::isinf(x)) {
    return x > 0 ? 1 : 0;
  }
  const double u = x / std::sqrt(freedom + x * x);
  const double v = u * u;
  const double half = freedom == 2   ? 0.5
                      : freedom == 4 ? 0.75 - 0.25 * v
                                     : 35.0 / 32 * (1 + v * (-1 + v * (0.6 - v / 7)));
  return 0.5 + u * half;
}

struct Edges {
  double low;
  double high;
};

Edges edges_of(std::uint8_t code) {
  constexpr double kOpen = std::numeric_limits<double>::infinity();
  const auto edge = [](int of) {
    return static_cast<double>(sound::lower_edge(static_cast<std::uint8_t>(of)));
  };
  return {code == 0 ? -kOpen : edge(code), code == sound::kCodes - 1 ? kOpen : edge(code + 1)};
}

double dot(const Features& a, const Features& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

// What each component gives to the code.
Mixture shares_of(const LinearPredictor& predictor, const Features& weights, std::uint8_t code) {
  const double scale = std::exp(std::clamp(dot(weights, predictor.features()), -20.0, 20.0));
  const Edges edges = edges_of(code);
  const double low = (edges.low - predictor.prediction()) / scale;
  const double high = (edges.high - predictor.prediction()) / scale;
  Mixture shares{};
  for (std::size_t k = 0; k < kStudents.size(); ++k) {
    const auto [freedom, wide] = kStudents[k];
    shares[k] = std::max(student(freedom, high / wide) - student(freedom, low / wide), 0.0);
  }
  shares.back() = 1.0 / static_cast<double>(sound::kCodes);
  return shares;
}

double mixed(const Mixture& weights, const Mixture& shares) {
  double sum = 0;
  for (std::size_t k = 0; k < kComponents; ++k) {
    sum += weights[k] * shares[k];
  }
  return sum;
}

// --- fitting ---

std::size_t samples_in(const std::vector<Codes>& files) {
  std::size_t samples = 0;
  for (const Codes file : files) {
    samples += file.size();
  }
  return samples;
}

template <class Visit>
void visit_piece(Codes file, std::size_t begin, const Visit& visit) {
  LinearPredictor predictor;
  for (std::size_t i = begin < kWarm ? 0 : begin - kWarm; i < begin; ++i) {
    predictor.push(file[i]);
  }
  for (std::size_t i = begin; i < std::min(begin + kPiece, file.size()); ++i) {
    visit(predictor, file[i]);
    predictor.push(file[i]);
  }
}

// Of all pieces of all files each `stride`-th.
template <class Visit>
void visit_pieces(const std::vector<Codes>& files, const Visit& visit) {
  const std::size_t stride = samples_in(files) / kBudget + 1;
  std::size_t piece = 0;
  for (const Codes file : files) {
    for (std::size_t begin = 0; begin < file.size(); begin += kPiece, ++piece) {
      if (piece % stride == 0) {
        visit_piece(file, begin, visit);
      }
    }
  }
}

// x of a x = b, a symmetric and positive: Gauss's elimination needs no pivots then.
Features solved(Matrix a, Features b) {
  for (std::size_t i = 0; i < kFeatures; ++i) {
    for (std::size_t j = i + 1; j < kFeatures; ++j) {
      const double share = a[j][i] / a[i][i];
      for (std::size_t k = i; k < kFeatures; ++k) {
        a[j][k] -= share * a[i][k];
      }
      b[j] -= share * b[i];
    }
  }
  for (std::size_t i = kFeatures; i-- > 0;) {
    for (std::size_t k = i + 1; k < kFeatures; ++k) {
      b[i] -= a[i][k] * b[k];
    }
    b[i] /= a[i][i];
  }
  return b;
}

Features fitted_scale(const std::vector<Codes>& train) {
  Matrix squares{};
  Features products{};
  double count = 0;
  visit_pieces(train, [&](const LinearPredictor& predictor, std::uint8_t code) {
    const Features x = predictor.features();
    const double error =
        std::abs(static_cast<double>(sound::level_of(code)) - predictor.prediction());
    const double y = std::log(error + LinearPredictor::kLeastError);
    for (std::size_t i = 0; i < kFeatures; ++i) {
      for (std::size_t j = 0; j < kFeatures; ++j) {
        squares[i][j] += x[i] * x[j];
      }
      products[i] += x[i] * y;
    }
    ++count;
  });
  for (std::size_t i = 0; i < kFeatures; ++i) {
    squares[i][i] += kRidge * count;
  }
  return solved(squares, products);
}

Mixture one_round(const Mixture& weights, std::span<const Mixture> shares) {
  Mixture counts{};
  counts.fill(kPrior);
  for (const Mixture& share : shares) {
    const double all = mixed(weights, share);
    for (std::size_t k = 0; k < kComponents; ++k) {
      counts[k] += weights[k] * share[k] / all;
    }
  }
  for (double& count : counts) {
    count /= static_cast<double>(shares.size()) + kPrior * static_cast<double>(kComponents);
  }
  return counts;
}

Mixture fitted_mixture(const std::vector<Codes>& train, const Features& scale) {
  std::vector<Mixture> shares;
  visit_pieces(train, [&](const LinearPredictor& predictor, std::uint8_t code) {
    shares.push_back(shares_of(predictor, scale, code));
  });
  Mixture weights{};
  weights.fill(1.0 / static_cast<double>(kComponents));
  for (int round = 0; round < kRounds; ++round) {
    weights = one_round(weights, shares);
  }
  return weights;
}

}  // namespace

LinearPrediction LinearPrediction::fit(const std::vector<Codes>& train) {
  if (samples_in(train) == 0) {
    Parameters nothing;
    nothing.mixture.back() = 1;
    return LinearPrediction(nothing);
  }
  const Features scale = fitted_scale(train);
  return LinearPrediction({.scale = scale, .mixture = fitted_mixture(train, scale)});
}

double LinearPrediction::probability(const LinearPredictor& predictor, std::uint8_t code) const {
  return mixed(parameters_.mixture, shares_of(predictor, parameters_.scale, code));
}

void LinearPrediction::losses(Codes file, const std::function<void(double)>& sink) const {
  LinearPredictor predictor;
  for (const std::uint8_t code : file) {
    sink(-std::log(probability(predictor, code)));
    predictor.push(code);
  }
}

double LinearPrediction::loss(const std::vector<Codes>& files) const {
  const std::size_t samples = samples_in(files);
  check(samples > 0, "linear prediction: there is no sample to predict");
  double total = 0;
  for (const Codes file : files) {
    losses(file, [&](double nats) { total += nats; });
  }
  return total / static_cast<double>(samples);
}

}  // namespace wavenet::baselines
