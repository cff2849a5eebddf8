#include "wavenet/io/events.h"

#include <array>
#include <chrono>
#include <numeric>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/io/event_files.h"
#include "wavenet/io/protobuf_writer.h"
#include "wavenet/io/tfrecord.h"

namespace wavenet::io {
namespace {

// The messages, as TensorFlow's event.proto, summary.proto and tensor.proto number their fields.

// Event { double wall_time = 1; int64 step = 2; one of the fields below }
constexpr std::uint32_t kFileVersion = 3, kSummary = 5, kSessionLog = 7;

std::string event_message(double wall_time, std::int64_t steps, std::uint32_t field,
                          std::string_view content) {
  ProtobufWriter event;
  event.real64(1, wall_time);
  event.integer(2, static_cast<std::uint64_t>(steps));
  event.bytes(field, content);
  return event.text();
}

// SessionLog { enum status = 1: START = 1 }
std::string session_start() {
  ProtobufWriter session;
  session.integer(1, 1);
  return session.text();
}

// Summary { repeated Value value = 1 }
std::string summary_of(const ProtobufWriter& value) {
  ProtobufWriter summary;
  summary.bytes(1, value.text());
  return summary.text();
}

// HistogramProto { double min = 1, max = 2, num = 3, sum = 4, sum_squares = 5;
//                  repeated double bucket_limit = 6, bucket = 7 }
std::string histogram_message(const Histogram& histogram) {
  const std::size_t bins = histogram.counts.size();
  const double width = (histogram.high - histogram.low) / static_cast<double>(bins);
  std::vector<double> right_edges(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    right_edges[i] =
        i + 1 == bins ? histogram.high : histogram.low + width * static_cast<double>(i + 1);
  }
  const std::vector<double> counts(histogram.counts.begin(), histogram.counts.end());
  const double number = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double mean = histogram.mean;
  ProtobufWriter message;
  message.real64(1, histogram.low);
  message.real64(2, histogram.high);
  message.real64(3, number);
  message.real64(4, number * mean);
  message.real64(5, number * (mean * mean + histogram.std * histogram.std));
  message.packed(6, right_edges);
  message.packed(7, counts);
  return message.text();
}

// TensorShapeProto { repeated Dim { int64 size = 1 } dim = 2 }
std::string shape_message(std::span<const std::uint64_t> sizes) {
  ProtobufWriter shape;
  for (const std::uint64_t size : sizes) {
    ProtobufWriter dim;
    dim.integer(1, size);
    shape.bytes(2, dim.text());
  }
  return shape.text();
}

// TensorProto { dtype = 1: DT_STRING = 7; TensorShapeProto tensor_shape = 2;
//               repeated bytes string_val = 8 }
template <class Text>
std::string tensor_message(std::span<const std::uint64_t> sizes, std::span<const Text> values) {
  ProtobufWriter tensor;
  tensor.integer(1, 7);
  tensor.bytes(2, shape_message(sizes));
  for (const Text& value : values) {
    tensor.bytes(8, value);
  }
  return tensor.text();
}

// SummaryMetadata { PluginData { string plugin_name = 1; bytes content = 2 } plugin_data = 1;
//                   data_class = 4: TENSOR = 2 }
std::string text_metadata() {
  ProtobufWriter plugin;
  plugin.bytes(1, "text");
  ProtobufWriter metadata;
  metadata.bytes(1, plugin.text());
  metadata.integer(4, 2);
  return metadata.text();
}

// AudioPluginData { int32 version = 1: 0; Encoding encoding = 2: WAV = 11 }
// A data_class would say that labels were taken out already.
std::string audio_metadata() {
  ProtobufWriter content;
  content.integer(2, 11);
  ProtobufWriter plugin;
  plugin.bytes(1, "audio");
  plugin.bytes(2, content.text());
  ProtobufWriter metadata;
  metadata.bytes(1, plugin.text());
  return metadata.text();
}

}  // namespace

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

EventWriter::EventWriter(const std::filesystem::path& folder, std::int64_t steps_done, Clock now)
    : now_(now) {
  if (steps_done == 0) {
    remove_event_files(folder);
  } else {
    cut_event_files(folder, steps_done);
  }
  const auto path = next_event_file(folder, static_cast<std::int64_t>(now()));
  path_ = path.string();
  file_.open(path, std::ios::binary);
  check_as(ErrorKind::io, file_.is_open(), "{}: cannot be written", path_);
  event(0, kFileVersion, "brain.Event:2");
  if (steps_done > 0) {
    event(steps_done + 1, kSessionLog, session_start());  // purges this step and what follows
  }
}

// Value { string tag = 1; float simple_value = 2 }
void EventWriter::scalar(std::string_view tag, std::int64_t steps, double number) {
  ProtobufWriter value;
  value.bytes(1, tag);
  value.real32(2, static_cast<float>(number));
  event(steps, kSummary, summary_of(value));
}

// Value { string tag = 1; HistogramProto histo = 5 }
void EventWriter::histogram(std::string_view tag, std::int64_t steps, const Histogram& histogram) {
  ProtobufWriter value;
  value.bytes(1, tag);
  value.bytes(5, histogram_message(histogram));
  event(steps, kSummary, summary_of(value));
}

void EventWriter::text(std::string_view tag, std::int64_t steps,
                       std::span<const std::string> rows) {
  const std::array<std::uint64_t, 1> sizes{rows.size()};
  tensor(tag, steps, tensor_message(sizes, rows), text_metadata());
}

// A row of the sound and its label, here none. As field `audio`, the older form, it would be served as
// bytes of no type, which browsers refuse to play.
void EventWriter::audio(std::string_view tag, std::int64_t steps, std::string_view wav) {
  constexpr std::array<std::uint64_t, 2> kSizes{1, 2};
  const std::array<std::string_view, 2> row{wav, ""};
  const std::string message = tensor_message(kSizes, std::span<const std::string_view>(row));
  tensor(tag, steps, message, audio_metadata());
}

// Value { string tag = 1; TensorProto tensor = 8; SummaryMetadata metadata = 9 }
void EventWriter::tensor(std::string_view tag, std::int64_t steps, std::string_view message,
                         std::string_view metadata) {
  ProtobufWriter value;
  value.bytes(1, tag);
  value.bytes(8, message);
  value.bytes(9, metadata);
  event(steps, kSummary, summary_of(value));
}

void EventWriter::event(std::int64_t steps, std::uint32_t field, std::string_view content) {
  file_ << tfrecord(event_message(now_(), steps, field, content));
  file_.flush();
  check_as(ErrorKind::io, file_.good(), "{}: cannot be written; is the disk full?", path_);
}

}  // namespace wavenet::io
