#include "wavenet/sound/find.h"

#include <sys/stat.h>
#include <unistd.h>

#include "sounds.h"

namespace wavenet::sound {
namespace {

namespace fs = std::filesystem;

class FindSound : public InFolder {
 protected:
  void make(const std::string& name) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    put(path, "x");
  }
  static std::vector<std::string> names(const Found& found) {
    std::vector<std::string> all;
    for (const SoundFile& file : found.files) {
      all.push_back(file.name);
    }
    return all;
  }
};

using Names = std::vector<std::string>;

TEST_F(FindSound, SortsByNameAndLeavesOutWhatNoReaderKnows) {
  for (const char* name :
       {"b.wav", "a/z.flac", "a.wav", "a/deep/x.SLN16", "B.WAV", "a/y.ogg", "notes.txt",
        "a/cover.jpg", "c.gsm", "noise", ".hidden.wav", ".git/x.wav", "a-b.wav"}) {
    make(name);
  }
  const Found found = find_files(folder_);
  EXPECT_EQ(names(found), (Names{"B.WAV", "a-b.wav", "a.wav", "a/deep/x.SLN16", "a/y.ogg",
                                 "a/z.flac", "b.wav", "c.gsm"}));
  EXPECT_EQ(found.skipped, (Names{"a/cover.jpg", "noise", "notes.txt"}));
  EXPECT_EQ(found.files[3].path, folder_ / "a/deep/x.SLN16");
  EXPECT_EQ(names(find_files(folder_ / "")), names(found));  // a slash at the end changes no name
}

TEST_F(FindSound, FollowsLinksOnceAndNeverRound) {
  make("data/a.wav");
  make("data/b.wav");
  fs::create_directory_symlink("..", folder_ / "data/round");
  fs::create_symlink("a.wav", folder_ / "data/same.wav");
  fs::create_symlink("nowhere.wav", folder_ / "data/broken.wav");
  fs::create_symlink("itself.wav", folder_ / "data/itself.wav");
  const Found found = find_files(folder_ / "data");
  EXPECT_EQ(names(found), (Names{"a.wav", "b.wav"}));
  EXPECT_EQ(found.skipped, (Names{"broken.wav", "itself.wav"}));
  fs::create_directory(folder_ / "other");
  fs::create_directory_symlink("../data", folder_ / "other/linked");
  EXPECT_EQ(names(find_files(folder_ / "other")), (Names{"linked/a.wav", "linked/b.wav"}));
}

TEST_F(FindSound, PipesAreNoFiles) {
  make("a.wav");
  ASSERT_EQ(::mkfifo((folder_ / "p.wav").c_str(), 0600), 0);
  const Found found = find_files(folder_);
  EXPECT_EQ(names(found), (Names{"a.wav"}));
  EXPECT_EQ(found.skipped, (Names{"p.wav"}));
  EXPECT_EQ(
      problem_of([&] { find_files(folder_ / "p.wav"); }),
      (folder_ / "p.wav").string() + ": is no regular file, and sound is read from none else");
}

TEST_F(FindSound, AFileIsItselfWhateverItsName) {
  make("take");
  const Found found = find_files(folder_ / "take");
  EXPECT_EQ(names(found), (Names{"take"}));
  EXPECT_EQ(found.files[0].path, folder_ / "take");
}

TEST_F(FindSound, SaysWhereNothingIs) {
  const std::string folder = folder_;
  EXPECT_EQ(problem_of([&] { find_files(folder_); }),
            folder + ": is an empty folder, sound files were expected");
  make("sub/a.txt");
  EXPECT_EQ(problem_of([&] { find_files(folder_); }),
            folder +
                ": no sound file is in the folder, only one file that no reader knows, such as "
                "sub/a.txt");
  make("b.txt");
  EXPECT_EQ(problem_of([&] { find_files(folder_); }),
            folder +
                ": no sound file is in the folder, only 2 files that no reader knows, such as "
                "b.txt");
  EXPECT_EQ(problem_of([&] { find_files(folder_ / "none"); }),
            folder + "/none: no such file or folder");
}

}  // namespace
}  // namespace wavenet::sound
