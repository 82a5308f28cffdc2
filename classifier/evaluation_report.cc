// What evaluation.h says in text, JSON and SVG.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <tuple>

#include "base/json_writer.h"
#include "classifier/evaluation.h"
#include "text/utf8_repair.h"

namespace sakuin::classifier {
namespace {

constexpr size_t kShownLabels = 30;
constexpr size_t kShownConfusions = 20;

struct Confusion {
  size_t gold = 0;
  size_t guessed = 0;
  uint64_t documents = 0;
};

// Wrong guesses, the commonest first, then by their labels.
std::vector<Confusion> Confusions(const Evaluation& evaluation) {
  std::vector<Confusion> all;
  for (const auto& [labels, documents] : evaluation.confusions()) {
    const Confusion confusion{static_cast<size_t>(labels >> 32), static_cast<size_t>(labels & UINT32_MAX), documents};
    if (confusion.gold != confusion.guessed) all.push_back(confusion);
  }
  std::sort(all.begin(), all.end(), [](const Confusion& a, const Confusion& b) {
    return std::tie(b.documents, a.gold, a.guessed) < std::tie(a.documents, b.gold, b.guessed);
  });
  return all;
}

template <typename... Arguments>
std::string Format(const char* format, Arguments... arguments) {
  char text[400];
  std::snprintf(text, sizeof(text), format, arguments...);
  return text;
}

unsigned long long Long(uint64_t number) { return number; }

// On one line, whatever it is.
std::string Printable(const std::string& label) { return text::Excerpt(label, std::string::npos); }

std::string MatrixText(const Evaluation& evaluation) {
  const auto& labels = evaluation.labels();
  std::string text = "\nconfusion (a row for each right label, a column for each guess)\n     ";
  for (size_t l = 0; l < labels.size(); ++l) text += Format("%6zu", l + 1);
  text += "\n";
  for (size_t gold = 0; gold < labels.size(); ++gold) {
    text += Format("%5zu", gold + 1);
    for (size_t guessed = 0; guessed < labels.size(); ++guessed) text += Format("%6llu", Long(evaluation.confusion(gold, guessed)));
    text += "  " + Printable(labels[gold].label) + "\n";
  }
  return text;
}

std::string ConfusionsText(const Evaluation& evaluation) {
  std::string text = "\ncommonest confusions\n";
  const std::vector<Confusion> all = Confusions(evaluation);
  for (size_t i = 0; i < std::min(all.size(), kShownConfusions); ++i) {
    text += Format("%7llu  ", Long(all[i].documents)) + Printable(evaluation.labels()[all[i].gold].label) + " taken for " +
            Printable(evaluation.labels()[all[i].guessed].label) + "\n";
  }
  return text;
}

// How many bytes from `at` on are one character; `text` is UTF-8.
size_t CharacterBytes(std::string_view text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

// U+FFFE and U+FFFF have no place in XML.
bool IsNoCharacter(std::string_view character) { return character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF"; }

// As text of XML, of at most so many characters, or half as many of the wide ones of East Asia.
std::string Escaped(std::string_view text, size_t most = SIZE_MAX) {
  std::string out;
  size_t width = 0;
  for (size_t at = 0, bytes = 0; at < text.size(); at += bytes) {
    bytes = CharacterBytes(text, at);
    width += bytes < 3 ? 1 : 2;
    if (width > most) return out + "…";
    const std::string_view character = text.substr(at, bytes);
    switch (character.front()) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(character.front()) < 0x20 || IsNoCharacter(character)) {
          out += ' ';
        } else {
          out += character;
        }
    }
  }
  return out;
}

constexpr size_t kCell = 28;
constexpr size_t kMargin = 220;
constexpr size_t kPlot = 220;
constexpr size_t kShownCharacters = 26;  // of a label: what the margin has room for
constexpr double kDark = 0.5;            // from this on numbers are white

// The numbers of the labels that are shown, in their order: those with the most documents.
std::vector<size_t> ShownLabels(const Evaluation& evaluation) {
  const auto& labels = evaluation.labels();
  std::vector<size_t> shown(evaluation.multi_label() ? 0 : labels.size());
  std::iota(shown.begin(), shown.end(), size_t{0});
  std::stable_sort(shown.begin(), shown.end(), [&](size_t a, size_t b) {
    return std::tie(labels[b].support, labels[b].guessed) < std::tie(labels[a].support, labels[a].guessed);
  });
  shown.resize(std::min(shown.size(), kShownLabels));
  std::sort(shown.begin(), shown.end());
  return shown;
}

// At a row and a column of the matrix.
std::string CellSvg(const Evaluation& evaluation, size_t gold, size_t guessed, size_t row, size_t column) {
  const uint64_t documents = evaluation.confusion(gold, guessed);
  if (documents == 0) return "";
  const double share = static_cast<double>(documents) / static_cast<double>(std::max<uint64_t>(evaluation.labels()[gold].support, 1));
  const size_t x = kMargin + column * kCell;
  const size_t y = kMargin + row * kCell;
  const std::string title = Escaped(evaluation.labels()[gold].label) + " taken for " + Escaped(evaluation.labels()[guessed].label);
  const char* const color = gold == guessed ? "#2b6cb0" : "#c53030";
  return "<g><title>" + title + Format(": %llu</title>", Long(documents)) +
         Format("<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%zu\" fill=\"%s\" fill-opacity=\"%.3f\"/>", x, y, kCell - 1, kCell - 1, color,
                0.08 + 0.92 * share) +
         Format("<text x=\"%zu\" y=\"%zu\" font-size=\"9\" text-anchor=\"middle\" fill=\"%s\">%llu</text></g>\n", x + kCell / 2, y + kCell / 2 + 3,
                share > kDark ? "white" : "black", Long(documents));
}

std::string AxisSvg(const char* name, size_t y) {
  return Format("<text x=\"%zu\" y=\"%zu\" font-weight=\"bold\" text-anchor=\"end\">%s</text>\n", kMargin - 6, y, name);
}

std::string MatrixSvg(const Evaluation& evaluation, const std::vector<size_t>& shown) {
  std::string svg;
  if (shown.empty()) return svg;
  if (shown.size() < evaluation.labels().size()) {
    svg += Format("<text x=\"10\" y=\"36\">the %zu of %zu labels with the most documents</text>\n", shown.size(), evaluation.labels().size());
  }
  svg += AxisSvg("guessed →", kMargin - 22) + AxisSvg("right label ↓", kMargin - 6);
  for (size_t row = 0; row < shown.size(); ++row) {
    const size_t at = kMargin + row * kCell + kCell / 2 + 4;
    const std::string& label = evaluation.labels()[shown[row]].label;
    const std::string name = "<title>" + Escaped(label) + "</title>" + Escaped(label, kShownCharacters) + "</text>";
    svg += Format("<text x=\"%zu\" y=\"%zu\" text-anchor=\"end\">", kMargin - 6, at) + name;
    svg += Format("<text transform=\"translate(%zu,%zu) rotate(-90)\">", at, kMargin - 6) + name + "\n";
    for (size_t column = 0; column < shown.size(); ++column) svg += CellSvg(evaluation, shown[row], shown[column], row, column);
  }
  return svg;
}

// A bar for each bin with guesses, in a frame, so that one of which none is right is seen too.
std::string ReliabilitySvg(const Evaluation& evaluation, size_t top) {
  std::string svg = Format("<text x=\"10\" y=\"%zu\">right guesses (up) by probability (right); the line is where they are equal</text>\n", top + 14);
  const size_t bottom = top + 30 + kPlot;
  svg += Format("<line x1=\"40\" y1=\"%zu\" x2=\"%zu\" y2=\"%zu\" stroke=\"#888\"/>\n", bottom, 40 + kPlot, bottom - kPlot);
  for (size_t b = 0; b < Evaluation::kBins; ++b) {
    const ReliabilityBin& bin = evaluation.reliability()[b];
    if (bin.guesses == 0) continue;
    const size_t x = 40 + b * kPlot / Evaluation::kBins;
    const size_t width = kPlot / Evaluation::kBins - 2;
    const double height = static_cast<double>(bin.right) / static_cast<double>(bin.guesses) * static_cast<double>(kPlot);
    svg += Format("<g><title>%llu guesses, %llu of them right</title>", Long(bin.guesses), Long(bin.right));
    svg += Format("<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%zu\" fill=\"none\" stroke=\"#2b6cb0\" stroke-opacity=\"0.4\"/>", x,
                  bottom - kPlot, width, kPlot);
    svg += Format("<rect x=\"%zu\" y=\"%.1f\" width=\"%zu\" height=\"%.1f\" fill=\"#2b6cb0\" fill-opacity=\"0.6\"/></g>\n", x,
                  static_cast<double>(bottom) - height, width, height);
  }
  for (const auto& [share, name] : {std::pair<size_t, const char*>{0, "0"}, {1, "0.5"}, {2, "1"}}) {
    svg += Format("<text x=\"%zu\" y=\"%zu\" text-anchor=\"middle\">%s</text>", 40 + share * kPlot / 2, bottom + 14, name);
    svg += Format("<text x=\"34\" y=\"%zu\" text-anchor=\"end\">%s</text>\n", bottom + 4 - share * kPlot / 2, name);
  }
  return svg;
}

}  // namespace

std::string EvaluationText(const Evaluation& evaluation) {
  std::string text = Format("documents          %llu\n", Long(evaluation.documents()));
  text += Format("accuracy           %.4f\nmacro F1           %.4f\n", evaluation.accuracy(), evaluation.macro_f1());
  text += Format("log loss           %.4f\ncalibration error  %.4f\n\n", evaluation.log_loss(), evaluation.calibration_error());
  text += "precision  recall      F1  support  label\n";
  for (const LabelResult& label : evaluation.labels()) {
    text += Format("%9.4f %7.4f %7.4f  %7llu  ", label.precision(), label.recall(), label.f1(), Long(label.support)) + Printable(label.label) + "\n";
  }
  if (!evaluation.multi_label()) text += evaluation.labels().size() <= kShownLabels ? MatrixText(evaluation) : ConfusionsText(evaluation);
  text += "\nprobability  guesses   right\n";
  for (size_t b = 0; b < Evaluation::kBins; ++b) {
    const ReliabilityBin& bin = evaluation.reliability()[b];
    if (bin.guesses == 0) continue;
    const double guesses = static_cast<double>(bin.guesses);
    text += Format("%11.3f  %7llu  %6.3f\n", bin.probability / guesses, Long(bin.guesses), static_cast<double>(bin.right) / guesses);
  }
  text.pop_back();
  return text;
}

std::string EvaluationJson(const Evaluation& evaluation) {
  JsonWriter json;
  json.BeginObject().Key("accuracy").Number(evaluation.accuracy()).Key("macro_f1").Number(evaluation.macro_f1());
  json.Key("documents").Number(evaluation.documents()).Key("log_loss").Number(evaluation.log_loss());
  json.Key("calibration_error").Number(evaluation.calibration_error()).Key("per_label").BeginArray();
  for (const LabelResult& label : evaluation.labels()) {
    json.BeginObject().Key("label").String(label.label).Key("precision").Number(label.precision()).Key("recall").Number(label.recall());
    json.Key("f1").Number(label.f1()).Key("support").Number(label.support).EndObject();
  }
  json.EndArray().Key("confusions").BeginArray();
  for (const Confusion& confusion : Confusions(evaluation)) {
    json.BeginObject().Key("label").String(evaluation.labels()[confusion.gold].label);
    json.Key("taken_for").String(evaluation.labels()[confusion.guessed].label).Key("documents").Number(confusion.documents).EndObject();
  }
  json.EndArray().Key("reliability").BeginArray();
  for (const ReliabilityBin& bin : evaluation.reliability()) {
    if (bin.guesses == 0) continue;
    const double guesses = static_cast<double>(bin.guesses);
    json.BeginObject().Key("probability").Number(bin.probability / guesses).Key("right").Number(static_cast<double>(bin.right) / guesses);
    json.Key("guesses").Number(bin.guesses).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

std::string EvaluationSvg(const Evaluation& evaluation) {
  const std::vector<size_t> shown = ShownLabels(evaluation);
  const size_t side = shown.empty() ? 0 : kMargin + shown.size() * kCell;
  std::string svg = Format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" font-family=\"sans-serif\" font-size=\"11\">\n",
                           std::max<size_t>(side, 480) + 20, side + kPlot + 70);
  svg += "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  svg += Format("<text x=\"10\" y=\"20\" font-size=\"13\">accuracy %.4f, macro F1 %.4f</text>\n", evaluation.accuracy(), evaluation.macro_f1());
  return svg + MatrixSvg(evaluation, shown) + ReliabilitySvg(evaluation, side + 20) + "</svg>\n";
}

}  // namespace sakuin::classifier
