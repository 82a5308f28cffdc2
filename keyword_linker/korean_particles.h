// korean_particles.h: is the rest of a Korean word only particles?
//
//   AreParticles(U'과', units of "를")      // true: 사과 + 를
//   AreParticles(U'과', units of "정을")    // false: 과정 is another word
//
// A particle may follow a particle (에서 + 는), three at most. Where a particle
// has two forms (은 and 는), the one has to be right for the syllable before it.
// The list: the case markers, auxiliary particles and forms of the copula that
// school grammars of Korean name. Pure functions: thread-safe.
#pragma once

#include <span>

#include "keyword_linker/folded_units.h"

namespace sakuin::keyword_linker {

// `before`: the syllable that the rest follows. False for an empty rest.
bool AreParticles(char32_t before, std::span<const FoldedUnit> rest);

}  // namespace sakuin::keyword_linker
