#include "wavenet/io/foreign.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace wavenet::io {
namespace {

using namespace std::string_view_literals;

// In lower case, as HTML may be in either.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kKinds{{
    {"version https://git-lfs.github.com/spec/"sv,
     "a Git LFS pointer, which stands for the file that `git lfs pull` fetches"},
    {"pk\x03\x04"sv, "a zip archive, as torch.save writes"},
    {"\x80\x02"sv, "a Python pickle, as older PyTorch writes"},
    {"\x80\x03"sv, "a Python pickle"},
    {"\x80\x04"sv, "a Python pickle"},
    {"\x89hdf\r\n"sv, "an HDF5 file, as Keras writes"},
    {"gguf"sv, "a GGUF file"},
    {"\x93numpy"sv, "a NumPy array"},
    {"\x1f\x8b"sv, "packed by gzip; unpack it"},
    {"<!doctype html"sv, "an HTML page, perhaps what a site answered in place of the file"},
    {"<html"sv, "an HTML page, perhaps what a site answered in place of the file"},
    {"riff"sv, "sound, not a model"},
    {"{"sv, "a JSON text"},
    {"#!"sv, "a script"},
}};

bool is_text(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

std::string_view foreign_kind(std::string_view beginning) {
  std::string lower(beginning);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const auto& [bytes, kind] : kKinds) {
    if (lower.starts_with(bytes)) {
      return kind;
    }
  }
  return !lower.empty() && std::all_of(lower.begin(), lower.end(), is_text) ? "a text" : "";
}

}  // namespace wavenet::io
