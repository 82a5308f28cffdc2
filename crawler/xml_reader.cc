#include "crawler/xml_reader.h"

#include <algorithm>
#include <utility>

namespace sakuin::crawler {
namespace {

text::HtmlTokenizerOptions TokenizerOptions() {
  text::HtmlTokenizerOptions options;
  options.switching = text::HtmlTokenizerOptions::Switching::kByCaller;
  return options;
}

std::string_view WithoutPrefix(std::string_view name) { return name.substr(name.find(':') + 1); }

}  // namespace

XmlReader::XmlReader(std::string_view xml) : tokenizer_(TokenizerOptions()) {
  tokenizer_.set_foreign(true);  // CDATA sections
  tokenizer_.Feed(xml);
}

const text::HtmlToken* XmlReader::NextToken() {
  const text::HtmlToken* token = tokenizer_.Next();
  if (token != nullptr || finished_) return token;
  finished_ = true;
  tokenizer_.Finish();
  return tokenizer_.Next();
}

void XmlReader::NoteDamage(std::string what) {
  if (damage_.empty()) damage_ = std::move(what);
}

std::string_view XmlReader::WithoutRootPrefix(std::string_view name) const {
  return !root_prefix_.empty() && name.starts_with(root_prefix_) ? name.substr(root_prefix_.size()) : name;
}

XmlReader::Event XmlReader::Next() {
  if (std::exchange(close_next_, false)) {
    name_ = std::move(open_.back());
    open_.pop_back();
    return Event::kClose;
  }
  while ((token_ = NextToken()) != nullptr) {
    switch (token_->kind) {
      case text::HtmlTokenKind::kStartTag:
        if (open_.size() < kMaxXmlDepth) return TakeStart();
        beyond_ += token_->self_closing ? 0 : 1;
        NoteDamage("elements are nested too deeply");
        break;
      case text::HtmlTokenKind::kEndTag:
        if (TakeEnd()) return Event::kClose;
        break;
      case text::HtmlTokenKind::kText:
        if (!open_.empty() && beyond_ == 0) return TakeText();
        break;
      default: break;
    }
  }
  if (!had_root_) NoteDamage("there is no element");
  if (!open_.empty()) NoteDamage("the end comes inside of <" + open_.back() + ">");
  return Event::kEnd;
}

XmlReader::Event XmlReader::TakeStart() {
  const std::string_view name = token_->name;
  if (!std::exchange(had_root_, true) && name.find(':') != std::string_view::npos) root_prefix_ = name.substr(0, name.find(':') + 1);
  name_ = WithoutRootPrefix(name);
  open_.push_back(name_);
  close_next_ = token_->self_closing;
  return Event::kStart;
}

// False: it ends nothing that is open.
bool XmlReader::TakeEnd() {
  if (beyond_ > 0) {
    --beyond_;
    return false;
  }
  const std::string_view name = WithoutRootPrefix(token_->name);
  if (open_.empty() || open_.back() != name) NoteDamage("</" + std::string(name) + "> ends what is not open");
  const auto found = std::find(open_.rbegin(), open_.rend(), name);
  if (found == open_.rend()) return false;
  open_.resize(static_cast<size_t>(open_.rend() - found) - 1);
  name_ = name;
  return true;
}

XmlReader::Event XmlReader::TakeText() {
  text_.clear();
  for (const text::HtmlTextPiece& piece : token_->pieces) text_ += piece.text();
  return Event::kText;
}

std::string XmlReader::Attribute(std::string_view name) const {
  if (token_ == nullptr) return {};
  for (const text::HtmlAttribute& each : token_->attributes) {
    if (WithoutPrefix(each.name) == name) return std::string(each.value);
  }
  return {};
}

}  // namespace sakuin::crawler
