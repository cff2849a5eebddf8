// Lines: those of a file that are not blank, each as a number that equal lines share. Their text
// stays in the file, so that a list of millions of words needs some twenty bytes for each.
//
//   Lines lines(bytes);
//   lines.add(1, "emma"); lines.add(2, "ada"); lines.add(4, "emma");
//   lines.ids() == {0, 1, 0}; lines.numbers() == {1, 2, 4}
//   lines.different() == 2; lines.text(1) == "ada"
//
// Left out: files of 4 GiB and more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wavenet/data/text/doctor/index_table.h"

namespace wavenet::data {

class Lines {
 public:
  // `file` must stay.
  explicit Lines(std::string_view file) : file_(file) {}

  // The next line that is not blank, by its number in the file, from 1. Returns whether it is the
  // first of its text. What is no part of the file is copied.
  bool add(std::size_t number, std::string_view text);
  // No line is added after this one; gives back what only add() needs.
  void finish() { table_ = {}; }

  // One for each line: 0 for the first text, 1 for the next that is another, and so on.
  const std::vector<std::uint32_t>& ids() const { return ids_; }
  const std::vector<std::uint32_t>& numbers() const { return numbers_; }
  std::size_t different() const { return texts_.size(); }
  std::string_view text(std::uint32_t id) const;
  // How often each text stands there, by id.
  std::vector<std::uint32_t> counts() const;

 private:
  struct Text {
    std::uint32_t at;  // in the file, or behind its end in others_
    std::uint32_t size;
  };

  std::string_view file_;
  std::string others_;
  std::vector<Text> texts_;  // by id
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> numbers_;
  IndexTable table_;
};

}  // namespace wavenet::data
