// wavenet check: proves on the user's own file what generation relies on.
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/json_line.h"
#include "wavenet/run/proofs.h"

namespace cli {

using namespace wavenet;

int check_model(const CheckArguments& arguments) {
  std::string failed;
  for (const generate::Proof& proof : run::prove(arguments.model)) {
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
