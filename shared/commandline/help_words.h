// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ifrit::commandline {

/// Names `help` among the commands of `program`. Call it after the others were added.
void addHelpCommand(CLI::App& program);

/// "help" and "help NOUN VERB", as people type them, in CLI11's words: "--help" and "NOUN VERB
/// --help". Of a command that is not known the words alone, so that parsing them says what is
/// known there; what does not begin with "help" is left as it is. `arguments` without the program.
std::vector<std::string> helpWords(const CLI::App& program, std::vector<std::string> arguments);
/// Parses what main() got, in which "help" may stand; throws as CLI::App::parse().
void parse(CLI::App& program, int argc, char** argv);

}  // namespace ifrit::commandline
