// View: what libsndfile is shown of a file, through functions of ours: a part of it, with or without an end, and
// with four bytes in place of its own.
//
//   View view{&source, 0, source.size()};
//   SNDFILE* file = view.open(info);   // null where libsndfile knows no such sound
//   view.rethrow();                    // what went wrong while it read
//
// Left out: what a file needs to be shown (stream.h).
#pragma once

#include <sndfile.h>

#include <array>
#include <cstdint>
#include <exception>

#include "wavenet/sound/source.h"

namespace wavenet::sound {

struct View {
  const Source* source;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool endless = false;          // refuses to tell where it ends
  std::int64_t patched_at = -1;  // four bytes that are shown instead of the file's
  std::array<char, 4> patch{};
  std::int64_t at = 0;
  std::exception_ptr problem{};  // kept from passing through libsndfile, which is C

  // From its beginning. It must outlive the file that is opened.
  SNDFILE* open(SF_INFO& info);
  void rethrow() const;
};

}  // namespace wavenet::sound
