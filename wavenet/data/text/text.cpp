#include "wavenet/data/text/text.h"

#include <algorithm>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/hash.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/split.h"

namespace wavenet::data {
namespace {

bool is_allowed(char32_t character) {
  return !is_control(character) || character == U'\n' || character == U'\t';
}

std::u32string decode_lines(std::string_view bytes, const std::string& source) {
  std::u32string all;
  all.reserve(bytes.size());
  for (std::size_t number = 1; !bytes.empty(); ++number) {
    const std::size_t end = bytes.find('\n');
    const bool ended = end != std::string_view::npos;
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(ended ? end + 1 : bytes.size());
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    std::u32string characters;
    try {
      characters = decode_utf8(line);
    } catch (const Error& error) {
      fail_damaged("{}: line {}: {}", source, number, error.what());
    }
    const auto wrong = std::find_if_not(characters.begin(), characters.end(), is_allowed);
    if (wrong != characters.end()) {
      fail_damaged("{}: line {} holds the control character {}; is this a text file?", source,
                   number, printable(*wrong));
    }
    all += characters;
    if (ended) {
      all += U'\n';
    }
  }
  return all;
}

}  // namespace

Text parse_text(std::string_view bytes, const std::string& source) {
  if (bytes.starts_with(kByteOrderMark)) {
    bytes.remove_prefix(kByteOrderMark.size());
  }
  Text text{source, decode_lines(bytes, source), ""};
  check_intact(!text.characters.empty(), "{}: no text in it", source);
  Fnv1a64 hash;
  hash.add(encode_utf8(text.characters));
  text.fingerprint = hash.hex();
  return text;
}

Text read_text(const std::string& path) { return parse_text(read_file(path, kMaxTextBytes), path); }

const std::u32string& TextSplit::part(std::string_view name) const {
  if (name == "train") {
    return train;
  }
  if (name == "val") {
    return val;
  }
  fail_part(name, true);
}

std::size_t val_size(std::size_t characters, const std::string& source, double val_share) {
  const bool is_share = val_share > 0 && val_share < 1;  // so written that NaN is none
  const double share = is_share ? static_cast<double>(characters) * val_share : 0;
  const auto val = static_cast<std::size_t>(share);
  check_intact(val >= 1 && val < characters, "{}: {} characters; a share of {} leaves a part empty",
               source, characters, val_share);
  return val;
}

TextSplit split_text(const Text& text, double val_share) {
  const std::size_t train =
      text.characters.size() - val_size(text.characters.size(), text.source, val_share);
  return {text.characters.substr(0, train), text.characters.substr(train)};
}

}  // namespace wavenet::data
