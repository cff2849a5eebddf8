// The steps of a WaveNet: a plain layer takes four, each FiLM and each gate a few more.

#include "wavenet/play/network.h"

namespace wavenet::play {
namespace {

using nam::FilmPlace;
using Use = Site::Use;

// One array's way: what goes from layer to layer, and the sum of what they give the head.
class Array {
 public:
  Array(Site& site, Channels condition, Channels heads, bool begun)
      : site_(site), condition_(condition), heads_(heads), begun_(begun) {}

  // Gives what the next layer gets; none where nobody wants it.
  Channels pass(const nam::Layer& layer, const Channels& u, bool goes_on) {
    const std::int64_t width = layer.conv.out;
    const Channels z = summed(layer, u, site_.scratch(Use::sums, width));
    film(layer, FilmPlace::activation_before, z, z);
    const Channels a = z.part(0, layer.gating == nam::Gating::none ? width : width / 2);
    if (layer.gating == nam::Gating::none && !layer.head1x1 && begun_ &&
        !has(layer, FilmPlace::activation_after)) {
      activate(site_.steps(), layer.activation, z, a, heads_);
    } else {
      bend(layer, z, a);
      film(layer, FilmPlace::activation_after, a, a);
      to_head(layer, a);
    }
    return goes_on ? residual(layer, a, u) : Channels();
  }

 private:
  static bool has(const nam::Layer& layer, FilmPlace place) {
    return layer.films[static_cast<std::size_t>(place)].has_value();
  }

  // Where the layer has a FiLM there: y is x of the condition's scale and shift.
  void film(const nam::Layer& layer, FilmPlace place, const Channels& x, const Channels& y) {
    if (!has(layer, place)) {
      return;
    }
    const nam::Film& how = *layer.films[static_cast<std::size_t>(place)];
    const Channels map = site_.convolved(how.map, condition_, site_.scratch(Use::map, how.map.out));
    modulate(site_.steps(), x, map.part(0, x.count()),
             how.shift ? map.part(x.count(), x.count()) : Channels(), y);
  }

  // What enters the convolution, and what the mixin.
  Channels filmed(const nam::Layer& layer, FilmPlace place, const Channels& x, const Channels& to) {
    film(layer, place, x, to);
    return to;
  }

  // Convolution and mixin, in one sum where no FiLM stands between.
  Channels summed(const nam::Layer& layer, const Channels& u, const Channels& z) {
    const Channels v = has(layer, FilmPlace::conv_before)
                           ? filmed(layer, FilmPlace::conv_before, u, site_.line(u.count()))
                           : u;
    const Channels c = has(layer, FilmPlace::mixin_before)
                           ? filmed(layer, FilmPlace::mixin_before, condition_,
                                    site_.scratch(Use::before, condition_.count()))
                           : condition_;
    if (!has(layer, FilmPlace::conv_after) && !has(layer, FilmPlace::mixin_after)) {
      Terms terms(layer.conv.out);
      terms.add(layer.conv, v);
      terms.add(layer.mixin, c);
      terms.sum_into(site_.steps(), z);
      return z;
    }
    const Channels q = site_.convolved(layer.mixin, c, site_.scratch(Use::mixin, z.count()));
    film(layer, FilmPlace::mixin_after, q, q);
    site_.convolved(layer.conv, v, z);
    film(layer, FilmPlace::conv_after, z, z);
    modulate(site_.steps(), z, {}, q, z);
    return z;
  }

  // a: the first half of z where there is a gate.
  void bend(const nam::Layer& layer, const Channels& z, const Channels& a) {
    if (layer.gating == nam::Gating::none) {
      return activate(site_.steps(), layer.activation, z, a);
    }
    const Channels s = z.part(a.count(), a.count());
    activate(site_.steps(), layer.gate, s, s);
    if (layer.gating == nam::Gating::gated) {
      activate(site_.steps(), layer.activation, a, a);
      return modulate(site_.steps(), a, s, {}, a);
    }
    const Channels bent = site_.scratch(Use::mixin, a.count());  // s bent + (1 - s) a is
    activate(site_.steps(), layer.activation, a, bent);          // s (bent - a) + a
    Terms difference(a.count());
    for (std::int64_t c = 0; c < a.count(); ++c) {
      difference.add(c, {&bent.line(), bent.first() + c, 0}, 1);
      difference.add(c, {&a.line(), a.first() + c, 0}, -1);
    }
    const Channels apart = site_.scratch(Use::map, a.count());
    difference.sum_into(site_.steps(), apart);
    modulate(site_.steps(), apart, s, a, a);
  }

  void to_head(const nam::Layer& layer, const Channels& a) {
    const Channels before = begun_ ? heads_ : Channels();
    begun_ = true;
    if (!layer.head1x1) {
      return modulate(site_.steps(), a, {}, before, heads_);
    }
    if (!has(layer, FilmPlace::head1x1_after)) {
      site_.convolved(*layer.head1x1, a, heads_, before);
      return;
    }
    const Channels h =
        site_.convolved(*layer.head1x1, a, site_.scratch(Use::mixin, layer.head1x1->out));
    film(layer, FilmPlace::head1x1_after, h, h);
    modulate(site_.steps(), h, {}, before, heads_);
  }

  Channels residual(const nam::Layer& layer, const Channels& a, const Channels& u) {
    if (!layer.layer1x1) {
      return u;
    }
    const Channels next = site_.line(u.count());
    if (!has(layer, FilmPlace::layer1x1_after)) {
      return site_.convolved(*layer.layer1x1, a, next, u);
    }
    const Channels r = site_.convolved(*layer.layer1x1, a, site_.scratch(Use::mixin, u.count()));
    film(layer, FilmPlace::layer1x1_after, r, r);
    modulate(site_.steps(), r, {}, u, next);
    return next;
  }

  Site& site_;
  Channels condition_;
  Channels heads_;
  bool begun_;  // whether heads_ has something to add to
};

}  // namespace

Channels build(Site& site, const nam::WaveNet& net, const Channels& x) {
  const Channels condition = net.condition ? build(site, *net.condition, x) : x;
  Channels u = x;
  Channels heads = site.line(net.arrays.front().head.in);
  for (const nam::LayerArray& array : net.arrays) {
    const bool is_last = &array == &net.arrays.back();
    u = site.convolved(array.rechannel, u, site.line(array.channels));
    Array way(site, condition, heads, &array != &net.arrays.front());
    for (const nam::Layer& layer : array.layers) {
      u = way.pass(layer, u, !is_last || &layer != &array.layers.back());
    }
    Terms terms(array.head.out);
    terms.add(array.head, heads, is_last ? static_cast<double>(net.head_scale) : 1.0);
    heads = site.line(array.head.out);
    terms.sum_into(site.steps(), heads);
  }
  if (net.head) {
    for (const nam::Convolution& conv : net.head->convolutions) {
      activate(site.steps(), net.head->activation, heads, heads);
      heads = site.convolved(conv, heads, site.line(conv.out));
    }
  }
  return heads;
}

}  // namespace wavenet::play
