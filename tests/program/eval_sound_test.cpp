// wavenet eval of a model of sound on other files than it was trained on.
#include <gtest/gtest.h>

#include "tests/program/sound_model.h"

namespace {

using namespace program;

// Which part a file belongs to follows from its name, whatever stands beside it.
TEST(EvaluatedSound, OfOtherDataIsToldAsNoMoreThanThat) {
  const Folder folder;
  const std::string model = folder / "m.safetensors";
  write_wavenet_of_sound(model);
  train::Checkpoint saved = train::read_checkpoint(model);
  saved.recipe.set("data.format=sound");
  train::write_checkpoint(model, saved);
  sound::write_wav(folder / "a.wav", sine(200, 0.1), kRate);
  const Result result = run(folder, "eval " + model + " --data " + (folder / "a.wav"));
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find("800 samples"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("a.wav is not the data that the model was trained on\n"),
            std::string::npos)
      << result.err;
}

}  // namespace
