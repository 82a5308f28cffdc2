#include "cli/usage_error.h"

#include <algorithm>
#include <string_view>

namespace sakuin::cli {
namespace {

std::string NameOf(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : NameOf(*app.get_parent()) + " " + app.get_name();
}

// The command that the arguments name, as deep as they do.
const CLI::App& Chosen(const CLI::App& app) {
  const std::vector<const CLI::App*> chosen = app.get_subcommands([](const CLI::App*) { return true; });
  const auto parsed = std::find_if(chosen.begin(), chosen.end(), [](const CLI::App* command) { return command->parsed(); });
  return parsed == chosen.end() ? app : Chosen(**parsed);
}

std::string CommandsOf(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.append(names.empty() ? "" : ", ").append(command->get_name());
  }
  return names;
}

bool IsSet(const CLI::App& command, const std::string& positional) {
  const CLI::Option* option = command.get_option_no_throw(positional);
  return option != nullptr && option->count() > 0;
}

// Words that no option or argument of the command took.
std::string ExplainExtras(const CLI::App& command, const std::vector<std::string>& extras) {
  const std::string name = NameOf(command);
  const auto option = std::find_if(extras.begin(), extras.end(), [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
  if (option != extras.end()) {
    return name + " has no option '" + *option + "'; see " + name + " --help, and put text that begins with - behind --";
  }
  const bool takes_text = IsSet(command, "query") || IsSet(command, "text") || IsSet(command, "prefix");
  if (!takes_text) return name + " takes no '" + extras[0] + "'; see " + name + " --help";
  return name + " takes one text, and '" + extras[0] + "' is one more; put several words in quotes";
}

// "--into excludes --report" is what the parser says, and "--index is required" of what may come without its name.
std::string InPlainWords(const CLI::App& command, std::string message) {
  for (const CLI::Option* option : command.get_options()) {
    const bool has_both = option->get_positional() && option->nonpositional();
    const std::string name = option->get_name();
    if (has_both && message == name + " is required") return option->get_name(true) + " is required, with or without " + name + " before it";
  }
  constexpr std::string_view kExcludes = " excludes ";
  const size_t at = message.find(kExcludes);
  return at == std::string::npos ? message : message.replace(at, kExcludes.size(), " has no meaning beside ");
}

}  // namespace

Status ExplainUsage(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  const CLI::App& command = Chosen(app);
  const std::string name = NameOf(command);
  if (const std::string commands = CommandsOf(command); !commands.empty()) {
    const auto word = std::find_if(arguments.begin(), arguments.end(), [&](const std::string& argument) {
      return !argument.empty() && argument[0] != '-' && argument != command.get_name();
    });
    const std::string found = word == arguments.end() ? "none" : "'" + *word + "'";
    return InvalidArgumentError(name + " expects a command (" + commands + "), found " + found + "; see " + name + " --help");
  }
  if (const std::vector<std::string> extras = command.remaining(); !extras.empty()) return InvalidArgumentError(ExplainExtras(command, extras));
  return InvalidArgumentError(name + ": " + InPlainWords(command, error.what()) + "; see " + name + " --help");
}

}  // namespace sakuin::cli
