#include "wavenet/data/text/doctor/lines.h"

#include <functional>

namespace wavenet::data {

bool Lines::add(std::size_t number, std::string_view text) {
  const auto id = static_cast<std::uint32_t>(texts_.size());
  const std::uint32_t found =
      table_.find_or_add(std::hash<std::string_view>()(text), id,
                         [&](std::uint32_t other) { return this->text(other) == text; });
  if (found == id) {
    const bool inside = std::less_equal<>()(file_.data(), text.data()) &&
                        std::less<>()(text.data(), file_.data() + file_.size());
    const std::size_t at = inside ? static_cast<std::size_t>(text.data() - file_.data())
                                  : file_.size() + others_.size();
    others_ += inside ? "" : text;
    texts_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(text.size())});
  }
  ids_.push_back(found);
  numbers_.push_back(static_cast<std::uint32_t>(number));
  return found == id;
}

std::string_view Lines::text(std::uint32_t id) const {
  const auto [at, size] = texts_[id];
  return at < file_.size() ? file_.substr(at, size)
                           : std::string_view(others_).substr(at - file_.size(), size);
}

std::vector<std::uint32_t> Lines::counts() const {
  std::vector<std::uint32_t> counts(different());
  for (const std::uint32_t id : ids_) {
    ++counts[id];
  }
  return counts;
}

}  // namespace wavenet::data
