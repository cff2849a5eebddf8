// Recordings: what a file holds is what was made, and the work ends where it is asked to.
#include "wavenet/generate/recordings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "tests/folder.h"
#include "tests/generate/models.h"
#include "wavenet/sound/mu_law.h"
#include "wavenet/sound/read.h"

namespace {

using namespace testing_models;
using Codes = std::vector<std::uint8_t>;
namespace fs = std::filesystem;

class Recorded : public InFolder {
 protected:
  Recorded() : model_(gated(2, {1, 2, 4}, 256)) { model_->begin_after(sound::kSilence); }
  generate::Sounds sounds(std::int64_t count) const { return {*model_, {}, 3, count}; }
  Codes codes_of(const std::string& name) const {
    const std::vector<float> samples = sound::read_all(folder_ / name);
    Codes codes(samples.size());
    sound::code(samples, codes);
    return codes;
  }
  std::unique_ptr<models::Model> model_;
};

// 16 bits keep every code.
TEST_F(Recorded, FilesHoldWhatIsMadeAfterThePrime) {
  const Codes prime{128, 130, 90, 7, 255};
  generate::Sounds expected = sounds(2);
  expected.prime(prime);
  Codes codes(2 * 1000);
  expected.make(codes);
  for (const std::int64_t block : {1, 80, 999, 5000}) {
    generate::Sounds made = sounds(2);
    generate::Recordings recordings({folder_ / "a.wav", folder_ / "b.wav"}, 8000);
    EXPECT_EQ(generate::record(made, recordings, {.prime = prime, .samples = 1000, .block = block}),
              1000);
    recordings.finish();
    for (std::size_t i = 0; i < 2; ++i) {
      Codes whole = prime;
      const auto first = codes.begin() + static_cast<std::ptrdiff_t>(1000 * i);
      whole.insert(whole.end(), first, first + 1000);
      EXPECT_EQ(codes_of(i == 0 ? "a.wav" : "b.wav"), whole) << block;
    }
  }
}

TEST_F(Recorded, EndsWhereItIsAskedToBetweenTwoBlocks) {
  generate::Sounds made = sounds(1);
  generate::Recordings recordings({folder_ / "a.wav"}, 8000);
  std::vector<std::int64_t> asked;
  const auto until = [&](std::int64_t so_far) {
    asked.push_back(so_far);
    return so_far < 200;
  };
  EXPECT_EQ(generate::record(made, recordings, {.samples = 1 << 30, .block = 80}, until), 240);
  EXPECT_EQ(asked, (std::vector<std::int64_t>{0, 80, 160, 240}));
  recordings.finish();
  EXPECT_EQ(codes_of("a.wav").size(), 240U);
}

TEST_F(Recorded, WithoutAnEndLeavesNoFile) {
  generate::Sounds made = sounds(1);
  {
    generate::Recordings recordings({folder_ / "a.wav"}, 8000);
    generate::record(made, recordings, {.samples = 100});
  }
  EXPECT_FALSE(fs::exists(folder_ / "a.wav"));
}

// A pipe takes 64 KiB, then its reader is gone.
TEST_F(Recorded, EndsWhereNobodyReadsAnyMore) {
  signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  generate::Sounds made = sounds(1);
  generate::Recordings recordings(ends[1], "a pipe");
  const std::int64_t samples =
      generate::record(made, recordings, {.samples = 1 << 30}, [&](std::int64_t so_far) {
        if (so_far == 160) {
          close(ends[0]);
        }
        return true;
      });
  EXPECT_EQ(samples, 240);
  close(ends[1]);
}

TEST_F(Recorded, RefuseABlockOfNothing) {
  generate::Sounds made = sounds(1);
  generate::Recordings recordings({folder_ / "a.wav"}, 8000);
  EXPECT_THROW(generate::record(made, recordings, {.samples = 10, .block = 0}), Error);
}

}  // namespace
