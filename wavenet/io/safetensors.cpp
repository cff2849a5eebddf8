#include "wavenet/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/hash.h"
#include "wavenet/base/utf8.h"
#include "wavenet/io/foreign.h"
#include "wavenet/io/safetensors_header.h"

namespace wavenet::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the format's numbers are little-endian");

constexpr std::int64_t kLengthBytes = 8;
constexpr std::int64_t kMaxHeaderBytes = 100'000'000;
constexpr std::string_view kChecksumKey = "checksum";

std::string shown(const std::string& tensor_name) { return excerpt(tensor_name, 100); }

std::int64_t bytes_of(const Tensor& t) { return t.numel() * size_of(t.dtype()); }

// A row-major tensor's bytes.
std::string_view bytes_view(const Tensor& t) {
  return {static_cast<const char*>(t.view().data), static_cast<std::size_t>(bytes_of(t))};
}

// Lengths go in as well, so that moving a character from one string to the next shows.
void add_text(Fnv1a64& hash, std::string_view text) {
  const std::uint64_t size = text.size();
  hash.add(&size, sizeof size);
  hash.add(text);
}

// Of everything in the file that has a meaning. The tensors must be row-major.
std::string checksum_of(const SafeTensors& file) {
  Fnv1a64 hash;
  for (const auto& [key, value] : file.metadata) {
    add_text(hash, key);
    add_text(hash, value);
  }
  for (const auto& [name, tensor] : file.tensors) {
    add_text(hash, name);
    add_text(hash, safetensors_name(tensor.dtype()));
    add_text(hash, tensor.shape().to_string());
    add_text(hash, bytes_view(tensor));
  }
  return hash.hex();
}

// --- reading ---

void read_exactly(std::istream& stream, char* to, std::int64_t bytes, const std::string& name) {
  stream.read(to, static_cast<std::streamsize>(bytes));
  check_intact(stream.gcount() == bytes, "{}: it ended while being read", name);
}

// Fails for a file that says that its header is longer than it is: mostly it is of another kind.
[[noreturn]] void fail_no_header(std::istream& stream, std::uint64_t claimed, std::int64_t size,
                                 const std::string& name) {
  std::string beginning(static_cast<std::size_t>(std::min(size, kForeignBytes)), '\0');
  stream.seekg(0);
  read_exactly(stream, beginning.data(), static_cast<std::int64_t>(beginning.size()), name);
  const std::string_view kind = foreign_kind(beginning);
  if (!kind.empty()) {
    fail_damaged("{}: no safetensors file: it is {}", name, kind);
  }
  check_intact(size >= kLengthBytes, "{}: {} bytes are too few for a safetensors file", name, size);
  const std::string_view header = std::string_view(beginning).substr(kLengthBytes);
  check_intact(header.empty() || header.starts_with('{'),
               "{}: no safetensors file: what follows its first {} bytes is no header", name,
               kLengthBytes);
  fail_damaged("{}: the header claims {} bytes, the file has {}", name, claimed, size);
}

// The header's text. Nothing is allocated before the claimed length is known to be in the file.
std::string read_header(std::istream& stream, std::int64_t size, const std::string& name) {
  std::uint64_t claimed = 0;
  if (size >= kLengthBytes) {
    read_exactly(stream, reinterpret_cast<char*>(&claimed), kLengthBytes, name);
  }
  if (size < kLengthBytes || claimed > static_cast<std::uint64_t>(size - kLengthBytes)) {
    fail_no_header(stream, claimed, size, name);
  }
  check_intact(claimed <= static_cast<std::uint64_t>(kMaxHeaderBytes),
               "{}: the header has {} bytes, at most {} are read", name, claimed, kMaxHeaderBytes);
  std::string header(static_cast<std::size_t>(claimed), '\0');
  read_exactly(stream, header.data(), static_cast<std::int64_t>(claimed), name);
  return header;
}

// The bytes that an entry's type and shape need. Every product is kept within `limit`.
std::int64_t bytes_needed(const HeaderEntry& entry, const std::string& tensor_name,
                          std::int64_t limit, const std::string& name) {
  const bool empty = std::find(entry.shape.begin(), entry.shape.end(), 0) != entry.shape.end();
  std::int64_t bytes = size_of(entry.dtype);
  for (std::int64_t size : entry.shape) {
    // With a size of 0 the other sizes add no bytes, yet they must not overflow when multiplied.
    check_intact(size <= 1 || bytes <= (empty ? INT64_MAX : limit) / size,
                 "{}: tensor '{}' of shape {} is larger than the file", name, shown(tensor_name),
                 entry.shape);
    bytes *= std::max<std::int64_t>(size, 1);
  }
  return empty ? 0 : bytes;
}

using Entry = std::pair<const std::string, HeaderEntry>;

// The entries in the order of their bytes, which must follow each other and fill the file.
std::vector<const Entry*> in_file_order(const Header& header, std::int64_t data_bytes,
                                        const std::string& name) {
  std::vector<const Entry*> entries;
  for (const Entry& entry : header.tensors) {
    entries.push_back(&entry);
  }
  std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
  });
  std::int64_t next = 0;
  for (const Entry* e : entries) {
    const auto& [tensor_name, entry] = *e;
    check_intact(entry.begin <= entry.end && entry.end <= data_bytes,
                 "{}: tensor '{}' has the data_offsets [{}, {}], the file has {} bytes of data",
                 name, shown(tensor_name), entry.begin, entry.end, data_bytes);
    check_intact(entry.begin == next,
                 "{}: tensor '{}' starts at byte {} of the data, {} was expected", name,
                 shown(tensor_name), entry.begin, next);
    const std::int64_t needed = bytes_needed(entry, tensor_name, data_bytes, name);
    check_intact(entry.end - entry.begin == needed,
                 "{}: tensor '{}' of type {} and shape {} needs {} bytes, its data_offsets span {}",
                 name, shown(tensor_name), safetensors_name(entry.dtype), entry.shape, needed,
                 entry.end - entry.begin);
    next = entry.end;
  }
  check_intact(next == data_bytes, "{}: the tensors fill {} bytes, the file has {} bytes of data",
               name, next, data_bytes);
  return entries;
}

void verify(SafeTensors& file, const std::string& name, Checksum checksum) {
  const auto found = file.metadata.find(std::string(kChecksumKey));
  if (found == file.metadata.end()) {
    check_intact(checksum == Checksum::optional,
                 "{}: no checksum; not a file written whole by this program", name);
    return;
  }
  const std::string expected = std::move(found->second);
  file.metadata.erase(found);
  const std::string actual = checksum_of(file);
  check_intact(expected == actual, "{}: damaged: its checksum is {}, its content gives {}", name,
               excerpt(expected), actual);
}

// --- writing ---

Tensor row_major(const Tensor& t) {
  return t.is_contiguous() ? t : dispatch_any(t.dtype(), [&]<class T>() {
    return Tensor::from(t.to_vector<T>(), t.shape());
  });
}

void check_text(const std::string& text, std::string_view what, const std::string& target) {
  try {
    decode_utf8(text);
  } catch (const Error& error) {
    fail("{}: {} '{}' is {}", target, what, excerpt(text), error.what());
  }
}

void check_writable(const SafeTensors& file, const std::string& target) {
  for (const auto& [key, value] : file.metadata) {
    check_text(key, "the metadata key", target);
    check_text(value, "the metadata value", target);
    check(key != kChecksumKey, "{}: the metadata key '{}' is the writer's own", target, key);
  }
  for (const auto& [name, tensor] : file.tensors) {
    check_text(name, "the tensor name", target);
    check(!name.empty() && name != kMetadataKey, "{}: a tensor cannot be named '{}'", target, name);
    check(tensor.defined(), "{}: tensor '{}' is undefined", target, shown(name));
  }
}

// Calls write(chunks) with the file's bytes; `target` stands for it in messages.
template <class Write>
void serialize(const SafeTensors& file, const std::string& target, const Write& write) {
  check_writable(file, target);
  SafeTensors whole = file;
  Header header;
  std::int64_t next = 0;
  for (auto& [name, tensor] : whole.tensors) {
    tensor = row_major(tensor);
    const std::int64_t end = next + bytes_of(tensor);
    header.tensors[name] = {tensor.dtype(), tensor.shape(), next, end};
    next = end;
  }
  header.metadata = whole.metadata;
  header.metadata[std::string(kChecksumKey)] = checksum_of(whole);
  const std::string json = header_json(header);
  check(static_cast<std::int64_t>(json.size()) <= kMaxHeaderBytes,
        "{}: the header would have {} bytes, at most {} can be read back", target, json.size(),
        kMaxHeaderBytes);

  const std::uint64_t length = json.size();
  std::vector<std::string_view> chunks{{reinterpret_cast<const char*>(&length), sizeof length},
                                       json};
  for (const auto& [name, tensor] : whole.tensors) {
    chunks.push_back(bytes_view(tensor));
  }
  write(std::span<const std::string_view>(chunks));
}

}  // namespace

SafeTensors parse_safetensors(std::istream& stream, std::int64_t size, const std::string& name,
                              Checksum checksum) {
  const std::string json = read_header(stream, size, name);
  const Header header = parse_header(json, name);
  const std::int64_t data_bytes = size - kLengthBytes - static_cast<std::int64_t>(json.size());
  SafeTensors file{{}, header.metadata};
  for (const Entry* e : in_file_order(header, data_bytes, name)) {
    const auto& [tensor_name, entry] = *e;
    Tensor tensor = Tensor::empty(entry.shape, entry.dtype);
    read_exactly(stream, static_cast<char*>(tensor.view().data), bytes_of(tensor), name);
    file.tensors.emplace(tensor_name, std::move(tensor));
  }
  verify(file, name, checksum);
  // The checksum is of the content; a flipped bit may also respell it, as \u001b to \u001B.
  check_intact(checksum == Checksum::optional || header_json(header) == json,
               "{}: damaged: its header is not spelled as this program does", name);
  return file;
}

SafeTensors read_safetensors(const std::filesystem::path& path, Checksum checksum) {
  std::int64_t size = 0;
  std::ifstream stream = open_regular_file(path, size);
  return parse_safetensors(stream, size, path.string(), checksum);
}

void write_safetensors(const std::filesystem::path& path, const SafeTensors& file) {
  serialize(file, path.string(), [&](auto chunks) { write_file_atomically(path, chunks); });
}

void write_safetensors(std::ostream& stream, const SafeTensors& file) {
  serialize(file, "the stream", [&](auto chunks) {
    for (const std::string_view chunk : chunks) {
      stream.write(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    }
  });
}

}  // namespace wavenet::io
