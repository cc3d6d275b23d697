// SPDX-License-Identifier: Apache-2.0
#include "shared/commandline/usage_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace ifrit::commandline {

namespace {

std::vector<std::string> commandsOf(const CLI::App& program) {
    std::vector<std::string> names;
    for (const CLI::App* child : program.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(child->get_name());
    return names;
}

bool takesArguments(const CLI::App& command) {
    const std::vector<const CLI::Option*> options = command.get_options();
    return std::any_of(options.begin(), options.end(),
                       [](const CLI::Option* option) { return option->get_positional(); });
}

/// Of how often an option was given CLI11 says "--output: At Most 1 required but received 2" and
/// "--output: 1 required FORMAT missing".
std::string inWords(const CLI::ParseError& error) {
    const std::string said = error.what();
    const std::size_t colon = said.find(": ");
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr || colon == std::string::npos)
        return said;
    const std::string name = said.substr(0, colon);
    const std::string rest = said.substr(colon + 2);
    if (rest.rfind("At Most 1 ", 0) == 0)
        return name + " is given more than once, and takes one value";
    constexpr std::string_view kOneMissing = "1 required ";
    constexpr std::string_view kMissing = " missing";
    if (rest.rfind(kOneMissing, 0) != 0 || rest.size() < kOneMissing.size() + kMissing.size())
        return said;
    // With a type that has choices, "FORMAT:{table,json}", the first of it.
    const std::string type =
        rest.substr(kOneMissing.size(), rest.size() - kOneMissing.size() - kMissing.size());
    return fmt::format("{} needs {} behind it", name, type.substr(0, type.find(':')));
}

}  // namespace

std::string UsageError::hint() const {
    if (dashed.empty()) return fmt::format("see '{} --help'", command);
    return fmt::format("an argument that begins with '-' stands behind '--': {} -- '{}'", command,
                       dashed);
}

UsageError describeUsage(const CLI::App& program, const CLI::ParseError& error) {
    const CLI::App* chosen = &program;
    UsageError out = {program.get_name(), inWords(error), {}};
    while (!chosen->get_subcommands().empty()) {
        chosen = chosen->get_subcommands().front();
        out.command += " " + chosen->get_name();
    }
    const std::vector<std::string> rest = program.remaining(true);
    const auto flag = std::find_if(rest.begin(), rest.end(), [](const std::string& word) {
        return word.size() > 1 && word.front() == '-';
    });
    // Also where something is missing: it may be what this one was meant to be.
    if (flag != rest.end()) {
        out.message = fmt::format("'{}' is no option of '{}'", *flag, out.command);
        // "-uuid:x", and not "--uid" or "-x".
        const bool isWord = flag->size() > 2 && (*flag)[1] != '-';
        if (isWord && takesArguments(*chosen)) out.dashed = *flag;
        return out;
    }
    const std::vector<std::string> commands = commandsOf(*chosen);
    if (commands.empty()) return out;
    if (!rest.empty() && rest.front().rfind('-', 0) != 0) {
        out.message = fmt::format("'{} {}' is no command; known here: {}", out.command,
                                  rest.front(), fmt::join(commands, ", "));
    } else if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
        out.message = fmt::format("'{}' alone is no command; known here: {}", out.command,
                                  fmt::join(commands, ", "));
    }
    return out;
}

}  // namespace ifrit::commandline
