// What the doctor makes of encodings from before UTF-8; the C library writes them.
#include <iconv.h>

#include "tests/data/doctor.h"
#include "wavenet/base/utf8.h"

namespace wavenet::data {
namespace {

std::string converted(std::string text, const std::string& from, const std::string& to) {
  const iconv_t converter = ::iconv_open(to.c_str(), from.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return "";
  }
  std::string output(4 * text.size() + 16, '\0');
  char* in = text.data();
  char* out = output.data();
  std::size_t left = text.size();
  std::size_t room = output.size();
  EXPECT_EQ(::iconv(converter, &in, &left, &out, &room), 0U) << from << " to " << to;
  ::iconv_close(converter);
  output.resize(output.size() - room);
  return output;
}

// 400 words of these parts, the same at every call.
std::string words_of(const std::vector<std::string>& parts) {
  std::string list;
  const std::size_t n = parts.size();
  for (std::size_t i = 0; i < 400; ++i) {
    list += parts[i % n] + parts[(i * 7 + i / n) % n] + (i % 3 == 0 ? parts[i / 3 % n] : "") + "\n";
  }
  return list;
}

struct Written {
  const char* encoding;
  std::vector<std::string> parts;
};

const std::vector<Written>& written() {
  static const std::vector<Written> all{
      {"GB18030",
       {"王", "李", "张", "伟", "芳", "娜", "秀", "英", "敏", "静", "丽", "强", "磊", "军",
        "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "兰", "霞", "平", "刚", "桂"}},
      {"BIG5", {"陳", "林", "黃", "張", "李", "王", "吳", "劉", "蔡", "楊", "美", "玲",
                "淑", "芬", "志", "明", "俊", "傑", "雅", "婷", "怡", "君", "家", "豪"}},
      {"EUC-KR", {"김", "이", "박", "최", "정", "민", "준", "서", "연", "지",
                  "우", "하", "은", "도", "윤", "시", "현", "수", "아", "영"}},
      {"SHIFT_JIS",
       {"さくら", "はると", "ゆい", "太郎", "花子", "ひなた", "そうた", "あおい", "みお", "健",
        "ケンジ", "ユキ"}},
      {"EUC-JP",
       {"さくら", "はると", "ゆい", "太郎", "花子", "ひなた", "そうた", "あおい", "みお", "健",
        "ケンジ", "ユキ"}},
      {"KOI8-R",
       {"анна", "мария", "ольга", "сергей", "иван", "наталья", "дмитрий", "елена", "пётр",
        "татьяна", "владимир", "ирина"}},
      {"WINDOWS-1251",
       {"Анна", "мария", "Ольга", "сергей", "Иван", "наталья", "дмитрий", "елена", "татьяна",
        "владимир", "ирина"}},
      {"IBM866",
       {"анна", "мария", "ольга", "сергей", "иван", "наталья", "дмитрий", "елена", "татьяна",
        "владимир", "ирина"}}};
  return all;
}

TEST(Doctor, TellsLegacyEncodings) {
  for (const Written& each : written()) {
    const std::string bytes = converted(words_of(each.parts), "UTF-8", each.encoding);
    if (bytes.empty()) {
      GTEST_SKIP() << "the C library knows no " << each.encoding;
    }
    const std::string command = std::string("iconv -f ") + each.encoding + " -t UTF-8 words.txt";
    EXPECT_EQ(only(of(bytes), "not UTF-8").command, command + " > fixed.txt");
    // Between lines of ASCII too.
    EXPECT_EQ(only(of(word_list(300) + bytes), "not UTF-8").command, command + " > fixed.txt");
  }
}

TEST(Doctor, TellsLegacyEncodingsThatWereReadAsLatin) {
  for (const Written& each : written()) {
    const std::string bytes = converted(words_of(each.parts), "UTF-8", each.encoding);
    if (bytes.empty()) {
      GTEST_SKIP() << "the C library knows no " << each.encoding;
    }
    const Diagnosis found = of(converted(bytes, "ISO-8859-1", "UTF-8"));
    EXPECT_TRUE(grave(found)) << each.encoding;
    EXPECT_EQ(only(found, "decoded wrongly").command,
              std::string("iconv -f UTF-8 -t ISO-8859-1 words.txt | iconv -f ") + each.encoding +
                  " -t UTF-8 > fixed.txt");
  }
}

TEST(Doctor, TellsWesternEncodingsFromOthers) {
  const std::vector<std::string> french{"zoé",  "rené",  "hélène", "françois",
                                        "noël", "anaïs", "jean"};
  const std::string bytes = converted(words_of(french), "UTF-8", "WINDOWS-1252");
  EXPECT_EQ(only(of(bytes), "not UTF-8").command,
            "iconv -f WINDOWS-1252 -t UTF-8 words.txt > fixed.txt");
  const std::vector<std::string> capitals{"ÉLÉONORE", "ZOÉ", "ÅSE", "ÖÖÄ", "ÍÓN", "MÍŠA"};
  for (const std::vector<std::string>& parts : {french, capitals}) {
    for (const Finding& finding : of(words_of(parts)).findings) {
      EXPECT_FALSE(finding.rule.starts_with("decoded")) << finding.what;
    }
  }
  // Windows-1250 has letters where Windows-1252 has signs: no command fits.
  const std::vector<std::string> polish{"łucja", "żaneta", "wąsik", "święto", "józef"};
  const Finding finding =
      only(of(converted(words_of(polish), "UTF-8", "WINDOWS-1250")), "not UTF-8");
  EXPECT_EQ(finding.command, "");
  EXPECT_NE(finding.advice.find("do not tell"), std::string::npos) << finding.advice;
  // Turkish and Lithuanian have letters where Windows-1252 has those of Icelandic.
  const std::vector<std::string> icelandic{"þórdís", "guðrún", "sigríður", "jón", "ýr", "ægir"};
  EXPECT_EQ(only(of(converted(words_of(icelandic), "UTF-8", "WINDOWS-1252")), "not UTF-8").command,
            "iconv -f WINDOWS-1252 -t UTF-8 words.txt > fixed.txt");
  const std::vector<std::string> turkish{"ayşe", "yıldız", "doğan", "çiğdem", "gül", "ali"};
  const std::vector<std::string> lithuanian{"šarūnas", "živilė", "jonas", "rūta", "agnė"};
  for (const auto& [encoding, parts] :
       std::vector<Written>{{"ISO-8859-9", turkish}, {"WINDOWS-1257", lithuanian}}) {
    EXPECT_EQ(only(of(converted(words_of(parts), "UTF-8", encoding)), "not UTF-8").command, "")
        << encoding;
  }
  // Mostly UTF-8.
  const std::string few = with_line(words_of(french), 9, "zo\xEB");
  EXPECT_NE(only(of(few), "not UTF-8").advice.find("by hand"), std::string::npos);
}

}  // namespace
}  // namespace wavenet::data
