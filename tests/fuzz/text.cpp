// Any bytes as running text and as a list of words.
#include "wavenet/data/text/text.h"

#include "tests/fuzz/fuzz.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/words.h"

using namespace wavenet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  fuzz::may_refuse([&] { fuzz::expect(encode_utf8(decode_utf8(bytes)) == bytes); });
  fuzz::expect(decode_utf8(excerpt(bytes, 8)).size() <= 8 + 3);
  fuzz::may_refuse([&] {
    const data::Text text = data::parse_text(bytes, "input");
    fuzz::expect(text.characters.size() <= size);
    data::split_text(text, 0.1);
  });
  fuzz::may_refuse([&] {
    const data::Words words = data::parse_words(bytes, "input");
    for (const std::u32string& word : words.words) {
      fuzz::expect(!word.empty() && word.size() <= data::kMaxWordCharacters);
    }
    fuzz::expect(data::deduplicated(words).words.size() <= words.words.size());
  });
  return 0;
}
