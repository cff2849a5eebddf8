// The marks of sound: losses of coders that ask nothing of a network, all at once.
//
//   Marks marks = sound_marks({first_file, second_file}, {third_file});   // of mu-law codes
//   marks.ngram                              // of order 2: the bigram
//
// Left out: what each is (code_counts.h, linear_prediction.h).
#pragma once

#include <vector>

#include "wavenet/baselines/code_counts.h"
#include "wavenet/log/records.h"

namespace wavenet::baselines {

// In nats a sample, fitted to train. Throws Error where no sample is judged.
Marks sound_marks(const std::vector<Codes>& train, const std::vector<Codes>& judged);

}  // namespace wavenet::baselines
