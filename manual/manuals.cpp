#include "manual/manuals.h"

#include "wavenet/base/files.h"

namespace manual {

namespace fs = std::filesystem;

void write_manuals(const Definition& program, const fs::path& folder) {
  const auto write = [&](const std::string& name, const std::string& text) {
    fs::create_directories((folder / name).parent_path());
    wavenet::write_file_atomically(folder / name, text);
  };
  write("man1/" + program.name + ".1", man_page(program));
  for (const Verb& verb : program.verbs) {
    write("man1/" + program.name + "-" + verb.name + ".1", man_page(program, verb));
  }
  write("bash/" + program.name, bash_completion(program));
  write("zsh/_" + program.name, zsh_completion(program));
  write("fish/" + program.name + ".fish", fish_completion(program));
}

}  // namespace manual
