#include "wavenet/nam/read.h"

#include "tests/folder.h"
#include "tests/nam/texts.h"
#include "wavenet/nam/file_order.h"

namespace wavenet::nam {
namespace {

std::string problem(const std::string& text) {
  return problem_of([&] { parse(text, "a.nam"); });
}

using NamRead = InFolder;

TEST_F(NamRead, PutsEveryNumberWhereItBelongs) {
  std::ofstream(folder_ / "tiny.nam") << kTiny;
  const Model model = read(folder_ / "tiny.nam");
  EXPECT_EQ(model.version, "0.5.4");
  EXPECT_EQ(model.sample_rate, 48'000);
  const WaveNet& net = std::get<WaveNet>(model.net);
  ASSERT_EQ(net.arrays.size(), 1);
  const LayerArray& array = net.arrays[0];
  EXPECT_EQ(array.rechannel.weight, (std::vector<float>{0.5F}));
  ASSERT_EQ(array.layers.size(), 1);
  const Layer& layer = array.layers[0];
  EXPECT_EQ(layer.conv.weight, (std::vector<float>{0.25F, -0.75F}));
  EXPECT_EQ(layer.conv.bias, (std::vector<float>{0.125F}));
  EXPECT_EQ(layer.conv.dilation, 3);
  EXPECT_EQ(layer.mixin.weight, (std::vector<float>{1.5F}));
  EXPECT_EQ(layer.layer1x1->weight, (std::vector<float>{2}));
  EXPECT_EQ(layer.layer1x1->bias, (std::vector<float>{-0.5F}));
  EXPECT_EQ(array.head.weight, (std::vector<float>{0.3F}));
  EXPECT_EQ(array.head.bias, (std::vector<float>{0.1F}));
  EXPECT_EQ(net.head_scale, 0.7F);  // the list's, not the config's 1.0
}

TEST_F(NamRead, AFileThatIsNotThereIsNamed) {
  EXPECT_NE(problem_of([&] { read(folder_ / "none.nam"); }).find("none.nam"), std::string::npos);
}

struct Edit {
  std::string_view from;
  std::string_view to;
  std::string_view problem;
};

TEST(NamReadProblems, NameTheKeyAndTheValue) {
  const Edit edits[]{
      {"[3]", "[0]",
       "a.nam: config.layers[0].dilations[0] must be a whole number in [1, 1048576], got 0"},
      {"[3]", "[3.5]",
       "a.nam: config.layers[0].dilations[0] must be a whole number in [1, 1048576], got 3.5"},
      {"[3]", "[]",
       "a.nam: config.layers[0].dilations must be a list that is not empty, got a list of 0"},
      {R"("channels": 1)", R"("channels": "1")",
       R"(a.nam: config.layers[0].channels must be a whole number in [1, 4096], got "1")"},
      {R"("channels": 1)", R"("channels": 5000)",
       "a.nam: config.layers[0].channels must be a whole number in [1, 4096], got 5000"},
      {R"("channels": 1, )", "", "a.nam: config.layers[0] lacks the key 'channels'"},
      {R"("channels": 1)", R"("channels": 1, "channels": 2)",
       "a.nam: config.layers[0].channels stands twice"},
      {R"("channels": 1)", R"("channels": 2)",
       "a.nam: weights holds 10 numbers; the net that config describes has 24"},
      {", 0.7]", "]", "a.nam: weights holds 9 numbers; the net that config describes has 10"},
      {", 0.7]", ", 0.7, 0]",
       "a.nam: weights holds 11 numbers; the net that config describes has 10"},
      {"-0.75", "1e39", "a.nam: weights[2] must be a number of 32 bits, got 1e+39"},
      {"-0.75", "null", "a.nam: weights[2] must be a number, got null"},
      {"-0.75", "true", "a.nam: weights[2] must be a number, got true"},
      {R"("weights": [)", R"("waits": [)", "a.nam: the file lacks the key 'weights'"},
      {R"("activation": "Tanh")", R"("activation": "tanh")",
       "a.nam: config.layers[0].activation names an unknown activation 'tanh'; did you mean "
       "'Tanh'?"},
      {R"("activation": "Tanh")", R"("activation": ["Tanh", "ReLU"])",
       "a.nam: config.layers[0].activation has 2 members for 1 layers"},
      {R"("activation": "Tanh")",
       R"("activation": {"type": "PReLU", "negative_slopes": [0.1, 0.2]})",
       "a.nam: config.layers[0].activation has 2 slopes for 1 channels"},
      {R"("kernel_size": 2)", R"("kernel_size": 2, "kernel_sizes": [2])",
       "a.nam: config.layers[0] must have one of the keys 'kernel_size' and 'kernel_sizes'"},
      {R"("gated": false)", R"("gating_mode": "half")",
       R"(a.nam: config.layers[0].gating_mode must be none, gated or blended, got "half")"},
      {R"("gated": false)", R"("gated": 1)",
       "a.nam: config.layers[0].gated must be true or false, got 1"},
      {R"("gated": false)", R"("layer1x1": {"active": false, "groups": 1}, "bottleneck": 2)",
       "a.nam: config.layers[0] has a bottleneck of 2 for 1 channels, but no layer1x1"},
      {R"("gated": false)", R"("head1x1_post_film": {"active": true})",
       "a.nam: config.layers[0] has a FiLM behind a 1x1 that is not active"},
      {R"("gated": false)", R"("groups_input": 2)",
       "a.nam: config.layers[0] asks for 2 groups, which do not divide 1 channels into 1"},
      {R"("gated": false)", R"("slimmable": {"method": "other"})",
       R"(a.nam: config.layers[0].slimmable.method must be "slice_channels_uniform", got "other")"},
      {R"("condition_size": 1)", R"("condition_size": 2)",
       "a.nam: config.layers[0] has a condition_size of 2 where the condition's channels are 1"},
      {R"("input_size": 1)", R"("input_size": 2)",
       "a.nam: config.layers[0] has a input_size of 2 where the input's channels are 1"},
      {"48000", "0", "a.nam: sample_rate must be a number of Hz above 0, at most 1e7, got 0"},
      {R"("WaveNet")", R"("Wavenet")",
       "a.nam: architecture is unknown: 'Wavenet'; did you mean 'WaveNet'?"},
      {R"("config": {)", R"("config": 1, "other": {)", "a.nam: config must be an object, got 1"},
      {R"("head_scale": 1.0)", R"("head_scale": 1.0, "condition_dsp": {"version": "0.7"})",
       R"(a.nam: config.condition_dsp.version must be three numbers such as "0.7.0", got "0.7")"},
  };
  for (const Edit& edit : edits) {
    EXPECT_EQ(problem(edited(kTiny, edit.from, edit.to)), edit.problem);
  }
}

TEST(NamReadProblems, OfJsonNameThePlace) {
  EXPECT_EQ(problem(edited(kTiny, "-0.75", "NaN")),
            "a.nam: line 1, column 293: NaN is no number of JSON; the model was broken when it "
            "was written");
  EXPECT_NE(problem(edited(kTiny, "-0.75", "-Infinity")).find("Infinity is no number of JSON"),
            std::string::npos);
  EXPECT_EQ(problem("[1]"), "a.nam: no .nam file: its JSON is no object");
  EXPECT_EQ(problem(std::string("{\0}", 3)), "a.nam: no .nam file: it holds bytes of no text");
  EXPECT_EQ(problem(kTiny.substr(0, 200)).substr(0, 27), "a.nam: line 1, column 201: ");
}

TEST(NamReadVersions, AreThreeNumbersOfTheKnownKinds) {
  const auto with = [](std::string_view version) { return edited(kTiny, "\"0.5.4\"", version); };
  for (const char* fine : {"\"0.5.0\"", "\"0.6.0\"", "\"0.7.0\""}) {
    std::vector<std::string> notes;
    parse(with(fine), "a.nam", &notes);
    EXPECT_TRUE(notes.empty()) << fine;
  }
  std::vector<std::string> notes;
  parse(with("\"0.7.2\""), "a.nam", &notes);
  EXPECT_EQ(notes, std::vector<std::string>{"a.nam: version is 0.7.2; what came after 0.7.0 is not "
                                            "known here, and the model may sound otherwise than "
                                            "it should"});
  for (const char* beyond : {"0.4.9", "0.8.0", "1.0.0"}) {
    EXPECT_EQ(problem(with(fmt::format("\"{}\"", beyond))),
              fmt::format("a.nam: version is {}; versions 0.5.0 to 0.7 are read", beyond));
  }
  for (const char* wrong :
       {"\"0.7\"", "\"v0.7.0\"", "\"0.7.0-rc1\"", "\"\"", "\"0.7.\"", "\"0.7.0.0\""}) {
    EXPECT_EQ(problem(with(wrong)),
              fmt::format("a.nam: version must be three numbers such as \"0.7.0\", got {}", wrong));
  }
  EXPECT_EQ(problem(with("7")), "a.nam: version must be a text, got 7");
}

TEST(NamReadNotes, TellOfAHardtanhThatPlayersOverlook) {
  std::vector<std::string> notes;
  parse(edited(kTiny, "\"Tanh\"", R"({"type": "Hardtanh", "min_val": -0.5, "max_val": 1})"),
        "a.nam", &notes);
  EXPECT_EQ(notes, std::vector<std::string>{
                       "a.nam: config.layers[0].activation asks for Hardtanh between -0.5 and 1; "
                       "it is played between -1 and 1, as other players do"});
}

TEST(NamReadMetadata, HasFourNumbersAndTheRest) {
  const Model model = parse(
      edited(
          kTiny, R"("weights")",
          R"("metadata": {"name": "x", "loudness": -20.5, "gain": null, "input_level_dbu": 12}, "weights")"),
      "a.nam");
  EXPECT_EQ(model.metadata.loudness, -20.5);
  EXPECT_EQ(model.metadata.gain, std::nullopt);
  EXPECT_EQ(model.metadata.input_level_dbu, 12);
  EXPECT_EQ(model.metadata.json,
            R"({"name":"x","loudness":-20.5,"gain":null,"input_level_dbu":12})");
  EXPECT_EQ(
      problem(edited(kTiny, R"("weights")", R"("metadata": {"loudness": "loud"}, "weights")")),
      R"(a.nam: metadata.loudness must be a number, got "loud")");
}

std::string container_of(std::string_view most, const std::string& model) {
  return fmt::format(
      R"({{"version": "0.7.0", "architecture": "SlimmableContainer", "config": {{"submodels": [)"
      R"({{"max_value": 0.5, "model": {0}}}, {{"max_value": {1}, "model": {0}}}]}}, "weights": []}})",
      model, most);
}

TEST(NamReadContainer, EndsWithTheWholeRange) {
  const Model model = parse(container_of("1.0", kTiny), "a.nam");
  const Container& net = std::get<Container>(model.net);
  ASSERT_EQ(net.choices.size(), 2);
  EXPECT_EQ(net.choices[0].most, 0.5);
  EXPECT_EQ(weight_count(*net.choices[1].model), 10);
  EXPECT_EQ(problem(container_of("0.5", kTiny)),
            "a.nam: config.submodels[1].max_value must be above 0.5, got 0.5");
  EXPECT_EQ(problem(container_of("0.9", kTiny)),
            "a.nam: config.submodels must end with a max_value of at least 1");
  EXPECT_EQ(problem(container_of("1", edited(kTiny, "[3]", "[-1]"))),
            "a.nam: config.submodels[0].model.config.layers[0].dilations[0] must be a whole number "
            "in [1, 1048576], got -1");
}

TEST(NamReadSequential, NeedsModelsThatSayWhatTheyAre) {
  const auto chain = [](const std::string& models) {
    return fmt::format(
        R"({{"version": "0.7.0", "architecture": "Sequential", "config": {{"models": [{}]}}, "weights": []}})",
        models);
  };
  const Model model = parse(chain(kTiny + ", " + kTiny), "a.nam");
  EXPECT_EQ(std::get<Sequential>(model.net).models.size(), 2);
  EXPECT_NE(problem(chain(R"({"layers": []})")).find("old layout of Sequential"),
            std::string::npos);
  EXPECT_EQ(problem(chain(kTiny + ", " + edited(kTiny, "48000", "44100"))),
            "a.nam: config.models[1] has a sample_rate of 44100 where what holds it has 48000");
}

TEST(NamReadOther, NetsCountTheirWeightsToo) {
  const auto file = [](std::string_view architecture, std::string_view config,
                       std::string_view weights) {
    return fmt::format(
        R"({{"version": "0.5.4", "architecture": "{}", "config": {}, "weights": [{}]}})",
        architecture, config, weights);
  };
  const std::string lstm = R"({"input_size": 1, "hidden_size": 1, "num_layers": 1})";
  // W i, f, g, o of (input, hidden); b; h0; c0; head; bias.
  const Model model =
      parse(file("LSTM", lstm, "1,2,3,4,5,6,7,8, 9,10,11,12, 13, 14, 15, 16"), "a.nam");
  const Lstm& net = std::get<Lstm>(model.net);
  EXPECT_EQ(net.layers[0].bias, (std::vector<float>{9, 10, 11, 12}));
  EXPECT_EQ(net.layers[0].hidden, (std::vector<float>{13}));
  EXPECT_EQ(net.layers[0].cell, (std::vector<float>{14}));
  EXPECT_EQ(net.head, (std::vector<float>{15}));
  EXPECT_EQ(net.bias, 16);
  EXPECT_EQ(problem(file("LSTM", lstm, "1,2,3")),
            "a.nam: weights holds 3 numbers; the net that config describes has 16");

  const Model linear =
      parse(file("Linear", R"({"receptive_field": 2, "bias": true})", "1,2,3"), "a.nam");
  EXPECT_EQ(std::get<Linear>(linear.net).impulse, (std::vector<float>{1, 2}));
  EXPECT_EQ(std::get<Linear>(linear.net).bias, 3);
  EXPECT_EQ(problem(file("Linear", R"({"receptive_field": 2, "bias": false})", "1,2,3")),
            "a.nam: weights holds 3 numbers; the net that config describes has 2");

  // One block: conv [2, 1, 2], mean, var, gamma, beta of 2, eps; head [1, 2] and bias.
  const Model conv =
      parse(file("ConvNet",
                 R"({"channels": 2, "dilations": [4], "batchnorm": true, "activation": "ReLU"})",
                 "1,2,3,4, 5,6,7,8,9,10,11,12,13, 14,15,16"),
            "a.nam");
  const ConvNetBlock& block = std::get<ConvNet>(conv.net).blocks[0];
  EXPECT_EQ(block.norm->mean, (std::vector<float>{5, 6}));
  EXPECT_EQ(block.norm->beta, (std::vector<float>{11, 12}));
  EXPECT_EQ(block.norm->eps, 13);
  EXPECT_EQ(std::get<ConvNet>(conv.net).head.bias, (std::vector<float>{16}));
}

TEST(NamReadHostile, FilesMeetBounds) {
  EXPECT_NE(problem(std::string(1'000'000, '[')).find("no .nam file"), std::string::npos);
  std::string deep = "{";
  for (int i = 0; i < 100'000; ++i) {
    deep += R"("a": {)";
  }
  EXPECT_NE(problem(deep).find("nests lists and objects more than 64 deep"), std::string::npos);
  EXPECT_NE(problem(edited(edited(kTiny, "[3]", "[1048576]"), R"("kernel_size": 2)",
                           R"("kernel_size": 65536)"))
                .find("numbers kept of the past"),
            std::string::npos);
  std::string many = "[1";
  for (int i = 0; i < 5'000; ++i) {
    many += ", 1";
  }
  EXPECT_EQ(problem(edited(kTiny, "[3]", many + "]")),
            "a.nam: config.layers[0].dilations must be a list of at most 4096, got a list of 5001");
  std::string keys;
  for (int i = 0; i < 300; ++i) {
    keys += fmt::format(R"("k{}": 0, )", i);
  }
  EXPECT_NE(problem(edited(kTiny, R"("version")", keys + R"("version")")).find("256 keys"),
            std::string::npos);
  std::string nested = kTiny;
  for (int i = 0; i < 8; ++i) {
    nested = fmt::format(
        R"({{"version": "0.7.0", "architecture": "Sequential", "config": {{"models": [{}]}}, "weights": []}})",
        nested);
  }
  EXPECT_NE(problem(nested).find("nests models more than 8 deep"), std::string::npos);
}

}  // namespace
}  // namespace wavenet::nam
