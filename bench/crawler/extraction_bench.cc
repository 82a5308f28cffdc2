// extraction_bench: how fast pages are read, in MB/s of HTML and time of one core.
//
//   extraction_bench FOLDER [PASSES]    every *.html below FOLDER
//   extraction_bench --articles N [PASSES]    N articles of about 20 KB, made here: prose with a menu, a list and a footer,
//                                             every fourth in Japanese, Korean or Chinese; half say their
//                                             language and have JSON-LD
//
// Stages, each over all pages: the tokenizer alone; text::ReadHtmlPage (text, title, links, headings); text::ReadPage
// (with charset and language); crawler::FingerprintOf of what was read; and, where libgumbo is installed, a tree by Gumbo
// with title, text, links and headings taken from it. The stages take turns, the best pass of each counts. One JSON object
// on standard output.
#ifdef SAKUIN_WITH_GUMBO
#include <gumbo.h>
#endif

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/simhash.h"
#include "text/html_page.h"
#include "text/html_tokenizer.h"
#include "text/page_reader.h"

namespace sakuin::crawler {
namespace {

using Pages = std::vector<std::string>;

// Of this thread on a core: a machine that does other things as well changes them little.
double Seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Pages ReadPages(const std::string& folder) {
  Pages pages;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".html") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    pages.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::ranges::sort(pages);
  return pages;
}

// ---- Articles

constexpr std::string_view kEnglish[] = {
    "the",     "a",        "of",      "and",   "in",      "to",    "is",     "was",   "harbour", "winter",  "people", "from",   "with",   "letters",
    "between", "they",     "old",     "water", "village", "river", "boats",  "every", "morning", "carried", "bread",  "across", "bridge", "before",
    "small",   "children", "teacher", "house", "another", "years", "market", "that",  "had",     "been",    "built",  "when",   "merchants"};
constexpr std::string_view kJapanese[] = {"港の朝は", "早く始まり、", "漁師たちは", "船を出して", "網を上げる。", "町では", "パンを焼く", "香りがして、",
                                          "子供たちが", "橋を渡って", "学校へ行く。"};
constexpr std::string_view kKorean[] = {"항구의 ", "아침은 ", "일찍 ", "시작되고 ", "어부들은 ", "배를 ", "띄운다. ", "마을에서는 ", "빵을 ", "굽는 ",
                                        "냄새가 ", "나며 ", "아이들이 ", "다리를 ", "건너 ", "학교에 ", "간다. "};
constexpr std::string_view kChinese[] = {"港口的早晨", "开始得很早，", "渔民们", "驾着小船", "出海捕鱼。", "村子里", "飘着", "面包的香味，", "孩子们", "走过桥",
                                         "去上学。"};

constexpr size_t kArticleBytes = 20'000;

class ArticleWriter {
 public:
  explicit ArticleWriter(uint64_t number) : random_(number), number_(number) {
    const std::string_view codes[] = {"ja", "ko", "zh"};
    if (number % 4 == 3) code_ = codes[number / 4 % 3];
  }

  std::string Write() {
    Head();
    Menu();
    html_ += "<main><article class=\"post post-" + std::to_string(number_) + "\">\n<h1 class=\"title\">" + Prose(6) + "</h1>\n";
    html_ += "<p class=\"meta\">By <a rel=\"author\" href=\"/people/anna\">Anna</a>, <time datetime=\"2024-03-07\">7 March 2024</time></p>\n";
    for (size_t section = 0; html_.size() < kArticleBytes - 3'000; ++section) Section(section);
    html_ += "</article></main>\n";
    Footer();
    return std::move(html_);
  }

 private:
  size_t Upto(size_t limit) { return random_() % limit; }

  std::string Prose(size_t words) {
    if (code_ == "ja") return Joined(kJapanese, words, "");
    if (code_ == "ko") return Joined(kKorean, words, "");
    if (code_ == "zh") return Joined(kChinese, words, "");
    return Joined(kEnglish, words, " ");
  }

  template <size_t kSize>
  std::string Joined(const std::string_view (&words)[kSize], size_t count, std::string_view between) {
    std::string out;
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) out += i % 11 == 0 && !between.empty() ? std::string_view(", ") : between;
      out += words[Upto(kSize)];
    }
    return out;
  }

  std::string Address() { return "/archive/20" + std::to_string(10 + Upto(15)) + "/story-" + std::to_string(Upto(100'000)) + ".html"; }
  std::string Link(size_t words) { return "<a class=\"link\" href=\"" + Address() + "\">" + Prose(words) + "</a>"; }

  void Head() {
    html_ = "<!DOCTYPE html>\n<html";
    if (number_ % 2 == 0) html_ += " lang=\"" + std::string(code_.empty() ? "en" : code_) + "\"";
    html_ += ">\n<head>\n<meta charset=\"utf-8\">\n<title>" + Prose(6) + " &#8211; Harbour News</title>\n";
    html_ += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"description\" content=\"" + Prose(20) + "\">\n";
    html_ += "<meta property=\"og:title\" content=\"" + Prose(6) + "\">\n<link rel=\"canonical\" href=\"https://news.example" + Address() + "\">\n";
    html_ += "<link rel=\"stylesheet\" href=\"/assets/site.css?v=12\">\n<script src=\"/assets/site.js\" defer></script>\n<style>\n";
    for (size_t i = 0; i < 12; ++i) html_ += "  .box-" + std::to_string(i) + " > a:hover { margin: 0 auto; color: #333; }\n";
    html_ += "</style>\n<script>\nwindow.layers = window.layers || [];\nfor (var i = 0; i < 3 && window.layers; i++) { layers.push('a<b'); }\n";
    html_ += "</script>\n";
    if (number_ % 2 == 0) JsonLd();
    html_ += "</head>\n<body class=\"single wide\">\n";
  }

  void JsonLd() {
    html_ += "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"NewsArticle\",";
    html_ += "\"headline\":\"" + Prose(6);
    html_ += "\",\"datePublished\":\"2024-03-07T08:00:00+01:00\",\"dateModified\":\"2024-03-08T09:30:00+01:00\",\"author\":[{\"@type\":\"Person\",";
    html_ += "\"name\":\"Anna\",\"url\":\"https://news.example/people/anna\"}],\"publisher\":{\"@type\":\"Organization\",\"name\":\"Harbour News\",";
    html_ += "\"logo\":{\"@type\":\"ImageObject\",\"url\":\"https://news.example/logo.png\",\"width\":600,\"height\":60}}}]}</script>\n";
  }

  void Menu() {
    html_ += "<header id=\"top\"><nav class=\"main-menu\" role=\"navigation\">\n  <ul>\n";
    for (size_t i = 0; i < 18; ++i) html_ += "    <li class=\"menu-item\" id=\"item-" + std::to_string(i) + "\">" + Link(2) + "</li>\n";
    html_ += "  </ul>\n</nav></header>\n";
  }

  void Section(size_t number) {
    if (number > 0) html_ += "<h2 id=\"section-" + std::to_string(number) + "\">" + Prose(4) + "</h2>\n";
    for (size_t i = 0; i < 3; ++i) {
      html_ += "<p>" + Prose(30) + " " + Link(3) + " " + Prose(25) + " &amp; <em>" + Prose(3) + "</em> " + Prose(20) + "&rsquo;s " + Prose(8);
      html_ += ".</p>\n";
    }
    html_ += "<ul>\n";
    for (size_t i = 0; i < 4; ++i) html_ += "  <li><strong>" + Prose(2) + ":</strong> " + Prose(9) + "</li>\n";
    html_ += "</ul>\n<figure><img src=\"/images/" + std::to_string(Upto(999)) + ".jpg\" alt=\"" + Prose(4) + "\" width=\"640\" height=\"480\">";
    html_ += "<figcaption>" + Prose(8) + "</figcaption></figure>\n";
  }

  void Footer() {
    html_ += "<aside class=\"sidebar\"><h3>Related</h3>\n<ul>\n";
    for (size_t i = 0; i < 12; ++i) html_ += "<li>" + Link(5) + "</li>\n";
    html_ += "</ul></aside>\n<footer class=\"site-footer\"><div class=\"row\">\n";
    for (size_t i = 0; i < 8; ++i) html_ += "<div class=\"col\">" + Link(1) + "</div>\n";
    for (size_t i = 0; i < 4; ++i) html_ += "<a href='/share?to=" + std::to_string(i) + "&amp;page=" + std::to_string(number_) + "'>Share</a>\n";
    html_ += "</div><p>&copy; 2024 Harbour News</p></footer>\n</body>\n</html>\n";
  }

  std::mt19937_64 random_;
  const uint64_t number_;
  std::string_view code_;  // empty: English
  std::string html_;
};

Pages MakeArticles(size_t count) {
  Pages pages;
  for (size_t i = 0; i < count; ++i) pages.push_back(ArticleWriter(i).Write());
  return pages;
}

// ---- Gumbo

#ifdef SAKUIN_WITH_GUMBO

// Bytes of what was taken, so that nothing is for nothing.
class GumboExtractor {
 public:
  size_t Read(std::string_view html) {
    GumboOutput* const output = gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size());
    Walk(*output->root);
    gumbo_destroy_output(&kGumboDefaultOptions, output);
    size_t bytes = title_.size() + text_.size();
    for (const std::string& link : links_) bytes += link.size();
    for (const std::string& heading : headings_) bytes += heading.size();
    return bytes;
  }

 private:
  void Walk(const GumboNode& node) {
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA) {
      text_ += node.v.text.text;
      return;
    }
    if (node.type != GUMBO_NODE_ELEMENT) return;
    const GumboElement& element = node.v.element;
    if (element.tag == GUMBO_TAG_SCRIPT || element.tag == GUMBO_TAG_STYLE) return;
    if (element.tag == GUMBO_TAG_A) AddLink(element);
    const size_t begin = text_.size();
    for (unsigned i = 0; i < element.children.length; ++i) Walk(*static_cast<const GumboNode*>(element.children.data[i]));
    if (element.tag == GUMBO_TAG_TITLE) title_ = text_.substr(begin);
    if (element.tag >= GUMBO_TAG_H1 && element.tag <= GUMBO_TAG_H6) headings_.push_back(text_.substr(begin));
  }

  void AddLink(const GumboElement& element) {
    const GumboAttribute* const href = gumbo_get_attribute(&element.attributes, "href");
    if (href != nullptr) links_.emplace_back(href->value);
  }

  std::string title_;
  std::string text_;
  std::vector<std::string> links_;
  std::vector<std::string> headings_;
};

#endif

// ---- Stages

size_t CountTokens(std::string_view html) {
  text::HtmlTokenizerOptions options;
  options.scripting = text::HtmlScripting::kOff;
  text::HtmlTokenizer tokenizer(options);
  size_t tokens = 0;
  tokenizer.Feed(html);
  while (tokenizer.Next() != nullptr) ++tokens;
  tokenizer.Finish();
  while (tokenizer.Next() != nullptr) ++tokens;
  return tokens;
}

Page ReadFetched(std::string_view html) {
  Result<text::Page> page = text::ReadPage({.content_type = "text/html; charset=utf-8", .body = html, .agent = "sakuinbot"});
  return page.ok() ? *std::move(page) : Page();
}

struct Stage {
  const char* name;
  std::function<size_t(size_t)> read;  // of the page with this number: something that depends on all of it
  double best = 1e9;                   // seconds
};

std::vector<Stage> StagesOf(const Pages& pages, const std::vector<std::string>& texts) {
  std::vector<Stage> stages;
  stages.push_back({"tokenizer", [&](size_t i) { return CountTokens(pages[i]); }});
  stages.push_back({"html_page", [&](size_t i) { return text::ReadHtmlPage(pages[i]).body.size(); }});
  stages.push_back({"read_page", [&](size_t i) { return ReadFetched(pages[i]).body.size(); }});
  stages.push_back({"fingerprint", [&](size_t i) { return size_t{FingerprintOf(texts[i]).shingles}; }});
#ifdef SAKUIN_WITH_GUMBO
  stages.push_back({"gumbo", [&](size_t i) { return GumboExtractor().Read(pages[i]); }});
#endif
  return stages;
}

double BestOf(const std::vector<Stage>& stages, std::string_view name) {
  const auto found = std::ranges::find(stages, name, [](const Stage& stage) { return std::string_view(stage.name); });
  return found == stages.end() ? 0 : found->best;
}

void Run(const Pages& pages, size_t passes) {
  std::vector<std::string> texts;
  size_t bytes = 0;
  for (const std::string& page : pages) {
    bytes += page.size();
    texts.push_back(ReadFetched(page).body);
  }
  std::vector<Stage> stages = StagesOf(pages, texts);
  size_t sum = 0;
  for (size_t pass = 0; pass < passes; ++pass) {
    for (Stage& stage : stages) {
      const double begin = Seconds();
      for (size_t i = 0; i < pages.size(); ++i) sum += stage.read(i);
      stage.best = std::min(stage.best, Seconds() - begin);
    }
  }
  std::printf("{\"pages\":%zu,\"bytes\":%zu,\"sum\":%zu", pages.size(), bytes, sum);
  for (const Stage& stage : stages) {
    std::printf(",\"%s_mb_s\":%.1f,\"%s_us_per_page\":%.1f", stage.name, static_cast<double>(bytes) / stage.best / 1e6, stage.name,
                stage.best / static_cast<double>(pages.size()) * 1e6);
  }
  const double gumbo = BestOf(stages, "gumbo");
  if (gumbo > 0) std::printf(",\"times_gumbo\":%.2f", gumbo / BestOf(stages, "html_page"));
  std::printf("}\n");
}

}  // namespace
}  // namespace sakuin::crawler

int main(int argc, char** argv) {
  using namespace sakuin::crawler;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool makes = !arguments.empty() && arguments[0] == "--articles";
  const size_t behind = makes ? 2 : 1;
  if (arguments.size() < behind || arguments.size() > behind + 1) {
    std::fprintf(stderr, "usage: extraction_bench FOLDER [PASSES]\n       extraction_bench --articles N [PASSES]\n");
    return 2;
  }
  const Pages pages = makes ? MakeArticles(std::stoull(arguments[1])) : ReadPages(arguments[0]);
  if (pages.empty()) {
    std::fprintf(stderr, "extraction_bench: no pages\n");
    return 1;
  }
  Run(pages, arguments.size() > behind ? std::stoull(arguments[behind]) : 5);
}
