#include "wavenet/sound/view.h"

#include <algorithm>

namespace wavenet::sound {
namespace {

sf_count_t view_size(void* user) {
  const auto* view = static_cast<const View*>(user);
  return view->end - view->begin;
}

sf_count_t view_seek(sf_count_t offset, int whence, void* user) {
  auto* view = static_cast<View*>(user);
  if (whence == SEEK_END && view->endless) {
    return -1;
  }
  const std::int64_t base = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? view->at
                                                 : view->end - view->begin;
  view->at = std::max<std::int64_t>(base + offset, 0);
  return view->at;
}

sf_count_t view_read(void* to, sf_count_t count, void* user) {
  auto* view = static_cast<View*>(user);
  const std::int64_t from = view->begin + view->at;
  std::int64_t got = 0;
  try {
    got = view->source->read(from, to, std::clamp<std::int64_t>(view->end - from, 0, count));
  } catch (...) {
    view->problem = std::current_exception();
  }
  for (std::int64_t i = 0; i < 4 && view->patched_at >= 0; ++i) {
    const std::int64_t place = view->patched_at + i - from;
    if (place >= 0 && place < got) {
      static_cast<char*>(to)[place] = view->patch[static_cast<std::size_t>(i)];
    }
  }
  view->at += got;
  return got;
}

sf_count_t view_tell(void* user) { return static_cast<const View*>(user)->at; }

}  // namespace

SNDFILE* View::open(SF_INFO& info) {
  SF_VIRTUAL_IO functions{view_size, view_seek, view_read, nullptr, view_tell};
  at = 0;
  return sf_open_virtual(&functions, SFM_READ, &info, this);
}

void View::rethrow() const {
  if (problem) {
    std::rethrow_exception(problem);
  }
}

}  // namespace wavenet::sound
