// for_each_target: one instruction set of this machine after the other, by hiding the better ones.
#pragma once

#include <hwy/detect_targets.h>
#include <hwy/targets.h>

#include <functional>
#include <string>

namespace testing_targets {

// Calls check(name) with one instruction set after the other as the best there is.
inline void for_each_target(const std::function<void(const std::string&)>& check) {
  const auto targets =
      hwy::SupportedTargets() & HWY_TARGETS;  // those that kernels are compiled for
  for (auto rest = targets; rest != 0; rest &= rest - 1) {
    const auto target = rest & (~rest + 1);
    hwy::SetSupportedTargetsForTest(target);
    check(hwy::TargetName(target));
  }
  hwy::SetSupportedTargetsForTest(0);
}

}  // namespace testing_targets
