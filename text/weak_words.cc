#include "text/weak_words.h"

#include <string>
#include <unordered_set>

#include "text/utf8.h"

namespace sakuin::text {
namespace {

// clang-format off
constexpr std::string_view kChinese[] = {
    "的", "得", "了", "着", "过", "是", "在", "和", "与", "及", "或", "也", "都", "就", "还", "把", "被", "对", "从", "到", "于", "以", "而", "且",
    "但", "为", "之", "其", "这", "那", "哪", "我", "你", "您", "他", "她", "它", "咱", "们", "谁", "几", "吗", "呢", "吧", "啊", "呀", "嘛", "有", "没", "不",
    "什么", "怎么", "怎样", "怎么样", "怎么办", "为什么", "为何", "如何", "何时", "多少", "哪里", "哪儿", "是否", "因为", "所以", "由于", "关于", "如果",
    "可以", "可能", "能够", "应该", "一个", "一些", "这个", "那个", "哪个", "这些", "那些", "哪些", "这样", "那样", "这里", "那里", "什么时候", "请问"};
// clang-format on

constexpr size_t kLongestWord = 12;  // bytes

bool IsListed(std::string_view word) {
  static const std::unordered_set<std::string_view> words(std::begin(kChinese), std::end(kChinese));
  return words.contains(word);
}

}  // namespace

void WeakWords::DropFrom(size_t first, TokenList& out) const {
  std::vector<Token>& tokens = out.mutable_tokens();
  if (numbers_.size() == tokens.size() - first) return;
  for (const size_t number : numbers_) tokens[number].term = {};
  std::erase_if(tokens, [](const Token& token) { return token.term.empty(); });
}

bool IsChineseFunctionWord(std::string_view word) {
  if (word.size() > 2 * kLongestWord) return false;
  std::vector<bool> reached(word.size() + 1, false);  // by function words from the beginning
  reached[0] = true;
  for (size_t begin = 0; begin < word.size(); begin += DecodeUtf8(word, begin).bytes) {
    for (size_t end = begin; reached[begin] && end < word.size() && end - begin < kLongestWord;) {
      end += DecodeUtf8(word, end).bytes;
      reached[end] = reached[end] || IsListed(word.substr(begin, end - begin));
    }
  }
  return !word.empty() && reached.back();
}

}  // namespace sakuin::text
