#include "keyword_linker/korean_particles.h"

#include <array>
#include <string_view>

namespace sakuin::keyword_linker {
namespace {

constexpr int kMostParticles = 3;
constexpr char32_t kFirstSyllable = 0xAC00;
constexpr char32_t kLastSyllable = 0xD7A3;
constexpr uint32_t kFinals = 28;  // of a syllable block, none among them
constexpr uint32_t kFinalRieul = 8;

// After which syllables a particle stands.
enum class After { kAny, kConsonant, kVowel, kConsonantButRieul, kVowelOrRieul };

struct Particle {
  std::u32string_view text;
  After after = After::kAny;
};

// Longer ones before those they begin with.
constexpr auto kParticles = std::to_array<Particle>({
    {U"으로부터", After::kConsonantButRieul}, {U"로부터", After::kVowelOrRieul},
    {U"으로서", After::kConsonantButRieul},   {U"로서", After::kVowelOrRieul},
    {U"으로써", After::kConsonantButRieul},   {U"로써", After::kVowelOrRieul},
    {U"으로", After::kConsonantButRieul},     {U"로", After::kVowelOrRieul},
    {U"에게서"}, {U"에게"}, {U"에서부터"}, {U"에서"}, {U"에다가"}, {U"에"},
    {U"한테서"}, {U"한테"}, {U"께서"}, {U"께"},
    {U"이라도", After::kConsonant},           {U"라도", After::kVowel},
    {U"이라는", After::kConsonant},           {U"라는", After::kVowel},
    {U"이라고", After::kConsonant},           {U"라고", After::kVowel},
    {U"이란", After::kConsonant},             {U"란", After::kVowel},
    {U"이나마", After::kConsonant},           {U"나마", After::kVowel},
    {U"이나", After::kConsonant},             {U"나", After::kVowel},
    {U"이든지", After::kConsonant},           {U"든지", After::kVowel},
    {U"이든", After::kConsonant},             {U"든", After::kVowel},
    {U"이랑", After::kConsonant},             {U"랑", After::kVowel},
    {U"이며", After::kConsonant},             {U"며", After::kVowel},
    {U"이여", After::kConsonant},             {U"여", After::kVowel},
    {U"이야말로", After::kConsonant},         {U"야말로", After::kVowel},
    {U"이었다", After::kConsonant},           {U"였다", After::kVowel},
    {U"이었으며", After::kConsonant},         {U"였으며", After::kVowel},
    {U"이었던", After::kConsonant},           {U"였던", After::kVowel},
    {U"입니다"}, {U"입니까"}, {U"이지만"}, {U"이고"}, {U"이자"}, {U"이다"}, {U"인"}, {U"일"},
    {U"이", After::kConsonant},               {U"가", After::kVowel},
    {U"을", After::kConsonant},               {U"를", After::kVowel},
    {U"은", After::kConsonant},               {U"는", After::kVowel},
    {U"과", After::kConsonant},               {U"와", After::kVowel},
    {U"아", After::kConsonant},               {U"야", After::kVowel},
    {U"의"}, {U"도"}, {U"만큼"}, {U"만"}, {U"까지"}, {U"부터"}, {U"마저"}, {U"조차"}, {U"밖에"}, {U"보다"},
    {U"처럼"}, {U"같이"}, {U"대로"}, {U"마다"}, {U"뿐"}, {U"하고"}, {U"들"}, {U"커녕"}, {U"치고"}, {U"요"},
});

bool Stands(After after, char32_t before) {
  if (after == After::kAny) return true;
  if (before < kFirstSyllable || before > kLastSyllable) return true;  // 3은, a letter: as it is pronounced
  const uint32_t final = (before - kFirstSyllable) % kFinals;
  switch (after) {
    case After::kConsonant: return final != 0;
    case After::kVowel: return final == 0;
    case After::kConsonantButRieul: return final != 0 && final != kFinalRieul;
    default: return final == 0 || final == kFinalRieul;
  }
}

bool BeginsWith(std::span<const FoldedUnit> units, std::u32string_view text) {
  if (units.size() < text.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (units[i].code_point != text[i]) return false;
  }
  return true;
}

bool AreParticlesAtMost(int most, char32_t before, std::span<const FoldedUnit> rest) {
  for (const Particle& particle : kParticles) {
    if (!BeginsWith(rest, particle.text) || !Stands(particle.after, before)) continue;
    const std::span<const FoldedUnit> behind = rest.subspan(particle.text.size());
    if (behind.empty() || (most > 1 && AreParticlesAtMost(most - 1, particle.text.back(), behind))) return true;
  }
  return false;
}

}  // namespace

bool AreParticles(char32_t before, std::span<const FoldedUnit> rest) {
  return !rest.empty() && AreParticlesAtMost(kMostParticles, before, rest);
}

}  // namespace sakuin::keyword_linker
