#include "wavenet/io/safetensors.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "tests/folder.h"
#include "wavenet/base/check.h"
#include "wavenet/base/files.h"

namespace wavenet::io {
namespace {

namespace fs = std::filesystem;

SafeTensors parse(const std::string& bytes, Checksum checksum = Checksum::optional) {
  std::istringstream stream(bytes);
  return parse_safetensors(stream, static_cast<std::int64_t>(bytes.size()), "m", checksum);
}

// A file of this header and so many zero bytes after it.
std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
  const std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header + std::string(data_bytes, '\0');
}

std::string header_problem(const std::string& header, std::size_t data_bytes = 0) {
  return problem_of([&] { parse(file_of(header, data_bytes)); });
}

// A header of one tensor "a".
std::string tensor_a(const std::string& dtype, const std::string& shape,
                     const std::string& offsets) {
  return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}}";
}

SafeTensors example() {
  return {{{"weight", Tensor::from(std::vector<float>{1, -2, 0.5F, 4, 5, 6}, {2, 3})},
           {"exact", Tensor::from(std::vector<double>{3.25}, {})},
           {"tokens", Tensor::from(std::vector<std::int32_t>{-1, 7}, {2})},
           {"nothing", Tensor::zeros({0, 4})}},
          {{"kind", "tree"}, {"escape", "\x1b \"é\"\n\\"}}};
}

class SafeTensorsFile : public testing::Test {
 protected:
  SafeTensorsFile() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = fs::temp_directory_path() /
            fmt::format("wavenet-{}-{}.safetensors", test->name(), ::getpid());
  }
  ~SafeTensorsFile() override { fs::remove(path_); }

  std::string written(const SafeTensors& file) const {
    write_safetensors(path_, file);
    return read_file(path_, 1 << 20);
  }

  fs::path path_;
};

TEST_F(SafeTensorsFile, ReadsBackWhatWasWritten) {
  write_safetensors(path_, example());
  const SafeTensors file = read_safetensors(path_, Checksum::required);
  EXPECT_EQ(file.metadata, example().metadata);
  ASSERT_EQ(file.tensors.size(), 4U);
  EXPECT_EQ(file.tensors.at("weight").shape(), (Shape{2, 3}));
  EXPECT_EQ(file.tensors.at("weight").to_vector<float>(),
            (std::vector<float>{1, -2, 0.5F, 4, 5, 6}));
  EXPECT_EQ(file.tensors.at("exact").rank(), 0);
  EXPECT_EQ(file.tensors.at("exact").item(), 3.25);
  EXPECT_EQ(file.tensors.at("tokens").to_vector<std::int32_t>(),
            (std::vector<std::int32_t>{-1, 7}));
  EXPECT_EQ(file.tensors.at("nothing").shape(), (Shape{0, 4}));
}

TEST_F(SafeTensorsFile, ReadsBackAFileWithoutTensors) {
  const std::string bytes = written({});
  EXPECT_TRUE(parse(bytes, Checksum::required).tensors.empty());
}

TEST_F(SafeTensorsFile, WritesTheSameBytesForTheSameContent) {
  const std::string bytes = written(example());
  EXPECT_EQ(written(example()), bytes);
  EXPECT_EQ(written(parse(bytes)), bytes);
}

TEST_F(SafeTensorsFile, SortsNamesAndAlignsTheData) {
  const std::string bytes = written(example());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  EXPECT_EQ(length % 8, 0U);
  EXPECT_EQ(bytes.size(), 8 + length + 8 + 0 + 8 + 24);
  EXPECT_LT(bytes.find("\"exact\""), bytes.find("\"nothing\""));
  EXPECT_LT(bytes.find("\"nothing\""), bytes.find("\"tokens\""));
  EXPECT_LT(bytes.find("\"tokens\""), bytes.find("\"weight\""));
  double exact = 0;
  std::memcpy(&exact, bytes.data() + 8 + length, sizeof exact);
  EXPECT_EQ(exact, 3.25);
}

TEST_F(SafeTensorsFile, WritesATransposedViewRowMajor) {
  const Tensor x = Tensor::from(std::vector<float>{1, 2, 3, 4, 5, 6}, {2, 3});
  const Tensor y = x.with_view(transposed(x, 0, 1));
  const SafeTensors file = parse(written({{{"y", y}}, {}}));
  EXPECT_EQ(file.tensors.at("y").shape(), (Shape{3, 2}));
  EXPECT_EQ(file.tensors.at("y").to_vector<float>(), (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST_F(SafeTensorsFile, FindsEveryFlippedBit) {
  const std::string bytes = written(example());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const std::string problem = problem_of([&] { parse(damaged, Checksum::required); });
    ASSERT_TRUE(problem.starts_with("m: ")) << "bit " << bit << ": " << problem;
    ASSERT_EQ(problem.find('\n'), problem.npos) << problem;
  }
}

TEST_F(SafeTensorsFile, FindsEveryTruncation) {
  const std::string bytes = written(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_THROW(parse(bytes.substr(0, size), Checksum::required), Error) << size;
    ASSERT_THROW(parse(bytes.substr(0, size)), Error) << size;
  }
  EXPECT_THROW(parse(bytes + '\0'), Error);
  EXPECT_EQ(problem_of([&] { parse(bytes, Checksum::required); }), "none");
}

TEST_F(SafeTensorsFile, FindsAFileThatShrinksWhileItIsRead) {
  const std::string bytes = written(example());
  std::istringstream stream(bytes.substr(0, bytes.size() - 1));
  EXPECT_EQ(
      problem_of([&] { parse_safetensors(stream, static_cast<std::int64_t>(bytes.size()), "m"); }),
      "m: it ended while being read");
}

TEST_F(SafeTensorsFile, VerifiesAChecksumEvenWhenItIsOptional) {
  std::string bytes = written(example());
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_NE(problem_of([&] { parse(bytes); }).find("damaged: its checksum is"), std::string::npos);
}

TEST_F(SafeTensorsFile, RequiresAChecksumOnlyWhenAskedTo) {
  const std::string bytes = file_of(tensor_a("F32", "[1]", "[0,4]"), 4);
  EXPECT_EQ(parse(bytes).tensors.at("a").item(), 0.0);
  EXPECT_EQ(problem_of([&] { parse(bytes, Checksum::required); }),
            "m: no checksum; not a file written whole by this program");
}

TEST_F(SafeTensorsFile, RefusesToWriteWhatCannotBeReadBack) {
  const Tensor x = Tensor::zeros({1});
  EXPECT_THROW(written({{{"", x}}, {}}), Error);
  EXPECT_THROW(written({{{"__metadata__", x}}, {}}), Error);
  EXPECT_THROW(written({{{"\xFF", x}}, {}}), Error);
  EXPECT_THROW(written({{{"a", Tensor()}}, {}}), Error);
  EXPECT_THROW(written({{}, {{"k", "\xFF"}}}), Error);
  EXPECT_THROW(written({{}, {{"\xFF", "v"}}}), Error);
  EXPECT_THROW(written({{}, {{"checksum", "v"}}}), Error);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(SafeTensorsFile, NamesTheFileThatCannotBeRead) {
  EXPECT_EQ(problem_of([&] { read_safetensors(path_); }), path_.string() + ": no such file");
  EXPECT_THROW(read_safetensors(fs::temp_directory_path()), Error);
  std::ofstream(path_) << "\1\2\3";
  EXPECT_EQ(problem_of([&] { read_safetensors(path_); }),
            path_.string() + ": 3 bytes are too few for a safetensors file");
}

TEST_F(SafeTensorsFile, HoldsTheCapOfTheHeader) {
  std::ofstream(path_) << file_of("{}").replace(0, 8, std::string("\x01\xe1\xf5\x05\0\0\0\0", 8));
  fs::resize_file(path_, 100'000'009);  // a sparse file
  EXPECT_EQ(problem_of([&] { read_safetensors(path_); }),
            path_.string() + ": the header has 100000001 bytes, at most 100000000 are read");
}

TEST(SafeTensors, RefusesAHeaderLongerThanTheFile) {
  std::string bytes(312, ' ');
  const std::uint64_t claimed = std::uint64_t{1} << 60;
  std::memcpy(bytes.data(), &claimed, sizeof claimed);
  EXPECT_EQ(problem_of([&] { parse(bytes); }),
            "m: no safetensors file: what follows its first 8 bytes is no header");
  bytes[8] = '{';
  EXPECT_EQ(problem_of([&] { parse(bytes); }),
            "m: the header claims 1152921504606846976 bytes, the file has 312");
  bytes.replace(0, 8, 8, '\xFF');
  EXPECT_EQ(problem_of([&] { parse(bytes); }),
            "m: the header claims 18446744073709551615 bytes, the file has 312");
}

// What people take for a model, by the first bytes that the formats' own specifications give.
TEST(SafeTensors, SaysWhatAFileIsThatIsNone) {
  const std::string zeros(100, '\0');
  struct Case {
    std::string bytes;
    std::string kind;
  };
  for (const Case& given : std::vector<Case>{
           {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
            "a Git LFS pointer"},
           {"PK\x03\x04" + zeros, "a zip archive, as torch.save writes"},
           {"\x80\x02" + zeros + "\x8a", "a Python pickle"},
           {"\x89HDF\r\n\x1a\n" + zeros, "an HDF5 file"},
           {"\x93NUMPY" + zeros, "a NumPy array"},
           {"GGUF\3" + zeros, "a GGUF file"},
           {"\x1f\x8b\x08\x02\x03\x04\x05\x06" + zeros, "packed by gzip"},
           {"<!DOCTYPE html>\n<html><head><title>404</title>", "an HTML page"},
           {"{\"version\": \"0.5.4\", \"architecture\": \"WaveNet\"}", "a JSON text"},
           {"emma\nolivia\nava\n", "a text"},
           {"emma", "a text"}}) {
    // Their first eight bytes must not happen to be a length that fits.
    const std::string problem = problem_of([&] { parse(given.bytes); });
    EXPECT_TRUE(problem.starts_with("m: no safetensors file: it is " + given.kind)) << problem;
  }
}

// A header of 123 bytes begins with the sign that JSON begins with.
TEST(SafeTensors, TakesALengthThatLooksLikeTextForALength) {
  EXPECT_EQ(header_problem("{" + std::string(121, ' ') + "}"), "none");
}

TEST(SafeTensors, RefusesAHeaderThatIsNoJsonOnOneLine) {
  for (const std::string& header :
       {std::string(), std::string("x"), std::string("[]"), std::string("{"),
        std::string("{\"a\"\n"), std::string("{}x"), std::string("{\"a\":\xFF}"),
        std::string("{} \0", 4), std::string("{") + std::string(1000, '['),
        std::string("{\"a\":{\"shape\":[1e999]}}")}) {
    const std::string problem = header_problem(header);
    EXPECT_TRUE(problem.starts_with("m: ")) << problem;
    EXPECT_EQ(problem.find('\n'), problem.npos) << problem;
  }
  EXPECT_EQ(header_problem("{}"), "none");
  EXPECT_EQ(header_problem("{}    "), "none");
}

TEST(SafeTensors, NamesATypeThatItDoesNotRead) {
  EXPECT_EQ(header_problem(tensor_a("BF16", "[2]", "[0,4]"), 4),
            "m: tensor 'a' has the type BF16; only F32, F64 and I32 are read");
}

TEST(SafeTensors, RefusesDuplicates) {
  const std::string a = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  EXPECT_EQ(header_problem("{" + a + "," + a + "}", 4), "m: tensor 'a' stands twice in the header");
  EXPECT_EQ(header_problem(R"({"__metadata__":{},"__metadata__":{}})"),
            "m: tensor '__metadata__' stands twice in the header");
  EXPECT_EQ(header_problem(R"({"__metadata__":{"k":"1","k":"2"}})"),
            "m: metadata 'k' stands twice");
  EXPECT_EQ(header_problem(R"({"a":{"dtype":"F32","dtype":"F32"}})"),
            "m: tensor 'a': dtype stands twice");
  EXPECT_EQ(header_problem(R"({"a":{"shape":[],"shape":[]}})"),
            "m: tensor 'a': shape stands twice");
}

TEST(SafeTensors, RefusesMetadataThatIsNoText) {
  EXPECT_EQ(header_problem(R"({"__metadata__":{"k":1}})"), "m: metadata 'k' cannot be a number");
  EXPECT_EQ(header_problem(R"({"__metadata__":{"k":{}}})"), "m: metadata 'k' cannot be an object");
  EXPECT_EQ(header_problem(R"({"__metadata__":{"k":null}})"), "m: metadata 'k' cannot be null");
  EXPECT_NE(header_problem(R"({"__metadata__":[]})"), "none");
  EXPECT_NE(header_problem(R"({"__metadata__":"x"})"), "none");
}

TEST(SafeTensors, RefusesEntriesOfAnotherForm) {
  EXPECT_EQ(header_problem(R"({"a":3})"), "m: tensor 'a' cannot be a number");
  EXPECT_EQ(header_problem(R"({"a":{}})"), "m: tensor 'a' needs dtype, shape and data_offsets");
  EXPECT_EQ(header_problem(R"({"a":{"dtype":"F32","shape":[1]}})", 4),
            "m: tensor 'a' needs dtype, shape and data_offsets");
  EXPECT_EQ(header_problem(R"({"a":{"colour":1}})"),
            "m: tensor 'a': colour is no part of the format");
  EXPECT_EQ(header_problem(R"({"a":{"dtype":["F32"]}})"), "m: tensor 'a': dtype cannot be a list");
  EXPECT_EQ(header_problem(R"({"a":{"shape":"F32"}})"), "m: tensor 'a': shape cannot be text");
  EXPECT_EQ(header_problem(R"({"a":{"shape":["F32"]}})"), "m: tensor 'a': shape cannot be text");
  EXPECT_EQ(header_problem(R"({"a":{"shape":[[1]]}})"), "m: tensor 'a': shape cannot be a list");
  EXPECT_EQ(header_problem(R"({"a":{"shape":[{}]}})"), "m: tensor 'a': shape cannot be an object");
  EXPECT_EQ(header_problem(R"({"a":{"shape":4}})"), "m: tensor 'a': shape cannot be a number");
  EXPECT_EQ(header_problem(R"({"a":{"shape":[true]}})"),
            "m: tensor 'a': shape cannot be true or false");
  EXPECT_EQ(header_problem(R"({"a":{"shape":[1.5]}})"),
            "m: tensor 'a': shape cannot be a number with a fraction");
}

TEST(SafeTensors, RefusesSizesThatMakeNoSense) {
  EXPECT_EQ(header_problem(tensor_a("F32", "[-1]", "[0,4]"), 4),
            "m: tensor 'a': shape holds -1; sizes and offsets cannot be negative");
  EXPECT_EQ(header_problem(tensor_a("F32", "[18446744073709551615]", "[0,4]"), 4),
            "m: tensor 'a': shape holds 18446744073709551615, which is too large");
  EXPECT_EQ(header_problem(tensor_a("F32", "[1,1,1,1,1,1,1]", "[0,4]"), 4),
            "m: tensor 'a': shape has more than 6 numbers");
  EXPECT_EQ(header_problem(tensor_a("F32", "[1,1,1,1,1,1]", "[0,4]"), 4), "none");
  EXPECT_EQ(header_problem(tensor_a("F32", "[4294967296,4294967296]", "[0,4]"), 4),
            "m: tensor 'a' of shape [4294967296, 4294967296] is larger than the file");
  EXPECT_EQ(header_problem(tensor_a("F32", "[4611686018427387905]", "[0,4]"), 4),
            "m: tensor 'a' of shape [4611686018427387905] is larger than the file");
  EXPECT_EQ(header_problem(tensor_a("F32", "[4294967296,4294967296,0]", "[0,0]")),
            "m: tensor 'a' of shape [4294967296, 4294967296, 0] is larger than the file");
  EXPECT_EQ(header_problem(tensor_a("F32", "[1000,0]", "[0,0]")), "none");
  EXPECT_EQ(header_problem(tensor_a("F64", "[1]", "[0,4]"), 4),
            "m: tensor 'a' of type F64 and shape [1] needs 8 bytes, its data_offsets span 4");
  EXPECT_EQ(header_problem(tensor_a("F32", "[1]", "[0,8]"), 8),
            "m: tensor 'a' of type F32 and shape [1] needs 4 bytes, its data_offsets span 8");
}

TEST(SafeTensors, RefusesOffsetsThatMakeNoSense) {
  EXPECT_EQ(header_problem(tensor_a("F32", "[1]", "[4,0]"), 4),
            "m: tensor 'a' has the data_offsets [4, 0], the file has 4 bytes of data");
  EXPECT_EQ(header_problem(tensor_a("F32", "[2]", "[0,8]"), 4),
            "m: tensor 'a' has the data_offsets [0, 8], the file has 4 bytes of data");
  EXPECT_EQ(header_problem(tensor_a("F32", "[1]", "[0]"), 4),
            "m: tensor 'a' needs 2 data_offsets, got 1");
  EXPECT_EQ(header_problem(tensor_a("F32", "[1]", "[0,4,8]"), 4),
            "m: tensor 'a': data_offsets has more than 2 numbers");
  EXPECT_EQ(header_problem(tensor_a("F32", "[1]", "[-1,3]"), 4),
            "m: tensor 'a': data_offsets holds -1; sizes and offsets cannot be negative");
}

TEST(SafeTensors, RefusesGapsAndOverlaps) {
  const auto two = [](const std::string& a, const std::string& b) {
    return R"({"a":{"dtype":"F32","shape":[1],"data_offsets":)" + a +
           R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)" + b + "}}";
  };
  EXPECT_EQ(header_problem(two("[0,4]", "[4,8]"), 8), "none");
  EXPECT_EQ(header_problem(two("[4,8]", "[0,4]"), 8),
            "none");  // names and bytes may differ in order
  EXPECT_EQ(header_problem(two("[0,4]", "[0,4]"), 8),
            "m: tensor 'b' starts at byte 0 of the data, 4 was expected");
  EXPECT_EQ(header_problem(two("[0,4]", "[8,12]"), 12),
            "m: tensor 'b' starts at byte 8 of the data, 4 was expected");
  EXPECT_EQ(header_problem(two("[4,8]", "[8,12]"), 12),
            "m: tensor 'a' starts at byte 4 of the data, 0 was expected");
  EXPECT_EQ(header_problem(two("[0,4]", "[4,8]"), 9),
            "m: the tensors fill 8 bytes, the file has 9 bytes of data");
  EXPECT_EQ(header_problem("{}", 1), "m: the tensors fill 0 bytes, the file has 1 bytes of data");
}

TEST(SafeTensors, SurvivesRandomHeaders) {
  // Cheap mutations of a valid header: whatever comes, it is read or refused with an Error.
  const std::string valid = tensor_a("F32", "[1,1]", "[0,4]");
  std::uint32_t state = 1;
  const auto next = [&](std::size_t n) {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::size_t>(state >> 8) % n;
  };
  const std::string alphabet = "{}[]\",:0123456789-.eE\\uaF \n";
  for (int round = 0; round < 20'000; ++round) {
    std::string header = valid;
    for (std::size_t k = 0; k <= next(4); ++k) {
      const std::size_t at = next(header.size());
      header.replace(at, next(3), std::string(next(3), alphabet[next(alphabet.size())]));
    }
    try {
      parse(file_of(header, 4));
    } catch (const Error& error) {
      ASSERT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace wavenet::io
