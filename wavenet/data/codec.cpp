#include "wavenet/data/codec.h"

#include "wavenet/data/audio/mu_law.h"
#include "wavenet/data/audio/sample_codec.h"
#include "wavenet/data/text/vocabulary.h"

namespace wavenet::data {

Registry<CodecMaker>& codecs() {
  static Registry<CodecMaker> kinds{{Vocabulary::kKind, Vocabulary::from_saved},
                                    {MuLaw::kKind, MuLaw::from_saved},
                                    {SampleCodec::kKind, SampleCodec::from_saved}};
  return kinds;
}

}  // namespace wavenet::data
