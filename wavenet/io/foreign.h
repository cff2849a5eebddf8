// foreign: what a file is that was taken for a model and is none, in words.
//
//   foreign_kind("version https://git-lfs...")   // "a Git LFS pointer; `git lfs pull` fetches ..."
//   foreign_kind("\x08\0\0\0\0\0\0\0{...")       // "": nothing that is known
//
// By the first bytes alone. Left out: kinds that nobody would take for a model.
#pragma once

#include <cstdint>
#include <string_view>

namespace wavenet::io {

inline constexpr std::int64_t kForeignBytes = 64;  // of a file's beginning are enough

std::string_view foreign_kind(std::string_view beginning);

}  // namespace wavenet::io
