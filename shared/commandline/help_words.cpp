// SPDX-License-Identifier: Apache-2.0
#include "shared/commandline/help_words.h"

#include <algorithm>

namespace ifrit::commandline {
namespace {

constexpr char kHelp[] = "help";

const CLI::App* commandOf(const CLI::App& program, const std::string& name) {
    const auto all = program.get_subcommands([](const CLI::App*) { return true; });
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&name](const auto* one) { return one->get_name() == name; });
    return found == all.end() ? nullptr : *found;
}

}  // namespace

void addHelpCommand(CLI::App& program) {
    program
        .add_subcommand(kHelp, "Print this, or how a command is called: help COMMAND [SUBCOMMAND]")
        // Where options stand before it: CLI11 prints the help of what throws this.
        ->callback([] { throw CLI::CallForHelp(); });
}

std::vector<std::string> helpWords(const CLI::App& program, std::vector<std::string> arguments) {
    if (arguments.empty() || arguments.front() != kHelp) return arguments;
    // Its own help.
    if (arguments.size() > 1 && arguments[1].rfind('-', 0) == 0) return arguments;
    arguments.erase(arguments.begin());
    std::vector<std::string> out;
    const CLI::App* at = &program;
    for (const std::string& word : arguments) {
        // Its own arguments: what is asked for is known already.
        if (at->get_subcommands([](const CLI::App*) { return true; }).empty()) break;
        out.push_back(word);
        at = commandOf(*at, word);
        if (at == nullptr) return out;
    }
    out.emplace_back("--help");
    return out;
}

void parse(CLI::App& program, int argc, char** argv) {
    std::vector<std::string> words = helpWords(program, {argv + std::min(argc, 1), argv + argc});
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    program.parse(std::move(words));
}

}  // namespace ifrit::commandline
