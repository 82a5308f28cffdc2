#include "searcher/plan.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "index/date.h"
#include "searcher/live_counts.h"
#include "searcher/term_pattern.h"

namespace sakuin::searcher {
namespace {

using index::Field;
using index::FieldId;
using index::FieldType;
using Kind = PlanNode::Kind;

constexpr std::string_view kKeyField = "_key";

std::unique_ptr<PlanNode> Node(Kind kind, FieldId field, float boost, std::string label) {
  auto node = std::make_unique<PlanNode>();
  node->kind = kind;
  node->field = field;
  node->boost = boost;
  node->label = std::move(label);
  return node;
}

bool MatchesNothing(const PlanNode& node) { return node.kind == Kind::kNone || node.kind == Kind::kNoWord; }

std::unique_ptr<PlanNode> NoWord(FieldId field, float boost) { return Node(Kind::kNoWord, field, boost, "no word"); }

void SetEnds(const RangeQuery& range, PlanNode& node) {
  node.lower_text = range.lower;
  node.upper_text = range.upper;
  node.include_lower = range.include_lower;
  node.include_upper = range.include_upper;
}

class Planner {
 public:
  Planner(const index::Snapshot& snapshot, const QueryAnalyzers& analyzers, const Ranking& ranking, std::vector<std::string>& warnings)
      : snapshot_(snapshot), schema_(snapshot.schema()), analyzers_(analyzers), ranking_(ranking), warnings_(warnings) {}

  Result<std::unique_ptr<PlanNode>> PlanQuery(const Query& query, float boost);

 private:
  // The field of the key is called _key, or as documents have it.
  bool IsKey(std::string_view field) const { return field == kKeyField || (field == schema_.id_field && schema_.Find(field) == nullptr); }
  // Words of a text with how often each is asked for, in order of appearance.
  struct Words {
    std::vector<std::pair<std::string, uint32_t>> counts;
    std::vector<PlanNode::PhraseWord> path;  // one path through the graph, parts preferred
    std::vector<PlanNode::PhraseWord> phrase;  // the same without gaps: of pairs that overlap every one that is needed
  };

  Result<TermStatistics> StatisticsOf(FieldId field, const std::string& term);
  Words Analyze(const text::Analyzer& analyzer, const std::string& text) const;
  Result<std::unique_ptr<PlanNode>> PlanTerm(FieldId field, const std::string& term, float boost);
  Result<std::unique_ptr<PlanNode>> PlanBag(FieldId field, const Words& words, float boost);
  Result<std::unique_ptr<PlanNode>> PlanWords(const Query& query, const WordsQuery& words, float boost);
  Result<std::unique_ptr<PlanNode>> PlanAllWords(const std::string& text, float boost);
  Status AddAdjacency(const Words& main, float boost, PlanNode& bag);
  Status AddVotes(const std::string& text, const Words& main, float boost, PlanNode& bag);
  Result<std::unique_ptr<PlanNode>> PlanPhrase(const Query& query, const PhraseQuery& phrase, float boost);
  Result<std::unique_ptr<PlanNode>> PlanPhraseOf(FieldId field, Words words, const PhraseQuery& phrase, float boost);
  Result<std::unique_ptr<PlanNode>> PlanPhraseIn(FieldId field, const std::vector<const text::Analyzer*>& analyzers, const PhraseQuery& phrase,
                                                 float boost);
  Result<std::unique_ptr<PlanNode>> PlanBoolean(const BooleanQuery& boolean, float boost);
  std::unique_ptr<PlanNode> PlanRange(const Query& query, const RangeQuery& range, float boost);
  std::unique_ptr<PlanNode> PlanKeysFrom(const std::string& beginning, float boost);
  std::unique_ptr<PlanNode> PlanKey(const std::string& key, float boost);
  std::unique_ptr<PlanNode> PlanPattern(const Query& query, float boost);
  std::unique_ptr<PlanNode> PlanWholeValue(FieldId field, const std::string& text, float boost);
  std::unique_ptr<PlanNode> PlanValue(FieldId field, const std::string& text, float boost);
  bool ParseNumber(const Field& field, const std::string& text, bool lower, int64_t& value);
  const text::Analyzer& AnalyzerOf(FieldId field) const;
  double WorthOf(const TermStatistics& word) const;
  TermWeight WeightOf(FieldId field, double worth, double average_length, float boost) const;
  float VoteOf(const Field& field) const;
  std::string NameOf(FieldId field) const { return schema_.fields[field].hidden ? std::string() : schema_.fields[field].name + ":"; }

  const index::Snapshot& snapshot_;
  const index::Schema& schema_;
  const QueryAnalyzers& analyzers_;
  const Ranking& ranking_;
  std::vector<std::string>& warnings_;
  std::map<std::pair<FieldId, std::string>, TermStatistics> statistics_;
};

const text::Analyzer& Planner::AnalyzerOf(FieldId field) const {
  const Field& described = schema_.fields[field];
  return described.hidden || described.type != FieldType::kText ? *analyzers_.all()[0] : analyzers_.Get(described.analyzer);
}

// Of a word that is part of a phrase; burstiness is for words alone.
double Planner::WorthOf(const TermStatistics& word) const {
  return ranking_.kind == RankingKind::kBm25 ? InverseDocumentFrequency(word) : Rarity(word);
}

TermWeight Planner::WeightOf(FieldId field, double worth, double average_length, float boost) const {
  const bool plain = ranking_.kind == RankingKind::kBm25;
  Bm25 constants = plain ? kPlainBm25 : kLevellingBm25;
  const index::FieldRanking& own = schema_.fields[field].ranking;
  if (!plain) constants = {own.k1.value_or(constants.k1), own.b.value_or(constants.b)};
  constants = {ranking_.k1.value_or(constants.k1), ranking_.b.value_or(constants.b)};
  return MakeTermWeight(constants, plain ? LengthCurve::kStraight : LengthCurve::kLevelling, worth, average_length, boost);
}

float Planner::VoteOf(const Field& field) const {
  if (field.hidden || field.type != FieldType::kText || !field.indexed) return 0;
  return field.ranking.vote.value_or(field.name == "title" ? ranking_.title_vote : 0);
}

Result<TermStatistics> Planner::StatisticsOf(FieldId field, const std::string& term) {
  const auto known = statistics_.find({field, term});
  if (known != statistics_.end()) return known->second;
  TermStatistics statistics;
  statistics.documents = snapshot_.documents();
  const index::FieldStatistics of_field = snapshot_.statistics(field);
  statistics.average_length = of_field.documents == 0 ? 1 : static_cast<double>(of_field.total_length) / static_cast<double>(of_field.documents);
  ASSIGN_OR_RETURN(const LiveCounts live, CountLive(snapshot_, field, term));
  statistics.document_frequency = live.documents;
  statistics.total_frequency = live.occurrences;
  statistics_[{field, term}] = statistics;
  return statistics;
}

Planner::Words Planner::Analyze(const text::Analyzer& analyzer, const std::string& text) const {
  text::TokenList tokens;
  analyzer.Analyze(text, text::AnalysisMode::kQuery, tokens);
  Words words;
  std::map<std::string_view, size_t> seen;
  uint32_t next = 0;
  for (const text::Token& token : tokens.tokens()) {
    const auto [at, added] = seen.try_emplace(token.term, words.counts.size());
    if (added) words.counts.emplace_back(std::string(token.term), 0);
    ++words.counts[at->second].second;
  }
  std::vector<text::Token> ordered(tokens.tokens());
  std::stable_sort(ordered.begin(), ordered.end(), [](const text::Token& a, const text::Token& b) {
    return a.position != b.position ? a.position < b.position : a.position_length < b.position_length;
  });
  const text::Token* reaching = nullptr;  // passed over, and yet it goes on where the path ends
  for (const text::Token& token : ordered) {
    if (token.position < next) {
      if (token.position > words.path.back().position && token.position + token.position_length > next) reaching = &token;
      continue;
    }
    if (reaching != nullptr && token.position > next) words.phrase.push_back({std::string(reaching->term), reaching->position});
    reaching = nullptr;
    words.path.push_back({std::string(token.term), token.position});
    words.phrase.push_back(words.path.back());
    next = token.position + token.position_length;
  }
  if (reaching != nullptr) words.phrase.push_back({std::string(reaching->term), reaching->position});
  return words;
}

Result<std::unique_ptr<PlanNode>> Planner::PlanTerm(FieldId field, const std::string& term, float boost) {
  ASSIGN_OR_RETURN(const TermStatistics statistics, StatisticsOf(field, term));
  if (statistics.document_frequency == 0) return Node(Kind::kNone, field, boost, NameOf(field) + term);
  auto node = Node(Kind::kTerm, field, boost, NameOf(field) + term);
  node->term = term;
  node->statistics = statistics;
  const double worth = WorthOf(statistics) * (ranking_.kind == RankingKind::kDefault ? Burstiness(statistics) : 1);
  node->weight = WeightOf(field, worth, statistics.average_length, boost);
  return node;
}

// Any of the words may match; a word asked for twice counts twice.
Result<std::unique_ptr<PlanNode>> Planner::PlanBag(FieldId field, const Words& words, float boost) {
  if (words.counts.empty()) return NoWord(field, boost);
  auto bag = Node(Kind::kBoolean, field, boost, "any of");
  for (const auto& [term, count] : words.counts) {
    ASSIGN_OR_RETURN(auto node, PlanTerm(field, term, boost * static_cast<float>(count)));
    if (!MatchesNothing(*node)) bag->children.push_back({Occur::kShould, std::move(node)});
  }
  if (bag->children.empty()) return Node(Kind::kNone, field, boost, "no such word");
  if (bag->children.size() == 1) return std::move(bag->children[0].node);
  return bag;
}

// Words that stand side by side in the query and in the text, two at a time.
Status Planner::AddAdjacency(const Words& main, float boost, PlanNode& bag) {
  constexpr size_t kMaxPairs = 32;
  for (size_t i = 0; i + 1 < main.path.size() && i < kMaxPairs; ++i) {
    const PlanNode::PhraseWord& first = main.path[i];
    const PlanNode::PhraseWord& second = main.path[i + 1];
    ASSIGN_OR_RETURN(const TermStatistics a, StatisticsOf(index::kAllField, first.term));
    ASSIGN_OR_RETURN(const TermStatistics b, StatisticsOf(index::kAllField, second.term));
    if (a.document_frequency == 0 || b.document_frequency == 0 || first.term == second.term) continue;
    auto pair = Node(Kind::kPhrase, index::kAllField, boost, "\"" + first.term + " " + second.term + "\"");
    pair->weight = WeightOf(index::kAllField, WorthOf(a) + WorthOf(b), a.average_length, boost * ranking_.adjacency_vote);
    pair->words = {first, second};
    pair->if_positions = true;
    bag.children.push_back({Occur::kShould, std::move(pair)});
  }
  return OkStatus();
}

// What other views of the text say; they add to the score of what matches anyway.
Status Planner::AddVotes(const std::string& text, const Words& main, float boost, PlanNode& bag) {
  for (FieldId field = 0; field < schema_.fields.size(); ++field) {
    const float weight = VoteOf(schema_.fields[field]);
    if (weight == 0) continue;
    ASSIGN_OR_RETURN(auto vote, PlanBag(field, main, boost * weight));
    if (!MatchesNothing(*vote)) bag.children.push_back({Occur::kShould, std::move(vote)});
  }
  RETURN_IF_ERROR(AddAdjacency(main, boost, bag));
  for (const text::Analyzer* analyzer : analyzers_.all()) {
    if (analyzer->second_view() == nullptr) continue;
    ASSIGN_OR_RETURN(auto vote, PlanBag(index::kSecondViewField, Analyze(*analyzer->second_view(), text), boost * ranking_.second_view_vote));
    if (!MatchesNothing(*vote)) bag.children.push_back({Occur::kShould, std::move(vote)});
  }
  return OkStatus();
}

Result<std::unique_ptr<PlanNode>> Planner::PlanAllWords(const std::string& text, float boost) {
  Words words = Analyze(*analyzers_.all()[0], text);
  for (size_t i = 1; i < analyzers_.all().size(); ++i) {
    for (auto& [term, count] : Analyze(*analyzers_.all()[i], text).counts) {
      const bool known = std::any_of(words.counts.begin(), words.counts.end(), [&t = term](const auto& other) { return other.first == t; });
      if (!known) words.counts.emplace_back(term, count);
    }
  }
  ASSIGN_OR_RETURN(auto main, PlanBag(index::kAllField, words, boost));
  if (ranking_.kind == RankingKind::kBm25 || MatchesNothing(*main)) return main;
  auto voted = Node(Kind::kBoolean, index::kAllField, boost, "words and votes");
  RETURN_IF_ERROR(AddVotes(text, words, boost, *voted));
  if (voted->children.empty()) return main;
  voted->children.insert(voted->children.begin(), PlanNode::Child{Occur::kMust, std::move(main)});
  return voted;
}

Result<std::unique_ptr<PlanNode>> Planner::PlanWords(const Query& query, const WordsQuery& words, float boost) {
  if (query.field.empty()) return PlanAllWords(words.text, boost);
  if (IsKey(query.field)) return PlanKey(words.text, boost);
  const FieldId field = schema_.IdOf(query.field);
  if (field == index::kNoField) return Node(Kind::kNone, field, boost, query.field + ": no such field");
  if (schema_.fields[field].type != FieldType::kText) return PlanValue(field, words.text, boost);
  const Words analyzed = Analyze(AnalyzerOf(field), words.text);
  return analyzed.counts.empty() ? PlanWholeValue(field, words.text, boost) : PlanBag(field, analyzed, boost);
}

Result<std::unique_ptr<PlanNode>> Planner::PlanPhraseOf(FieldId field, Words words, const PhraseQuery& phrase, float boost) {
  if (words.phrase.size() == 1) return PlanTerm(field, words.phrase[0].term, boost);
  auto node = Node(Kind::kPhrase, field, boost, NameOf(field) + "\"" + phrase.text + "\"");
  double worth = 0;
  TermStatistics last;
  for (const PlanNode::PhraseWord& word : words.phrase) {
    ASSIGN_OR_RETURN(last, StatisticsOf(field, word.term));
    if (last.document_frequency == 0) return Node(Kind::kNone, field, boost, node->label);
    worth += WorthOf(last);
  }
  node->weight = WeightOf(field, worth, last.average_length, boost);
  node->words = std::move(words.phrase);
  node->slop = phrase.slop;
  return node;
}

// As each of the analyzers that documents may have been cut by cuts it, the same words once.
Result<std::unique_ptr<PlanNode>> Planner::PlanPhraseIn(FieldId field, const std::vector<const text::Analyzer*>& analyzers,
                                                        const PhraseQuery& phrase, float boost) {
  auto any = Node(Kind::kBoolean, field, boost, "any of");
  std::set<std::vector<std::pair<std::string, uint32_t>>> planned;
  for (const text::Analyzer* analyzer : analyzers) {
    if (Analyze(*analyzer, phrase.text).phrase.empty()) continue;
    for (const text::Analyzer* reading : analyzer->ReadingsOf(phrase.text)) {
      Words words = Analyze(*reading, phrase.text);
      std::vector<std::pair<std::string, uint32_t>> key;
      for (const PlanNode::PhraseWord& word : words.phrase) key.emplace_back(word.term, word.position);
      if (key.empty() || !planned.insert(std::move(key)).second) continue;
      ASSIGN_OR_RETURN(auto node, PlanPhraseOf(field, std::move(words), phrase, boost));
      if (!MatchesNothing(*node)) any->children.push_back({Occur::kShould, std::move(node)});
    }
  }
  if (planned.empty()) return NoWord(field, boost);
  if (any->children.empty()) return Node(Kind::kNone, field, boost, "no such phrase");
  if (any->children.size() == 1) return std::move(any->children[0].node);
  return any;
}

Result<std::unique_ptr<PlanNode>> Planner::PlanPhrase(const Query& query, const PhraseQuery& phrase, float boost) {
  if (query.field.empty()) return PlanPhraseIn(index::kAllField, analyzers_.all(), phrase, boost);
  if (IsKey(query.field)) return PlanKey(phrase.text, boost);
  const FieldId field = schema_.IdOf(query.field);
  if (field == index::kNoField) return Node(Kind::kNone, field, boost, query.field + ": no such field");
  if (schema_.fields[field].type != FieldType::kText) return PlanValue(field, phrase.text, boost);
  ASSIGN_OR_RETURN(auto node, PlanPhraseIn(field, {&AnalyzerOf(field)}, phrase, boost));
  return node->kind == Kind::kNoWord ? PlanWholeValue(field, phrase.text, boost) : std::move(node);
}

// A text of stop words alone (tags:IT) can only be a value as a whole, as its facet shows it.
std::unique_ptr<PlanNode> Planner::PlanWholeValue(FieldId id, const std::string& text, float boost) {
  const Field& field = schema_.fields[id];
  if (!field.column || text.size() > index::kMaxColumnStringBytes) return NoWord(id, boost);
  auto node = Node(Kind::kRange, id, boost, field.name + ":" + text);
  node->strings = true;
  node->lower_text = node->upper_text = text;
  return node;
}

bool Planner::ParseNumber(const Field& field, const std::string& text, bool lower, int64_t& value) {
  if (field.type == FieldType::kBoolean) {
    value = text == "true" ? 1 : 0;
    return text == "true" || text == "false";
  }
  if (field.type == FieldType::kDate) {
    index::DateRange date;
    if (!index::ParseDate(text, date)) return false;
    value = lower ? date.first : date.last;
    return true;
  }
  const char* end = text.data() + text.size();
  if (field.type == FieldType::kInteger) {
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && stop == end) return true;
  }
  double real = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, real);
  if (error != std::errc() || stop != end || std::isnan(real)) return false;
  if (field.type == FieldType::kFloat) {
    value = index::OrderedFromDouble(real);
  } else {
    const double whole = lower ? std::ceil(real) : std::floor(real);
    value = whole >= 9.2e18 ? INT64_MAX : whole <= -9.2e18 ? INT64_MIN : static_cast<int64_t>(whole);
  }
  return true;
}

// A value of a field that is not text: year:2010, tags:dog, date:2001-05.
std::unique_ptr<PlanNode> Planner::PlanValue(FieldId id, const std::string& text, float boost) {
  const Field& field = schema_.fields[id];
  auto node = Node(Kind::kRange, id, boost, field.name + ":" + text);
  if (field.type == FieldType::kKeyword && field.indexed) {
    // One word, whose score is the boost however often it stands there.
    node->kind = text.size() <= text::kMaxTermBytes ? Kind::kTerm : Kind::kNone;
    node->term = text;
    node->weight = TermWeight{.weight = boost};
    return node;
  }
  if (field.type == FieldType::kKeyword) return PlanWholeValue(id, text, boost);
  node->as_float = field.type == FieldType::kFloat;
  if (ParseNumber(field, text, true, node->lower) && ParseNumber(field, text, false, node->upper)) return node;
  warnings_.push_back("'" + text + "' is no " + std::string(index::FieldTypeName(field.type)) + " for the field " + field.name + ": matches nothing");
  return Node(Kind::kNone, id, boost, node->label);
}

std::unique_ptr<PlanNode> Planner::PlanKey(const std::string& key, float boost) {
  auto node = Node(Kind::kKeys, index::kNoField, boost, std::string(kKeyField) + ":" + key);
  node->lower_text = node->upper_text = key;
  return node;
}

// By bytes: up to the first that begins otherwise.
std::unique_ptr<PlanNode> Planner::PlanKeysFrom(const std::string& beginning, float boost) {
  auto node = PlanKey(beginning, boost);
  node->label += '*';
  std::string end = beginning;
  while (!end.empty() && static_cast<uint8_t>(end.back()) == UINT8_MAX) end.pop_back();
  node->include_upper = false;
  node->upper_text.reset();
  if (end.empty()) return node;
  end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  node->upper_text = std::move(end);
  return node;
}

std::unique_ptr<PlanNode> Planner::PlanRange(const Query& query, const RangeQuery& range, float boost) {
  if (IsKey(query.field)) {
    auto node = Node(Kind::kKeys, index::kNoField, boost, ToString(query));
    SetEnds(range, *node);
    return node;
  }
  const FieldId id = query.field.empty() ? index::kNoField : schema_.IdOf(query.field);
  if (id == index::kNoField) {
    warnings_.push_back("a range needs a field, as in year:[2001 TO 2005]: matches nothing");
    return Node(Kind::kNone, id, boost, "range without a field");
  }
  const Field& field = schema_.fields[id];
  auto node = Node(Kind::kRange, id, boost, ToString(query));
  if (field.type == FieldType::kText || field.type == FieldType::kKeyword) {
    node->strings = true;
    SetEnds(range, *node);
    return node;
  }
  node->as_float = field.type == FieldType::kFloat;
  node->lower = INT64_MIN;
  node->upper = INT64_MAX;
  const auto bad = [&](const std::string& text) {
    warnings_.push_back("'" + text + "' is no " + std::string(index::FieldTypeName(field.type)) + " for the field " + field.name +
                        ": matches nothing");
    return Node(Kind::kNone, id, boost, node->label);
  };
  // An excluded end of a date given to the day leaves the whole day out.
  if (range.lower.has_value() && !ParseNumber(field, *range.lower, range.include_lower, node->lower)) return bad(*range.lower);
  if (range.upper.has_value() && !ParseNumber(field, *range.upper, !range.include_upper, node->upper)) return bad(*range.upper);
  if (range.lower.has_value() && !range.include_lower && node->lower < INT64_MAX) ++node->lower;
  if (range.upper.has_value() && !range.include_upper && node->upper > INT64_MIN) --node->upper;
  return node;
}

// Patterns are matched against terms, so they are folded as words are.
std::unique_ptr<PlanNode> Planner::PlanPattern(const Query& query, float boost) {
  if (const auto* prefix = query.As<PrefixQuery>(); prefix != nullptr && IsKey(query.field)) return PlanKeysFrom(prefix->text, boost);
  if (IsKey(query.field)) {
    warnings_.push_back("keys are found whole (_key:a17), by their beginning (_key:a1*) or in a range (_key:[a TO b}): " + ToString(query) +
                        " matches nothing");
    return Node(Kind::kNone, index::kNoField, boost, ToString(query));
  }
  const FieldId field = query.field.empty() ? index::kAllField : schema_.IdOf(query.field);
  if (field == index::kNoField) return Node(Kind::kNone, field, boost, query.field + ": no such field");
  auto node = Node(Kind::kTerms, field, boost, ToString(query));
  node->pattern = query;
  const bool folds = schema_.fields[field].type == FieldType::kText || schema_.fields[field].hidden;
  const auto lower = [folds](std::string& text) {
    for (char& c : text) {
      if (folds && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  };
  if (auto* prefix = node->pattern->As<PrefixQuery>()) lower(prefix->text);
  if (auto* wildcard = node->pattern->As<WildcardQuery>()) lower(wildcard->pattern);
  if (auto* fuzzy = node->pattern->As<FuzzyQuery>()) lower(fuzzy->text);
  return node;
}

Result<std::unique_ptr<PlanNode>> Planner::PlanBoolean(const BooleanQuery& boolean, float boost) {
  auto node = Node(Kind::kBoolean, index::kNoField, boost, "boolean");
  bool impossible = false;
  bool any_word = false;
  for (const Clause& clause : boolean.clauses) {
    ASSIGN_OR_RETURN(auto child, PlanQuery(clause.query, boost));
    const bool no_word = child->kind == Kind::kNoWord;
    any_word |= !no_word;
    if (no_word && clause.occur != Occur::kShould) warnings_.push_back(ToString(clause.query) + " has no word that is indexed: left out");
    if (MatchesNothing(*child)) {
      impossible |= clause.occur == Occur::kMust && !no_word;
      continue;
    }
    node->children.push_back({clause.occur, std::move(child)});
  }
  if (!any_word) return NoWord(index::kNoField, boost);
  if (impossible) return Node(Kind::kNone, index::kNoField, boost, "a required clause matches nothing");
  const bool positive =
      std::any_of(node->children.begin(), node->children.end(), [](const PlanNode::Child& child) { return child.occur != Occur::kMustNot; });
  if (!positive) return Node(Kind::kNone, index::kNoField, boost, "no clause matches");
  return node;
}

Result<std::unique_ptr<PlanNode>> Planner::PlanQuery(const Query& query, float outer) {
  const float boost = std::clamp(outer * query.boost, kMinBoost, kMaxBoost);
  if (query.As<MatchAllQuery>() != nullptr) return Node(Kind::kAll, index::kNoField, boost, "*");
  if (query.As<MatchNoneQuery>() != nullptr) return Node(Kind::kNone, index::kNoField, boost, "nothing was asked for");
  if (const auto* words = query.As<WordsQuery>()) return PlanWords(query, *words, boost);
  if (const auto* phrase = query.As<PhraseQuery>()) return PlanPhrase(query, *phrase, boost);
  if (const auto* range = query.As<RangeQuery>()) return PlanRange(query, *range, boost);
  if (const auto* boolean = query.As<BooleanQuery>()) return PlanBoolean(*boolean, boost);
  if (IsKey(query.field) && query.As<ExistsQuery>() != nullptr) return Node(Kind::kAll, index::kNoField, boost, "_key:*");
  if (query.As<ExistsQuery>() != nullptr) {
    const FieldId field = schema_.IdOf(query.field);
    return Node(field == index::kNoField ? Kind::kNone : Kind::kExists, field, boost, query.field + ":*");
  }
  return PlanPattern(query, boost);
}

}  // namespace

Result<QueryAnalyzers> QueryAnalyzers::Make(const index::Schema& schema) {
  QueryAnalyzers analyzers;
  const auto add = [&](const std::string& name, bool all) -> Status {
    if (!analyzers.analyzers_.contains(name)) {
      ASSIGN_OR_RETURN(analyzers.analyzers_[name], text::MakeAnalyzer(name));
      if (all) analyzers.all_.push_back(analyzers.analyzers_[name].get());
    }
    return OkStatus();
  };
  for (const Field& field : schema.fields) {
    if (field.type == FieldType::kText && !field.hidden) RETURN_IF_ERROR(add(field.analyzer, field.indexed));
  }
  RETURN_IF_ERROR(add(schema.analyzer, analyzers.all_.empty()));
  if (analyzers.all_.empty()) analyzers.all_.push_back(analyzers.analyzers_[schema.analyzer].get());
  return analyzers;
}

Result<Plan> MakePlan(const Query& query, const index::Snapshot& snapshot, const QueryAnalyzers& analyzers, const Ranking& ranking) {
  Plan plan;
  Planner planner(snapshot, analyzers, ranking, plan.warnings);
  ASSIGN_OR_RETURN(plan.root, planner.PlanQuery(query, 1));
  if (plan.root->kind == Kind::kNoWord) {
    plan.warnings.push_back("no word of the query is indexed (the analyzer leaves out stop words and signs): nothing is found");
  }
  return plan;
}

}  // namespace sakuin::searcher
