#include "manual/wrapped.h"

#include <sstream>

#include "wavenet/base/utf8.h"

namespace manual {

std::string wrapped(const std::string& head, const std::string& text, std::size_t indent,
                    std::size_t columns) {
  std::string lines = head + std::string(indent - head.size(), ' ');
  std::size_t used = indent;
  std::string problem;  // a name of a file may be no UTF-8
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t length = wavenet::decode_utf8_parts(word, problem).size();
    if (used > indent && used + 1 + length > columns) {
      lines += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (used > indent) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += length;
  }
  return lines + "\n";
}

}  // namespace manual
