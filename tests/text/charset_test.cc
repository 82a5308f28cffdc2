// Encodings: names, marks, what pages say of themselves, guesses. The samples of
// the uchardet project and the cases of html5lib are not part of this tree: they are
// looked for in $SAKUIN_DATA/crawler, by default below ~/.cache/sakuin-data.

#include "text/charset.h"

#include <gtest/gtest.h>
#include <iconv.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>

#include "text/charset_guess.h"
#include "text/charset_prescan.h"
#include "text/utf8_repair.h"

namespace sakuin::text {
namespace {

using namespace std::string_literals;

std::string Describe(std::string_view bytes, std::string_view label = {}, bool markup = true) {
  std::string buffer;
  const DecodedText text = DecodeText(bytes, {.label = label, .markup = markup}, buffer);
  return std::string(text.charset->name) + " " + std::string(CharsetSourceName(text.source)) + " " + std::to_string(text.replaced) + " " +
         std::string(text.text);
}

std::filesystem::path CrawlerData() {
  const char* data = std::getenv("SAKUIN_DATA");
  const char* home = std::getenv("HOME");
  const std::filesystem::path cache = std::filesystem::path(home != nullptr ? home : "") / ".cache/sakuin-data";
  return (data != nullptr ? std::filesystem::path(data) : cache) / "crawler";
}

std::string ReadBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(CharsetLabels, MeanWhatTheWebMeans) {
  const auto name = [](std::string_view label) { return FindCharset(label) == nullptr ? "none" : std::string(FindCharset(label)->name); };
  EXPECT_EQ(name("ks_c_5601-1987"), "EUC-KR");
  EXPECT_EQ(name("ISO-8859-1"), "windows-1252");
  EXPECT_EQ(name("US-ASCII"), "windows-1252");
  EXPECT_EQ(name("gb2312"), "GBK");
  EXPECT_EQ(name("\t Shift_JIS\n"), "Shift_JIS");
  EXPECT_EQ(name("x-sjis"), "Shift_JIS");
  EXPECT_EQ(name("iso-8859-9"), "windows-1254");
  EXPECT_EQ(name("TIS-620"), "windows-874");
  EXPECT_EQ(name("utf8"), "UTF-8");
  EXPECT_EQ(name("unicode"), "UTF-16LE");
  EXPECT_EQ(name("klingon"), "none");
  EXPECT_EQ(name(""), "none");
  EXPECT_EQ(name(std::string(100, 'u')), "none");
}

// Every converter that the table names is there: a letter of ASCII survives each.
TEST(CharsetLabels, EveryConverterOpens) {
  for (const char* label : {"utf-8",        "windows-1252", "shift_jis",         "euc-jp",       "iso-2022-jp",
                            "euc-kr",       "gbk",          "gb18030",           "big5",         "windows-1250",
                            "windows-1251", "windows-1253", "windows-1254",      "windows-1255", "windows-1256",
                            "windows-1257", "windows-1258", "windows-874",       "koi8-r",       "koi8-u",
                            "ibm866",       "macintosh",    "x-mac-cyrillic",    "iso-8859-2",   "iso-8859-3",
                            "iso-8859-4",   "iso-8859-5",   "iso-8859-6",        "iso-8859-7",   "iso-8859-8",
                            "iso-8859-8-i", "iso-8859-10",  "iso-8859-13",       "iso-8859-14",  "iso-8859-15",
                            "iso-8859-16",  "iso-2022-kr",  "iso-2022-cn",       "hz-gb-2312",   "euc-tw",
                            "ibm852",       "ibm855",       "mac-centraleurope", "viscii"}) {
    const Charset* const charset = FindCharset(label);
    ASSERT_NE(charset, nullptr) << label;
    std::string out = "<";
    EXPECT_EQ(AppendDecoded(out, "a", *charset), 0U) << label;
    EXPECT_EQ(out, "<a") << label;
  }
}

TEST(Charset, WhoSaysItFirst) {
  EXPECT_EQ(Describe("\xEF\xBB\xBF\xED\x95\x9C", "euc-kr"), "UTF-8 bom 0 한");
  EXPECT_EQ(Describe("\xFF\xFE" + "a\0\x5C\xD5"s), "UTF-16LE bom 0 a한");
  EXPECT_EQ(Describe("\xFE\xFF" + "\0a\xD5\x5C"s), "UTF-16BE bom 0 a한");
  EXPECT_EQ(Describe("<meta charset=utf-8>\xC7\xD1", "euc-kr"), "EUC-KR header 0 <meta charset=utf-8>한");
  EXPECT_EQ(Describe("<meta charset=euc-kr>\xC7\xD1", "klingon"), "EUC-KR meta 0 <meta charset=euc-kr>한");
  EXPECT_EQ(Describe("<meta charset=euc-kr>\xED\x95\x9C", {}, false), "UTF-8 detected 0 <meta charset=euc-kr>한");
  EXPECT_EQ(Describe(std::string(1024, ' ') + "<meta charset=euc-kr>\xC7\xD1").substr(0, 13), "EUC-KR meta 0");
  EXPECT_EQ(Describe("plain"), "UTF-8 detected 0 plain");
  EXPECT_EQ(Describe(""), "UTF-8 detected 0 ");
}

TEST(Charset, WhatCannotBeDecoded) {
  EXPECT_EQ(Describe("ééééééé\xFF", "utf-8"), "UTF-8 header 1 ééééééé\uFFFD");
  EXPECT_EQ(Describe("\x82\xA0\x82<\xFD", "shift_jis"), "Shift_JIS header 2 あ\uFFFD<\uFFFD");
  EXPECT_EQ(Describe("\xC7\xD1\xC7", "euc-kr"), "EUC-KR header 1 한\uFFFD");
  EXPECT_EQ(Describe("a\0\0\xD8"
                     "b\0"s,
                     "utf-16le"),
            "UTF-16LE header 1 a\uFFFDb");
  EXPECT_EQ(Describe("<p>text", "utf-16"), "UTF-8 detected 0 <p>text");
}

// As browsers read it, however few letters outside ASCII there are beside.
TEST(Charset, AFewBrokenBytesOfNamedUtf8AreReplaced) {
  EXPECT_EQ(Describe("plain text with one \x92 in it", "utf-8"), "UTF-8 header 1 plain text with one \uFFFD in it");
  EXPECT_EQ(Describe("<meta charset=utf-8>caf\xE9 cr\xE8me"), "UTF-8 meta 2 <meta charset=utf-8>caf\uFFFD cr\uFFFDme");
  std::string cut;
  for (size_t i = 0; i < 4 * kFewestBroken; ++i) cut += "글자 글자 글\xEC\x9E ";
  EXPECT_TRUE(Describe(cut, "utf-8").starts_with("UTF-8 header 64 ")) << "many, and most are sound";
}

TEST(Charset, NamedUtf8IsNotBelievedWhereMostIsNone) {
  const auto times = [](std::string_view piece, size_t count) {
    std::string text;
    while (count-- > 0) text += piece;
    return text;
  };
  const std::string korean = "\xC7\xD1\xB1\xDB\xB7\xCE \xBE\xB4 \xB1\xDB\xC0\xCC\xB4\xD9. ";  // 한글로 쓴 글이다.
  const std::string russian = "\xFD\xF2\xEE \xED\xE5\xE1\xEE\xEB\xFC\xF8\xEE\xE9 \xF2\xE5\xEA\xF1\xF2 ";  // это небольшой текст
  const std::string japanese = "\x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\x82\xC5\x82\xB7\x81\x42";   // これは日本語です。
  EXPECT_TRUE(Describe(times(korean, 8), "utf-8").starts_with("EUC-KR detected 0 한글로"));
  EXPECT_TRUE(Describe(times(russian, 8), "utf-8").starts_with("windows-1251 detected 0 это"));
  EXPECT_TRUE(Describe("<meta charset=utf-8>" + times(japanese, 8)).starts_with("Shift_JIS detected 0 <meta charset=utf-8>これは"));
  EXPECT_TRUE(Describe(times("\xE9 ", kFewestBroken - 1), "utf-8").starts_with("UTF-8 header 15"));
  EXPECT_TRUE(Describe(times("d\xE9j\xE0 vu ", kFewestBroken), "utf-8").starts_with("windows-1252 detected 0"));
}

TEST(Charset, SoundUtf8IsNotCopied) {
  const std::string bytes =
      "\xEF\xBB\xBF"
      "한글";
  std::string buffer;
  const DecodedText text = DecodeText(bytes, {}, buffer);
  EXPECT_EQ(text.text.data(), bytes.data() + 3);
  EXPECT_TRUE(buffer.empty());
}

TEST(CharsetGuess, BytesThatSayIt) {
  EXPECT_EQ(GuessCharset("<\0p\0>\0"s + "a\0b\0c\0d\0"s)->name, "UTF-16LE");
  EXPECT_EQ(GuessCharset("\0<\0p\0>"s + "\0a\0b\0c\0d"s)->name, "UTF-16BE");
  EXPECT_EQ(GuessCharset("\x1B$B4A;z\x1B(B")->name, "ISO-2022-JP");
  EXPECT_EQ(GuessCharset("un caf\xE9 tr\xE8s fort, s'il vous pla\xEEt")->name, "windows-1252");
  EXPECT_EQ(GuessCharset("El precio de la vivienda era de 5 \xA4 en Catalu\xF1"
                         "a, seg\xFAn datos de la sociedad")
                ->name,
            "ISO-8859-15");
  EXPECT_EQ(GuessCharset("한글\xED\x95")->name, "UTF-8");  // cut in a character
  EXPECT_EQ(GuessCharset("한글로 쓴 문장이다\xFF")->name, "UTF-8");
}

// One letter outside ASCII tells a detector little; nobody writes pages in IBM852.
TEST(CharsetGuess, IsOfTheWeb) {
  for (int high = 0x80; high < 0x100; ++high) {
    for (const char* text : {"a nearly plain text with ", "it", "<p>One word, and it ends in "}) {
      const Charset* const guess = GuessCharset(text + std::string(1, static_cast<char>(high)) + " and more of it");
      EXPECT_TRUE(guess->is_of_web) << guess->name << " for " << high;
    }
  }
}

TEST(CharsetPrescan, Declarations) {
  const auto name = [](std::string_view bytes) { return PrescanCharset(bytes) == nullptr ? "none" : std::string(PrescanCharset(bytes)->name); };
  EXPECT_EQ(name("<?xml version='1.0' encoding = \"x-sjis\"?>"), "Shift_JIS");
  EXPECT_EQ(name("<?xml version='1.0' encoding='utf-16'?>"), "UTF-8");
  EXPECT_EQ(name("<meta http-equiv=content-type content='text/html; charset=euc-kr'>"), "EUC-KR");
  EXPECT_EQ(name("<meta content='text/html; charset=euc-kr'>"), "none");
  EXPECT_EQ(name("<!-- <meta charset=euc-kr> --><script a='<meta charset=big5>'></script><META CHARSET=GBK />"), "GBK");
  EXPECT_EQ(name(std::string(1024, ' ') + "<meta charset=euc-kr>"), "none");
  EXPECT_EQ(CharsetInContentType("text/html; Charset = \"UTF-8\"; q=1"), "UTF-8");
  EXPECT_EQ(CharsetInContentType("text/html; charset=utf-8;x"), "utf-8");
  EXPECT_EQ(CharsetInContentType("charset text/html"), "");
}

// The text as glibc reads it, and composed: an opinion that shares nothing with ours.
std::string ByIconv(std::string_view bytes, const std::string& name) {
  const iconv_t descriptor = iconv_open("UTF-8", name.c_str());
  if (descriptor == reinterpret_cast<iconv_t>(-1)) return "no " + name;
  std::string out(bytes.size() * 6 + 16, '\0');
  char* source = const_cast<char*>(bytes.data());
  size_t left = bytes.size();
  char* target = out.data();
  size_t room = out.size();
  const size_t result = iconv(descriptor, &source, &left, &target, &room);
  iconv_close(descriptor);
  if (result == static_cast<size_t>(-1)) return "broken " + name;
  out.resize(static_cast<size_t>(target - out.data()));
  return out.starts_with("\xEF\xBB\xBF") ? out.substr(3) : out;
}

std::string Composed(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString from = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out;
  icu::Normalizer2::getNFCInstance(error)->normalize(from, error).toUTF8String(out);
  return out;
}

// A sample is called like its encoding: ko/euc-kr.smi, fr/utf-16.be.
std::string NameOfSample(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  const std::string name = path.stem().string() + (extension == ".be" || extension == ".le" ? extension.substr(1) : "");
  if (name == "mac-cyrillic") return "MAC-CYRILLIC";
  return name == "euc-kr" ? "UHC" : name;
}

void CheckSample(const std::filesystem::path& path) {
  SCOPED_TRACE(path.parent_path().filename() / path.filename());
  const std::string bytes = ReadBytes(path);
  const std::string name = NameOfSample(path);
  const std::string wanted = Composed(ByIconv(bytes, name));
  std::string buffer;
  const DecodedText labelled = DecodeText(bytes, {.label = name, .markup = false}, buffer);
  EXPECT_EQ(Composed(labelled.text), wanted);
  EXPECT_EQ(labelled.replaced, 0U);
  std::string other;
  const DecodedText detected = DecodeText(bytes, {.label = {}, .markup = false}, other);
  EXPECT_TRUE(detected.charset->may_be_guessed()) << detected.charset->name;
  if (!labelled.charset->may_be_guessed()) return;
  EXPECT_EQ(Composed(detected.text), wanted) << detected.charset->name;
}

TEST(CharsetSamples, EverySampleByNameAndByGuess) {
  const std::filesystem::path folder = CrawlerData() / "charset/test";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "the charset samples are not in " << folder << " (set SAKUIN_DATA)";
  int samples = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "CMakeLists.txt") continue;
    ++samples;
    CheckSample(entry.path());
  }
  EXPECT_GE(samples, 58);
}

// "#data\n...\n#encoding\nname": where nothing is declared the cases want windows-1252.
int CheckCases(const std::filesystem::path& path) {
  const std::string text = ReadBytes(path);
  int cases = 0;
  for (size_t at = text.find("#data\n"); at != std::string::npos; at = text.find("#data\n", at + 1)) {
    const size_t end = text.find("\n#encoding\n", at);
    if (end == std::string::npos) break;
    const std::string data = text.substr(at + 6, end - at - 6);
    const size_t name_at = end + 11;
    const Charset* const wanted = FindCharset(text.substr(name_at, text.find('\n', name_at) - name_at));
    const Charset* found = CharsetOfBom(data).charset;
    if (found == nullptr) found = PrescanCharset(data, kCharsetLateBytes);
    if (found == nullptr) found = FindCharset("windows-1252");
    EXPECT_EQ(found->name, wanted == nullptr ? "unknown" : wanted->name) << data.substr(0, 200);
    ++cases;
  }
  return cases;
}

TEST(CharsetSamples, EveryDeclarationOfHtml5lib) {
  const std::filesystem::path folder = CrawlerData() / "html5lib/encoding";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "the cases of html5lib are not in " << folder << " (set SAKUIN_DATA)";
  EXPECT_GE(CheckCases(folder / "tests1.dat") + CheckCases(folder / "tests2.dat"), 80);
}

}  // namespace
}  // namespace sakuin::text
