// EventWriter: a log that TensorBoard reads: curves, histograms, text and sound over the steps of a run.
//
//   io::EventWriter events("runs/a", /*steps_done=*/0);
//   events.scalar("loss/val", 1000, 2.35);
//   events.histogram("activations/blocks.0.tanh", 1000, histogram);
//   events.text("samples", 1000, rows);
//   events.audio("audio/sample 1", 1000, wav);
//
// Each session of a run has a file of its own, events.out.tfevents.<seconds>.wavenet, which a
// TensorBoard that is watching finds by itself. Files of other programs are left alone. Left out:
// graphs, images, reading.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "wavenet/base/histogram.h"

namespace wavenet::io {

// Seconds since 1970.
double seconds_now();

class EventWriter {
 public:
  using Clock = double (*)();
  // Starts anew for `steps_done` 0: older sessions' files go. Else what they say of later steps is
  // cut off, and a mark tells a TensorBoard that has read it already to forget it.
  EventWriter(const std::filesystem::path& folder, std::int64_t steps_done,
              Clock now = seconds_now);

  // Each stands in the file when the call returns.
  void scalar(std::string_view tag, std::int64_t steps, double value);
  void histogram(std::string_view tag, std::int64_t steps, const Histogram& histogram);
  // A table of one column; its cells are Markdown.
  void text(std::string_view tag, std::int64_t steps, std::span<const std::string> rows);
  // A WAV file's bytes. No number may stand under the same tag: it would hide the sound.
  void audio(std::string_view tag, std::int64_t steps, std::string_view wav);

 private:
  void tensor(std::string_view tag, std::int64_t steps, std::string_view message,
              std::string_view metadata);
  void event(std::int64_t steps, std::uint32_t field, std::string_view content);

  Clock now_;
  std::string path_;
  std::ofstream file_;
};

}  // namespace wavenet::io
