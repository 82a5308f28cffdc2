// Reference: M. F. Porter, An algorithm for suffix stripping, Program 14 (3),
// 1980, and the notes on tartarus.org/martin/PorterStemmer. A word is
// [C](VC)^m[V]; Measure() is m of the stem that a suffix leaves.
#include "text/porter_stemmer.h"

namespace sakuin::text {
namespace {

template <typename Char>
class Stemmer {
 public:
  Stemmer(Char* word, size_t length) : word_(word), end_(length) {}

  size_t Run() {
    if (end_ <= 2) return end_;
    Step1a();
    Step1b();
    Step1c();
    if (end_ > 1) {
      Step2();
      Step3();
      Step4();
      Step5();
    }
    return end_;
  }

 private:
  bool IsConsonant(size_t i) const {
    switch (word_[i]) {
      case 'a':
      case 'e':
      case 'i':
      case 'o':
      case 'u': return false;
      case 'y': return i == 0 || !IsConsonant(i - 1);
      default: return true;
    }
  }

  // The number of vowel-consonant sequences in the first `size` letters.
  size_t Measure(size_t size) const {
    size_t count = 0;
    bool vowel = false;
    bool consonant_before = true;
    for (size_t i = 0; i < size; ++i) {
      const Char c = word_[i];
      const bool consonant = c == 'y' ? (i == 0 || !consonant_before) : !(c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u');
      if (consonant && vowel) ++count;
      vowel = !consonant;
      consonant_before = consonant;
    }
    return count;
  }

  bool HasVowel(size_t size) const {
    for (size_t i = 0; i < size; ++i) {
      if (!IsConsonant(i)) return true;
    }
    return false;
  }

  bool EndsInDouble() const { return end_ >= 2 && word_[end_ - 1] == word_[end_ - 2] && IsConsonant(end_ - 1); }

  // consonant, vowel, consonant at the end of the first `size` letters, the last not w, x, y: hop, not snow.
  bool EndsShort(size_t size) const {
    if (size < 3) return false;
    if (!IsConsonant(size - 1) || IsConsonant(size - 2) || !IsConsonant(size - 3)) return false;
    const Char last = word_[size - 1];
    return last != 'w' && last != 'x' && last != 'y';
  }

  // If the word ends so, remembers the stem before it.
  bool Ends(std::string_view suffix) {
    if (suffix.size() > end_) return false;
    for (size_t i = 0; i < suffix.size(); ++i) {
      if (word_[end_ - suffix.size() + i] != static_cast<Char>(suffix[i])) return false;
    }
    stem_ = end_ - suffix.size();
    return true;
  }

  void Replace(std::string_view by) {
    for (size_t i = 0; i < by.size(); ++i) word_[stem_ + i] = static_cast<Char>(by[i]);
    end_ = stem_ + by.size();
  }

  // One rule of steps 2 and 3; true if its suffix was there, whatever came of it.
  bool Rule(std::string_view suffix, std::string_view by) {
    if (!Ends(suffix)) return false;
    if (Measure(stem_) > 0) Replace(by);
    return true;
  }

  void Step1a() {
    if (word_[end_ - 1] != 's') return;
    if (Ends("sses") || Ends("ies")) {
      end_ -= 2;
    } else if (word_[end_ - 2] != 's') {
      --end_;
    }
  }

  void Step1b() {
    if (Ends("eed")) {
      if (Measure(stem_) > 0) --end_;
      return;
    }
    if (!((Ends("ed") || Ends("ing")) && HasVowel(stem_))) return;
    end_ = stem_;
    if (Ends("at")) {
      Replace("ate");
    } else if (Ends("bl")) {
      Replace("ble");
    } else if (Ends("iz")) {
      Replace("ize");
    } else if (EndsInDouble()) {
      const Char last = word_[end_ - 1];
      if (last != 'l' && last != 's' && last != 'z') --end_;
    } else if (Measure(end_) == 1 && EndsShort(end_)) {
      word_[end_++] = 'e';
    }
  }

  void Step1c() {
    if (Ends("y") && HasVowel(stem_)) word_[end_ - 1] = 'i';
  }

  void Step2() {
    switch (word_[end_ - 2]) {
      case 'a': (void)(Rule("ational", "ate") || Rule("tional", "tion")); break;
      case 'c': (void)(Rule("enci", "ence") || Rule("anci", "ance")); break;
      case 'e': Rule("izer", "ize"); break;
      case 'l': (void)(Rule("bli", "ble") || Rule("alli", "al") || Rule("entli", "ent") || Rule("eli", "e") || Rule("ousli", "ous")); break;
      case 'o': (void)(Rule("ization", "ize") || Rule("ation", "ate") || Rule("ator", "ate")); break;
      case 's': (void)(Rule("alism", "al") || Rule("iveness", "ive") || Rule("fulness", "ful") || Rule("ousness", "ous")); break;
      case 't': (void)(Rule("aliti", "al") || Rule("iviti", "ive") || Rule("biliti", "ble")); break;
      case 'g': Rule("logi", "log"); break;
      default: break;
    }
  }

  void Step3() {
    switch (word_[end_ - 1]) {
      case 'e': (void)(Rule("icate", "ic") || Rule("ative", "") || Rule("alize", "al")); break;
      case 'i': Rule("iciti", "ic"); break;
      case 'l': (void)(Rule("ical", "ic") || Rule("ful", "")); break;
      case 's': Rule("ness", ""); break;
      default: break;
    }
  }

  bool Step4Suffix() {
    switch (end_ >= 2 ? word_[end_ - 2] : Char{0}) {
      case 'a': return Ends("al");
      case 'c': return Ends("ance") || Ends("ence");
      case 'e': return Ends("er");
      case 'i': return Ends("ic");
      case 'l': return Ends("able") || Ends("ible");
      case 'n': return Ends("ant") || Ends("ement") || Ends("ment") || Ends("ent");
      case 'o': return (Ends("ion") && stem_ > 0 && (word_[stem_ - 1] == 's' || word_[stem_ - 1] == 't')) || Ends("ou");
      case 's': return Ends("ism");
      case 't': return Ends("ate") || Ends("iti");
      case 'u': return Ends("ous");
      case 'v': return Ends("ive");
      case 'z': return Ends("ize");
      default: return false;
    }
  }

  void Step4() {
    if (Step4Suffix() && Measure(stem_) > 1) end_ = stem_;
  }

  void Step5() {
    if (word_[end_ - 1] == 'e') {
      const size_t measure = Measure(end_ - 1);
      if (measure > 1 || (measure == 1 && !EndsShort(end_ - 1))) --end_;
    }
    if (word_[end_ - 1] == 'l' && EndsInDouble() && Measure(end_) > 1) --end_;
  }

  Char* word_;
  size_t end_;
  size_t stem_ = 0;  // length of what stands before the suffix found last
};

}  // namespace

size_t PorterStem(char* word, size_t length) { return Stemmer<char>(word, length).Run(); }
size_t PorterStem(char16_t* word, size_t length) { return Stemmer<char16_t>(word, length).Run(); }

}  // namespace sakuin::text
