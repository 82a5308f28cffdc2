// "auto": what is written in a text is found, whatever the language of the text
// and however short the query.

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "text/analyzer.h"
#include "text/stop_words.h"

namespace sakuin::text {
namespace {

std::set<std::string> TermsOf(std::string_view analyzer, const std::string& text, AnalysisMode mode) {
  TokenList tokens;
  (*MakeAnalyzer(analyzer))->Analyze(text, mode, tokens);
  std::set<std::string> terms;
  for (const Token& token : tokens.tokens()) terms.emplace(token.term);
  return terms;
}

// Whether the query asks for a term of the text.
bool Finds(const std::string& query, const std::string& text) {
  const std::set<std::string> held = TermsOf("auto", text, AnalysisMode::kIndex);
  for (const std::string& term : TermsOf("auto", query, AnalysisMode::kQuery)) {
    if (held.contains(term)) return true;
  }
  return false;
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

struct Sentence {
  std::string language;
  std::string text;
};

const Sentence kSentences[] = {
    {"spanish", "los niños comieron una manzana roja y bebieron café con leche antes de salir hacia el colegio con sus hermanas mayores"},
    {"german", "die Reisenden mussten lange warten weil wegen der Überschwemmung alle Straßen zwischen den Dörfern gesperrt waren"},
    {"french", "les élèves de l'école marchent lentement vers le café pendant que leurs parents préparent une fête d'été"},
    {"italian", "la bambina mangia volentieri la pasta che sua nonna prepara ogni domenica nell'antica città vicino alle montagne"},
    {"russian", "столица страны славится большими музеями и старыми улицами по которым приятно гулять летними вечерами"},
    {"portuguese", "as crianças brincavam no jardim enquanto os avós preparavam o almoço com feijão e limões da região"},
    {"swedish", "flickorna väntade på tåget medan snön föll över gatorna och människorna skyndade hem från sina arbeten"},
    {"turkish", "çocuklar İstanbul'da deniz kıyısında oynarken anneleri pazardan taze meyveler ve sebzeler almaya gittiler"},
};

TEST(Auto, FindsEveryWordOfASentence) {
  for (const Sentence& sentence : kSentences) {
    const std::set<std::string> held = TermsOf("auto", sentence.text, AnalysisMode::kIndex);
    for (const std::string& stem : TermsOf(sentence.language, sentence.text, AnalysisMode::kIndex)) {
      EXPECT_TRUE(held.contains(stem)) << sentence.language << " was not recognised: " << stem;
    }
    size_t asked = 0;
    for (const std::string& word : WordsOf(sentence.text)) {
      if (IsEnglishStopWord(word)) continue;
      EXPECT_TRUE(Finds(word, sentence.text)) << sentence.language << ": " << word;
      ++asked;
    }
    EXPECT_GE(asked, 12U) << sentence.language;
  }
}

TEST(Auto, FindsWordsWithoutTheirAccents) {
  for (const auto& [query, language] : std::vector<std::pair<std::string, std::string>>{
           {"ninos", "spanish"}, {"cafe", "spanish"}, {"Uberschwemmung", "german"}, {"strassen", "german"}, {"ecole", "french"},
           {"cafe", "french"}, {"ete", "french"}, {"citta", "italian"}, {"criancas", "portuguese"}, {"limoes", "portuguese"},
           {"vantade", "swedish"}, {"cocuklar", "turkish"}}) {
    for (const Sentence& sentence : kSentences) {
      if (sentence.language == language) {
        EXPECT_TRUE(Finds(query, sentence.text)) << query;
      }
    }
  }
}

TEST(Auto, FindsWordsInAnAlphabetWithinOtherScripts) {
  const std::vector<std::string> texts = {"독일어로 길은 straße 라고 하고 프랑스 사람은 Café 에서 running shoes 를 판다",
                                          "ドイツ語の道は straße であり、フランスでは Café で running shoes を売る",
                                          "德语的路是 straße，法国人在 Café 卖 running shoes 给我们"};
  for (const std::string& text : texts) {
    for (const char* query : {"straße", "Strasse", "café", "cafe", "running", "shoes", "running shoes"}) {
      EXPECT_TRUE(Finds(query, text)) << query << " in " << text;
    }
    EXPECT_FALSE(Finds("walking", text));
  }
}

TEST(Auto, AQueryOfTwoScriptsFindsEnglishWordsByTheirStems) {
  for (const char* query : {"서울 libraries", "東京の libraries", "北京 libraries"}) {
    EXPECT_TRUE(Finds(query, "a library of the city")) << query;
  }
}

TEST(Auto, AStackedWordCountsOnce) {
  TokenList plain;
  TokenList both;
  for (const Sentence& sentence : kSentences) {
    (*MakeAnalyzer(sentence.language))->Analyze(sentence.text, AnalysisMode::kIndex, plain);
    (*MakeAnalyzer("auto"))->Analyze(sentence.text, AnalysisMode::kIndex, both);
    EXPECT_GT(both.size(), plain.size()) << sentence.language;
    EXPECT_EQ(both.next_position(), plain.next_position()) << sentence.language;
  }
}

}  // namespace
}  // namespace sakuin::text
