#include "wavenet/sound/raw_names.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace wavenet::sound {
namespace {

constexpr std::pair<std::string_view, RawForm> kRaw[] = {
    {"gsm", {8000, true}},     {"sln", {8000, false}},     {"sln8", {8000, false}},
    {"sln12", {12000, false}}, {"sln16", {16000, false}},  {"sln24", {24000, false}},
    {"sln32", {32000, false}}, {"sln44", {44100, false}},  {"sln48", {48000, false}},
    {"sln96", {96000, false}}, {"sln192", {192000, false}}};

}  // namespace

std::string extension_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  extension.erase(0, 1);
  std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return extension;
}

std::optional<RawForm> raw_form(const std::filesystem::path& path) {
  const std::string extension = extension_of(path);
  for (const auto& [name, form] : kRaw) {
    if (name == extension) {
      return form;
    }
  }
  return std::nullopt;
}

bool is_gsm(const Source& source) {
  constexpr std::int64_t kFrame = 33;
  constexpr std::int64_t kLooked = 100;  // frames
  const std::string bytes = source.bytes(0, kLooked * kFrame);
  for (std::size_t at = 0; at < bytes.size(); at += kFrame) {
    if ((static_cast<unsigned char>(bytes[at]) >> 4) != 0xD) {
      return false;
    }
  }
  return static_cast<std::int64_t>(bytes.size()) >= kFrame;
}

}  // namespace wavenet::sound
