#include "wavenet/log/window.h"

#include <initializer_list>

namespace wavenet::logs {

std::int64_t window_for(std::int64_t steps) {
  constexpr std::int64_t kWindows = 20;
  std::int64_t length = 1;
  for (const std::int64_t next : {2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
    length = next * kWindows <= steps ? next : length;
  }
  return length;
}

}  // namespace wavenet::logs
