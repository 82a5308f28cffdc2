// What evaluation.h says in text, JSON and SVG.

#include <algorithm>
#include <array>
#include <cstdio>

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

// Wrong guesses, the commonest first.
std::vector<Confusion> Confusions(const Evaluation& evaluation) {
  std::vector<Confusion> all;
  for (size_t gold = 0; gold < evaluation.labels().size(); ++gold) {
    for (size_t guessed = 0; guessed < evaluation.labels().size(); ++guessed) {
      const uint64_t documents = gold == guessed ? 0 : evaluation.confusion(gold, guessed);
      if (documents != 0) all.push_back({gold, guessed, documents});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Confusion& a, const Confusion& b) { return a.documents > b.documents; });
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

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

constexpr size_t kCell = 28;
constexpr size_t kMargin = 220;
constexpr size_t kPlot = 220;

std::string CellSvg(const Evaluation& evaluation, size_t gold, size_t guessed) {
  const uint64_t documents = evaluation.confusion(gold, guessed);
  if (documents == 0) return "";
  const double share = static_cast<double>(documents) / static_cast<double>(std::max<uint64_t>(evaluation.labels()[gold].support, 1));
  const size_t x = kMargin + guessed * kCell;
  const size_t y = kMargin + gold * kCell;
  const std::string title = Escaped(evaluation.labels()[gold].label) + " taken for " + Escaped(evaluation.labels()[guessed].label);
  const char* const color = gold == guessed ? "#2b6cb0" : "#c53030";
  return "<g><title>" + title + Format(": %llu</title>", Long(documents)) +
         Format("<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%zu\" fill=\"%s\" fill-opacity=\"%.3f\"/>", x, y, kCell - 1, kCell - 1, color,
                0.08 + 0.92 * share) +
         Format("<text x=\"%zu\" y=\"%zu\" font-size=\"9\" text-anchor=\"middle\">%llu</text></g>\n", x + kCell / 2, y + kCell / 2 + 3,
                Long(documents));
}

std::string ReliabilitySvg(const Evaluation& evaluation, size_t top) {
  std::string svg = Format("<text x=\"10\" y=\"%zu\">right guesses (up) by probability (right); the line is where they are equal</text>\n", top + 14);
  const size_t bottom = top + 30 + kPlot;
  svg += Format("<line x1=\"40\" y1=\"%zu\" x2=\"%zu\" y2=\"%zu\" stroke=\"#888\"/>\n", bottom, 40 + kPlot, bottom - kPlot);
  for (size_t b = 0; b < Evaluation::kBins; ++b) {
    const ReliabilityBin& bin = evaluation.reliability()[b];
    if (bin.guesses == 0) continue;
    const double height = static_cast<double>(bin.right) / static_cast<double>(bin.guesses) * static_cast<double>(kPlot);
    svg += Format("<rect x=\"%zu\" y=\"%.1f\" width=\"%zu\" height=\"%.1f\" fill=\"#2b6cb0\" fill-opacity=\"0.6\">",
                  40 + b * kPlot / Evaluation::kBins, static_cast<double>(bottom) - height, kPlot / Evaluation::kBins - 2, height);
    svg += Format("<title>%llu guesses</title></rect>\n", Long(bin.guesses));
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
  const auto& labels = evaluation.labels();
  const size_t side = evaluation.multi_label() ? 0 : kMargin + labels.size() * kCell;
  std::string svg = Format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" font-family=\"sans-serif\" font-size=\"11\">\n",
                           std::max<size_t>(side, 480) + 20, side + kPlot + 60);
  svg += "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  svg += Format("<text x=\"10\" y=\"20\" font-size=\"13\">accuracy %.4f, macro F1 %.4f</text>\n", evaluation.accuracy(), evaluation.macro_f1());
  for (size_t l = 0; side != 0 && l < labels.size(); ++l) {
    const size_t at = kMargin + l * kCell + kCell / 2 + 4;
    const std::string name = Escaped(labels[l].label);
    svg += Format("<text x=\"%zu\" y=\"%zu\" text-anchor=\"end\">", kMargin - 6, at) + name + "</text>";
    svg += Format("<text transform=\"translate(%zu,%zu) rotate(-90)\">", at, kMargin - 6) + name + "</text>\n";
    for (size_t guessed = 0; guessed < labels.size(); ++guessed) svg += CellSvg(evaluation, l, guessed);
  }
  return svg + ReliabilitySvg(evaluation, side + 10) + "</svg>\n";
}

}  // namespace sakuin::classifier
