#include "text/charset_labels.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/ascii.h"
#include "text/html_bytes.h"

namespace sakuin::text {
namespace {

constexpr auto kUtf8 = CharsetDecoder::kUtf8;
constexpr auto kIcu = CharsetDecoder::kIcu;
constexpr auto kIconv = CharsetDecoder::kIconv;

// Where the standard and ICU call different tables by one name, the converter is the
// table that Windows and browsers use. gb18030 reads all that GBK can hold.
constexpr Charset kCharsets[] = {
    {"UTF-8", kUtf8, "UTF-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8"},
    {"windows-1252", kIcu, "ibm-5348_P100-1997",
     "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii "
     "x-cp1252"},
    {"Shift_JIS", kIcu, "ibm-943_P15A-2003", "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis cp932"},
    {"EUC-JP", kIcu, "euc-jp-2007", "cseucpkdfmtjapanese x-euc-jp"},
    {"ISO-2022-JP", kIcu, "ISO_2022,locale=ja,version=2", "csiso2022jp"},
    {"EUC-KR", kIcu, "windows-949-2000",
     "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cp949 uhc"},
    {"GBK", kIcu, "gb18030", "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk cp936"},
    {"gb18030", kIcu, "gb18030", ""},
    {"Big5", kIcu, "ibm-1375_P100-2008", "big5-hkscs cn-big5 csbig5 x-x-big5 cp950"},
    {"windows-1250", kIcu, "ibm-5346_P100-1998", "cp1250 x-cp1250"},
    {"windows-1251", kIcu, "ibm-5347_P100-1998", "cp1251 x-cp1251"},
    {"windows-1253", kIcu, "ibm-5349_P100-1998", "cp1253 x-cp1253"},
    {"windows-1254", kIcu, "ibm-5350_P100-1998",
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254"},
    {"windows-1255", kIcu, "ibm-9447_P100-2002", "cp1255 x-cp1255"},
    {"windows-1256", kIcu, "ibm-9448_X100-2005", "cp1256 x-cp1256"},
    {"windows-1257", kIcu, "ibm-9449_P100-2002", "cp1257 x-cp1257"},
    {"windows-1258", kIcu, "ibm-5354_P100-1998", "cp1258 x-cp1258"},
    {"windows-874", kIcu, "windows-874-2000", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"},
    {"KOI8-R", kIcu, "ibm-878_P100-1996", "cskoi8r koi koi8 koi8_r"},
    {"KOI8-U", kIcu, "ibm-1168_P100-2002", "koi8-ru"},
    {"IBM866", kIcu, "ibm-866_P100-1995", "866 cp866 csibm866"},
    {"macintosh", kIcu, "macos-0_2-10.2", "csmacintosh mac x-mac-roman"},
    {"x-mac-cyrillic", kIcu, "macos-7_3-10.2", "x-mac-ukrainian mac-cyrillic"},
    {"ISO-8859-2", kIcu, "ibm-912_P100-1995", "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"},
    {"ISO-8859-3", kIcu, "ibm-913_P100-2000", "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"},
    {"ISO-8859-4", kIcu, "ibm-914_P100-1995", "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"},
    {"ISO-8859-5", kIcu, "ibm-915_P100-1995", "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"},
    {"ISO-8859-6", kIcu, "ibm-1089_P100-1995",
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 "
     "iso_8859-6:1987"},
    {"ISO-8859-7", kIcu, "ibm-9005_X110-2007",
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"},
    {"ISO-8859-8", kIcu, "ibm-5012_P100-1999",
     "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual"},
    {"ISO-8859-8-I", kIcu, "ibm-5012_P100-1999", "csiso88598i logical"},
    {"ISO-8859-10", kIcu, "iso-8859_10-1998", "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"ISO-8859-13", kIcu, "ibm-921_P100-1995", "iso8859-13 iso885913"},
    {"ISO-8859-14", kIcu, "iso-8859_14-1998", "iso8859-14 iso885914"},
    {"ISO-8859-15", kIcu, "ibm-923_P100-1998", "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9"},
    {"ISO-8859-16", kIconv, "ISO-8859-16", ""},
    {"UTF-16LE", kIcu, "UTF-16LE", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16"},
    {"UTF-16BE", kIcu, "UTF-16BE", "unicodefffe"},
    // What browsers refuse or do not know, and old files are written in.
    {"UTF-32LE", kIcu, "UTF-32LE", "utf-32", false},
    {"UTF-32BE", kIcu, "UTF-32BE", "", false},
    {"ISO-2022-KR", kIcu, "ISO_2022,locale=ko,version=0", "csiso2022kr", false},
    {"ISO-2022-CN", kIcu, "ISO_2022,locale=zh,version=1", "iso-2022-cn-ext", false},
    {"HZ-GB-2312", kIcu, "HZ", "hz", false},
    {"EUC-TW", kIcu, "euc-tw-2014", "", false},
    {"IBM852", kIcu, "ibm-852_P100-1995", "cp852", false},
    {"IBM855", kIcu, "ibm-855_P100-1995", "cp855", false},
    {"MAC-CENTRALEUROPE", kIcu, "macos-29-10.2", "", false},
    {"VISCII", kIconv, "VISCII", "", false},
};

using LabelMap = std::map<std::string, const Charset*, std::less<>>;

LabelMap MakeLabelMap() {
  LabelMap map;
  for (const Charset& charset : kCharsets) {
    map.emplace(LowerAscii(charset.name), &charset);
    for (std::string_view rest = charset.labels; !rest.empty();) {
      const size_t end = std::min(rest.find(' '), rest.size());
      map.emplace(rest.substr(0, end), &charset);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return map;
}

}  // namespace

const Charset* FindCharset(std::string_view label) {
  static const LabelMap map = MakeLabelMap();
  while (!label.empty() && IsHtml(label.front(), kHtmlSpace)) label.remove_prefix(1);
  while (!label.empty() && IsHtml(label.back(), kHtmlSpace)) label.remove_suffix(1);
  if (label.empty() || label.size() > kMaxCharsetLabelBytes) return nullptr;
  const auto found = map.find(LowerAscii(label));
  return found == map.end() ? nullptr : found->second;
}

}  // namespace sakuin::text
