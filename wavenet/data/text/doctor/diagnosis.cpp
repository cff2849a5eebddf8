#include "wavenet/data/text/doctor/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "wavenet/base/characters.h"
#include "wavenet/base/check.h"
#include "wavenet/base/files.h"
#include "wavenet/base/shell.h"
#include "wavenet/base/utf8.h"
#include "wavenet/data/text/batches.h"
#include "wavenet/data/text/doctor/checks.h"
#include "wavenet/data/text/doctor/entities.h"
#include "wavenet/data/text/split.h"
#include "wavenet/data/text/text.h"

namespace wavenet::data {
namespace {

constexpr std::string_view kStdin = "stdin";
constexpr std::string_view kEmbedded = "the embedded names";
constexpr std::size_t kFewWords = 1000;  // below, any of the recipes knows them by heart soon
constexpr double kMuchSeen = 0.5;        // a part of which train knows half judges nothing

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) {
    return "";
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Into `line`, which is used again for the next, as millions of them are read.
void read_line(std::string_view bytes, bool ended, Format format, Line& line) {
  ++line.number;
  line.bytes = bytes;
  line.ended = ended;
  line.carriage_return = bytes.ends_with('\r');
  std::string_view kept = bytes.substr(0, bytes.size() - (line.carriage_return ? 1 : 0));
  std::size_t cut = 0;
  if (format == Format::lines) {
    const std::string_view word = without_blanks(kept);
    cut = word.empty() ? 0 : static_cast<std::size_t>(word.data() - kept.data());
    kept = kept.substr(0, word.empty() ? 0 : cut + word.size());
  }
  // With the blanks in front, so that a byte offset counts from the line's start.
  line.problem.clear();
  decode_utf8_parts(kept, line.text, line.problem);
  line.text.erase(0, cut);
  line.kept = kept.substr(cut);
  line.is_ascii = std::none_of(kept.begin(), kept.end(), [](char c) { return c < 0; });
  line.entities = false;
  std::u32string plain;
  if (line.text.find(U'&') != line.text.npos) {
    plain = without_entities(line.text);
    line.entities = plain != line.text;
  }
  if (format == Format::lines) {
    line.separator = separator_of(line.entities ? plain : line.text);
    line.beside = line.separator ? std::nullopt : number_beside(line.text);
  }
}

using Checks = std::vector<std::unique_ptr<Check>>;

void see_all(std::string_view bytes, const Checks& checks, const Between& between,
             Diagnosis& diagnosis) {
  constexpr std::size_t kPiece = 4096;  // lines
  const auto size = static_cast<double>(bytes.size());
  diagnosis.byte_order_mark = bytes.starts_with(kByteOrderMark);
  bytes.remove_prefix(diagnosis.byte_order_mark ? kByteOrderMark.size() : 0);
  Line line;
  while (!bytes.empty()) {
    if (line.number % kPiece == 0) {
      between(1 - static_cast<double>(bytes.size()) / size);
    }
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const bool ended = end < bytes.size();
    read_line(bytes.substr(0, end), ended, diagnosis.format, line);
    diagnosis.blank += line.text.empty() && line.problem.empty() ? 1 : 0;
    for (const std::unique_ptr<Check>& check : checks) {
      check->see(line);
    }
    bytes.remove_prefix(end + (ended ? 1 : 0));
  }
  diagnosis.lines = line.number;
}

// A file of another kind, by the bytes that it begins with.
struct OtherKind {
  std::string_view bytes;
  std::string_view name;
  std::string_view advice;
  std::string_view command;  // up to the file's name
};

using namespace std::string_view_literals;
constexpr std::string_view kConvert = "convert it to UTF-8";
constexpr std::string_view kUnpack = "unpack it";
constexpr std::array<OtherKind, 9> kOtherKinds{{
    {"\xFF\xFE\0\0"sv, "UTF-32", kConvert, "iconv -f UTF-32 -t UTF-8"},  // before UTF-16
    {"\0\0\xFE\xFF"sv, "UTF-32", kConvert, "iconv -f UTF-32 -t UTF-8"},
    {"\xFF\xFE"sv, "UTF-16", kConvert, "iconv -f UTF-16 -t UTF-8"},
    {"\xFE\xFF"sv, "UTF-16", kConvert, "iconv -f UTF-16 -t UTF-8"},
    {"\x1F\x8B"sv, "gzip", kUnpack, "gzip -dc"},
    {"BZh91AY&SY"sv, "bzip2", kUnpack, "bzip2 -dc"},
    {"\xFD"
     "7zXZ\0"sv,
     "xz", kUnpack, "xz -dc"},
    {"\x28\xB5\x2F\xFD"sv, "zstd", kUnpack, "zstd -dc"},
    {"PK\x03\x04"sv, "zip", kUnpack, "unzip -p"},
}};

bool is_odd_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

// UTF-16 and binary files would fill pages with findings; one is enough.
std::optional<Finding> other_format(std::string_view bytes, const Diagnosis& diagnosis) {
  for (const OtherKind& kind : kOtherKinds) {
    if (bytes.starts_with(kind.bytes)) {
      return Finding{Severity::error,
                     std::string(kind.name),
                     fmt::format("the file is {}; only plain text in UTF-8 is read", kind.name),
                     {},
                     std::string(kind.advice),
                     mended_by(kind.command, diagnosis)};
    }
  }
  constexpr std::size_t kSome = 3;  // and one in twenty; text has next to none
  const auto controls =
      static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_odd_control));
  if (controls >= kSome && 20 * controls > bytes.size()) {
    return Finding{Severity::error,
                   "binary",
                   fmt::format("{} of {} are control characters or NUL; this is a binary file, or "
                               "UTF-16",
                               controls, counted(bytes.size(), "byte")),
                   {},
                   "open the file to see what it is; only plain text in UTF-8 is read"};
  }
  return std::nullopt;
}

// The words as the split shuffles them.
struct Shuffled {
  std::vector<std::uint32_t> ids;  // of Lines
  std::size_t train_end;
  std::size_t val_end;
};

Shuffled shuffled(const Lines& lines, const DoctorOptions& options, const std::string& source) {
  // The first of equal words stays in its place, so that they are numbered in their order.
  const std::size_t words = options.dedup ? lines.different() : lines.ids().size();
  SplitOrder split = split_order(words, source, options.split_seed);
  if (!options.dedup) {
    for (std::uint32_t& place : split.order) {
      place = lines.ids()[place];
    }
  }
  return {std::move(split.order), split.train_end, split.val_end};
}

void add_seen(const Shuffled& words, const Lines& lines, std::uint64_t seed, Diagnosis& diagnosis) {
  std::vector<bool> trained(lines.different());
  for (std::size_t i = 0; i < words.train_end; ++i) {
    trained[words.ids[i]] = true;
  }
  const auto seen_in = [&](std::size_t first, std::size_t last) {
    std::size_t seen = 0;
    for (std::size_t i = first; i < last; ++i) {
      seen += trained[words.ids[i]] ? 1 : 0;
    }
    return seen;
  };
  const std::size_t end = words.ids.size();
  const Parts parts{words.train_end, words.val_end - words.train_end, end - words.val_end,
                    seen_in(words.train_end, words.val_end), seen_in(words.val_end, end)};
  diagnosis.parts = parts;
  if (parts.val_seen + parts.test_seen == 0) {
    return;
  }
  const auto share = [](std::size_t seen, std::size_t all) {
    return static_cast<double>(seen) / static_cast<double>(all);
  };
  const bool much = share(parts.val_seen, parts.val) > kMuchSeen;
  diagnosis.findings.push_back(
      {much ? Severity::warning : Severity::note,
       "leak",
       fmt::format("after the split with seed {}, {} of {} val words ({:.1f} %) and {} of {} test "
                   "words ({:.1f} %) also stand in train",
                   seed, parts.val_seen, parts.val, 100 * share(parts.val_seen, parts.val),
                   parts.test_seen, parts.test, 100 * share(parts.test_seen, parts.test)),
       {},
       diagnosis.different < kFewestWords
           ? kGiveMore
           : "train with --dedup to judge only by words that training has not met"});
}

// Characters that a part holds and train does not.
void add_untrained(const Shuffled& words, const Lines& lines, Diagnosis& diagnosis) {
  std::unordered_set<char32_t> known;
  std::u32string word;
  std::string ignored;
  for (std::size_t i = 0; i < words.train_end && known.size() < diagnosis.alphabet.size(); ++i) {
    decode_utf8_parts(lines.text(words.ids[i]), word, ignored);
    known.insert(word.begin(), word.end());
  }
  std::vector<const CharacterCount*> missing;
  for (const CharacterCount& entry : diagnosis.alphabet) {
    if (!known.contains(entry.character)) {
      missing.push_back(&entry);
    }
  }
  if (!missing.empty()) {
    const bool one = missing.size() == 1;
    diagnosis.findings.push_back(
        {Severity::note,
         "characters never trained",
         fmt::format("{} only in val or test, so a model cannot learn {}",
                     counted(missing.size(), "character") + (one ? " stands" : " stand"),
                     one ? "it" : "them"),
         {},
         "remove the words with them, or add more such words",
         {},
         details_of(missing)});
  }
}

void judge_words(std::string_view bytes, const Lines& lines, const DoctorOptions& options,
                 Diagnosis& diagnosis) {
  if (lines.ids().empty()) {
    parse_words(bytes, diagnosis.source);  // says so
  }
  const Shuffled words = shuffled(lines, options, diagnosis.source);
  add_seen(words, lines, options.split_seed, diagnosis);
  add_untrained(words, lines, diagnosis);
  if (words.ids.size() < kFewWords) {
    diagnosis.findings.push_back(
        {Severity::note,
         "few words",
         fmt::format("{}; a model soon knows so few by heart", counted(words.ids.size(), "word")),
         {},
         "watch the loss on val; more words help most"});
  }
}

void judge_text(std::string_view bytes, const DoctorOptions& options, Diagnosis& diagnosis,
                std::string& advice) {
  const auto line_feeds = std::count(bytes.begin(), bytes.end(), '\n');
  const auto characters = static_cast<std::size_t>(diagnosis.characters + line_feeds);
  if (characters == 0) {
    parse_text(bytes, diagnosis.source);  // says so
  }
  const auto train = static_cast<std::int64_t>(
      characters - val_size(characters, diagnosis.source, options.val_share));
  if (options.piece > 0) {  // throws where training would
    const std::int64_t longest = longest_piece(train, options.receptive_field);
    if (longest > 0) {
      advice = fmt::format("train with --set data.piece={}, or give more data", longest);
    }
    count_pieces(train,
                 {.batch = 1, .length = options.piece, .receptive_field = options.receptive_field});
  }
}

// Running text is full of commas, and rows of words are as long as its lines: one of the two says
// all.
void tell_text_from_rows(Diagnosis& diagnosis) {
  std::vector<Finding>& findings = diagnosis.findings;
  const auto has = [&](std::string_view rule, std::size_t lines) {
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.rule == rule && finding.where.lines() >= lines;
    });
  };
  const bool rows = has(kSeveralWords, diagnosis.filled() / 2);
  const bool text = !rows && has("running text", 0);
  std::erase_if(findings, [&](const Finding& finding) {
    const bool table = finding.rule == "columns" || finding.rule == kSeveralWords;
    return (rows && finding.rule == "running text") ||
           (text && table && finding.severity != Severity::error);
  });
}

// What the loader says of a file in which no line is at fault.
void judge_whole(std::string_view bytes, const Lines& lines, const DoctorOptions& options,
                 Diagnosis& diagnosis) {
  std::string advice = options.dedup ? kGiveMore : "give more data";
  try {
    if (options.format == Format::lines) {
      judge_words(bytes, lines, options, diagnosis);
    } else {
      judge_text(bytes, options, diagnosis, advice);
    }
  } catch (const Error& error) {
    std::string what = error.what();
    const std::string prefix = diagnosis.source + ": ";
    what = what.starts_with(prefix) ? what.substr(prefix.size()) : what;
    diagnosis.findings.push_back({Severity::error, "too little data", what, {}, advice});
  }
}

}  // namespace

bool Diagnosis::has(Severity severity) const { return findings_of(findings, severity) > 0; }

std::vector<std::string> details_of(const std::vector<const CharacterCount*>& entries) {
  constexpr std::size_t kShown = 12;
  std::vector<std::string> details;
  for (std::size_t i = 0; i < std::min(entries.size(), kShown); ++i) {
    const CharacterCount& entry = *entries[i];
    details.push_back(fmt::format("{}: {} ({})", described(entry.character),
                                  entry.count == 1 ? "once" : fmt::format("{} times", entry.count),
                                  entry.where.text()));
  }
  if (entries.size() > kShown) {
    details.push_back(fmt::format("and {} more", entries.size() - kShown));
  }
  return details;
}

bool are_few(std::size_t lines, const Diagnosis& diagnosis) {
  return lines < diagnosis.filled() &&
         (lines == 1 ||
          static_cast<double>(lines) < kFew * static_cast<double>(diagnosis.filled()));
}

std::string lines_hold(const Places& where, std::string_view what) {
  return fmt::format("{} {} {}", counted(where.lines(), "line"),
                     where.lines() == 1 ? "holds" : "hold", what);
}

std::string lines_that_hold(const Places& where, const Diagnosis& diagnosis) {
  return where.lines() == diagnosis.filled()
             ? "every line holds"
             : fmt::format("{} of {} {}", where.lines(), counted(diagnosis.filled(), "line"),
                           where.lines() == 1 ? "holds" : "hold");
}

std::string mended_by(std::string_view filter, const Diagnosis& diagnosis, std::string_view more) {
  const std::string& source = diagnosis.source;
  if (source == kStdin || source == kEmbedded) {
    return "";
  }
  // A name that begins with a hyphen would be an option.
  const std::string path = shell_word(source.starts_with('-') ? "./" + source : source);
  if (diagnosis.byte_order_mark) {  // which would hide what line 1 begins with
    filter.remove_suffix(filter.ends_with(" <") ? 2 : 0);
    return fmt::format("tail -c +{} {} | {}{} > {}", kByteOrderMark.size() + 1, path, filter, more,
                       diagnosis.fixed);
  }
  return fmt::format("{} {}{} > {}", filter, path, more, diagnosis.fixed);
}

std::string kept_by(std::string_view filter, bool titles, bool quoted, const Diagnosis& diagnosis) {
  const std::string quotes = quoted ? " | tr -d '\"'" : "";
  return titles ? mended_by("tail -n +2", diagnosis, fmt::format(" | {}{}", filter, quotes))
                : mended_by(filter, diagnosis, quotes);
}

Diagnosis diagnose(std::string_view bytes, const std::string& source, const DoctorOptions& options,
                   const Between& between) {
  Diagnosis diagnosis;
  diagnosis.source = source;
  diagnosis.fixed = options.fixed;
  diagnosis.format = options.format;
  if (std::optional<Finding> other = other_format(bytes, diagnosis)) {
    diagnosis.findings.push_back(std::move(*other));
    return diagnosis;
  }
  Lines lines(bytes);
  Checks checks;
  checks.push_back(encoding_check());
  if (options.format == Format::lines) {
    checks.push_back(tables_check());
    checks.push_back(columns_check());
  }
  checks.push_back(signs_check(options));
  checks.push_back(characters_check(options));
  checks.push_back(decoded_twice_check());
  checks.push_back(lengths_check(options));
  checks.push_back(repeats_check(options, lines));
  see_all(bytes, checks, between, diagnosis);
  for (const std::unique_ptr<Check>& check : checks) {
    between(1);
    check->conclude(diagnosis);
  }
  tell_text_from_rows(diagnosis);
  if (!diagnosis.has(Severity::error)) {
    judge_whole(bytes, lines, options, diagnosis);
  }
  sort_by_severity(diagnosis.findings);
  return diagnosis;
}

}  // namespace wavenet::data
