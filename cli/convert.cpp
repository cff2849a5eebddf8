// wavenet convert: a trained tree as the stack of convolutions that computes the same; an amplifier as a
// .nam file (convert_nam.cpp).
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/convert_nam.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "cli/say.h"
#include "wavenet/base/files.h"
#include "wavenet/run/conversion.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

bool is_standard_output(const ConvertArguments& arguments) { return arguments.out == "-"; }

// Where the model goes, which may replace only what was converted before.
fs::path place_of(const ConvertArguments& arguments) {
  const fs::path source = train::model_path(arguments.model);
  fs::path out = arguments.out.empty()
                     ? source.parent_path() / (std::string(run::kConvolutionKind) + ".safetensors")
                     : fs::path(arguments.out);
  if (!fs::exists(status_of(out))) {
    return out;
  }
  check_as(ErrorKind::io, fs::is_regular_file(status_of(out)),
           "{}: cannot be written: is no regular file", out.string());
  check(!fs::equivalent(source, out), "{}: is the model that is converted; choose another --out",
        out.string());
  require_own_file(out, "model of this program", train::is_checkpoint);
  const std::string kind = train::read_checkpoint(out).recipe.text("model.kind");
  check_as(
      ErrorKind::io, kind == run::kConvolutionKind,
      "{}: holds a trained model of kind '{}' and no conversion, so it is not replaced; choose "
      "another --out",
      out.string(), kind);
  check(arguments.overwrite,
        "{}: already there; replace it with --overwrite, or choose another --out", out.string());
  return out;
}

std::vector<std::int64_t> dilations_of(const models::Wiring& wiring) {
  std::vector<std::int64_t> dilations;
  for (const models::StackLayer& layer : models::stack_of(wiring)) {
    dilations.push_back(layer.dilation);
  }
  return dilations;
}

}  // namespace

int convert(const ConvertArguments& arguments) {
  if (arguments.to == "nam") {
    return convert_to_nam(arguments);
  }
  check_usage(!arguments.plain && arguments.reference.empty(),
              "convert: --plain and --reference are for --to nam");
  const run::State opened = run::open(arguments.model);
  const std::optional<run::State> converted = run::as_convolution(opened);
  if (!converted) {
    fail_usage("convert: only a tree becomes a convolution, {} holds a model of kind '{}'",
               train::model_path(arguments.model).string(), opened.saved.recipe.text("model.kind"));
  }
  if (is_standard_output(arguments) && arguments.json) {
    fail_usage("--out -: the model takes standard output, so --json does not fit");
  }
  const fs::path out = is_standard_output(arguments) ? fs::path("-") : place_of(arguments);
  if (is_standard_output(arguments)) {
    train::write_checkpoint(std::cout, converted->saved);
    std::cout.flush();
    check_as(ErrorKind::io, std::cout.good(), "standard output: cannot be written");
  } else {
    train::write_checkpoint(out, converted->saved);
  }

  const models::Wiring wiring = converted->model->wiring();
  const std::vector<std::int64_t> dilations = dilations_of(wiring);
  const std::int64_t before = models::multiply_adds(opened.model->wiring());
  const std::int64_t after = models::multiply_adds(wiring);
  if (arguments.json) {
    const nlohmann::ordered_json result{{"model", out.string()},
                                        {"dilations", dilations},
                                        {"multiply_adds", after},
                                        {"multiply_adds_before", before}};
    fmt::print("{}", json_line(result));
    return 0;
  }
  const std::string told =
      fmt::format("{}: width 2, dilations {}; {} multiply-adds a character, the tree has {}",
                  out.string(), fmt::join(dilations, ", "), after, before);
  if (is_standard_output(arguments)) {
    say::note(told);
  } else {
    fmt::print("{}\n", told);
  }
  return 0;
}

}  // namespace cli
