// wavenet check: proves on the user's own file what generation relies on.
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "cli/open.h"
#include "wavenet/base/files.h"
#include "wavenet/generate/verify.h"

namespace cli {
namespace {

using namespace wavenet;
namespace fs = std::filesystem;

// Written again to a temporary file and read back, the checkpoint gives the same bytes.
generate::Proof saves_and_loads(const std::string& model) {
  constexpr std::int64_t kMaxBytes = std::int64_t{1} << 40;
  const fs::path from = train::model_path(model);
  const fs::path to =
      fs::temp_directory_path() / fmt::format("wavenet-check-{}.safetensors", getpid());
  const std::string before = read_file(from, kMaxBytes);
  train::write_checkpoint(to, train::read_checkpoint(from));
  const std::string after = read_file(to, kMaxBytes);
  fs::remove(to);
  return {"save and load", before == after,
          fmt::format("{} bytes read, written again{}", before.size(),
                      before == after ? " the same" : ": they differ")};
}

}  // namespace

int check_model(const CheckArguments& arguments) {
  run::State opened = run::open(arguments.model);
  std::vector<generate::Proof> proofs = generate::verify(*opened.model);
  proofs.push_back(saves_and_loads(arguments.model));
  std::string failed;
  for (const generate::Proof& proof : proofs) {
    if (arguments.json) {
      const nlohmann::ordered_json line{
          {"check", proof.name}, {"ok", proof.ok}, {"detail", proof.detail}};
      fmt::print("{}", json_line(line));
    } else {
      fmt::print("{:6}  {:16}  {}\n", proof.ok ? "ok" : "FAILED", proof.name, proof.detail);
    }
    if (failed.empty() && !proof.ok) {
      failed = proof.name;
    }
  }
  check(failed.empty(), "{}: the check of {} failed", arguments.model, failed);
  return 0;
}

}  // namespace cli
