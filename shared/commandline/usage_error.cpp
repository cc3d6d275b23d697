// SPDX-License-Identifier: Apache-2.0
#include "shared/commandline/usage_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace ifrit::commandline {

namespace {

std::vector<std::string> commandsOf(const CLI::App& program) {
    std::vector<std::string> names;
    for (const CLI::App* child : program.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(child->get_name());
    return names;
}

}  // namespace

std::string UsageError::hint() const {
    return fmt::format("see '{} --help'", command);
}

UsageError describeUsage(const CLI::App& program, const CLI::ParseError& error) {
    const CLI::App* chosen = &program;
    UsageError out = {program.get_name(), error.what()};
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
