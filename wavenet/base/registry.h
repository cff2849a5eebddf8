// Registry: the kinds that a word of a recipe may name, each with what makes it.
//
//   Registry<Maker> kinds{{"mlp", make_mlp}, {"tree", make_tree}};
//   kinds.add("my-own", make_mine);                    // a program's own kind, added before use
//   kinds.of(recipe, "model.kind")(recipe, 27, rng);   // UsageError names all kinds, and the nearest
//
// Several threads may ask at once, but not while one adds. Left out: taking a kind away.
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/base/config.h"

namespace wavenet {

template <class Maker>
class Registry {
 public:
  Registry(std::initializer_list<std::pair<std::string, Maker>> kinds) {
    for (const auto& [name, maker] : kinds) {
      add(name, maker);
    }
  }

  // Throws Error for a name that is taken.
  void add(const std::string& name, Maker maker) {
    check(find(name) == nullptr, "registry: there is a kind '{}' already", name);
    names_.push_back(name);
    makers_.push_back(std::move(maker));
  }

  // What makes the kind; null for an unknown one.
  const Maker* find(const std::string& name) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) {
        return &makers_[i];
      }
    }
    return nullptr;
  }

  // That which the recipe names under `key`. Throws UsageError where it names none of them.
  const Maker& of(const Config& recipe, const std::string& key) const {
    return *find(recipe.choice(key, names_));
  }
  const Maker& of(const Config& recipe, const std::string& key,
                  const std::string& otherwise) const {
    return *find(recipe.choice_or(key, otherwise, names_));
  }

 private:
  std::vector<std::string> names_;
  std::deque<Maker> makers_;  // which stay where they are
};

}  // namespace wavenet
