// The marks of sound: losses of coders that ask nothing of a network, all at once.
//
//   const CodeCounts counts({first_file, second_file});                 // files of mu-law codes
//   Marks marks = sound_marks({first_file, second_file}, counts, {third_file});
//   marks.ngram                              // of order 2: the bigram
//
// Left out: what each is (code_counts.h, linear_prediction.h).
#pragma once

#include <vector>

#include "wavenet/baselines/code_counts.h"
#include "wavenet/log/records.h"

namespace wavenet::baselines {

// In nats a sample, fitted to train. Throws Error where no sample is judged.
Marks sound_marks(const std::vector<Codes>& train, const CodeCounts& counts_of_train,
                  const std::vector<Codes>& judged);

}  // namespace wavenet::baselines
