// Stream: a sound file opened by libsndfile so that all of it is decoded: raw sound by its name, headers that are
// wrong or that libsndfile would misread by what we know better.
//
//   Stream stream("a.wav");
//   sf_readf_float(stream.file.get(), to, std::min(frames, stream.limit() - done));
//
// Left out: decoding to the end (decoder.h).
#pragma once

#include <sndfile.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "wavenet/sound/parts.h"
#include "wavenet/sound/raw_names.h"
#include "wavenet/sound/source.h"
#include "wavenet/sound/view.h"
#include "wavenet/sound/wav_header.h"

namespace wavenet::sound {

struct Stream {
  // Throws Error for what is no sound that can be decoded.
  explicit Stream(const std::filesystem::path& path);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  struct Close {
    void operator()(SNDFILE* open) const { sf_close(open); }
  };

  const std::string& name() const { return source.name(); }
  Container container() const;
  std::string format() const;                   // "WAV (Microsoft), Signed 16 bit PCM"
  std::optional<std::int64_t> claimed() const;  // frames, where the header says
  std::int64_t limit() const;                   // frames beyond which nothing is of the sound

  Source source;
  std::optional<WavHeader> header;
  View view;
  SF_INFO info{};
  std::unique_ptr<SNDFILE, Close> file;
  bool in_4_bytes = false;  // of 24 bits

 private:
  void open_raw(const RawForm& form);
  void open_24_in_4();
  void open_by_header();
  void open();
  void check_facts() const;
  std::string why_not() const;
};

}  // namespace wavenet::sound
