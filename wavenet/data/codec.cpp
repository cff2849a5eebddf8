#include "wavenet/data/codec.h"

#include "wavenet/data/text/vocabulary.h"

namespace wavenet::data {

Registry<CodecMaker>& codecs() {
  static Registry<CodecMaker> kinds{{Vocabulary::kKind, Vocabulary::from_saved}};
  return kinds;
}

}  // namespace wavenet::data
