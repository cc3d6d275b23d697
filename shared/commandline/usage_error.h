// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ifrit::commandline {

/// What was wrong with a command line, in words for who typed it.
struct UsageError {
    std::string command;  ///< as far as it was understood: "ifritctl release"
    std::string message;  ///< one sentence, without a dot at its end
    std::string dashed;   ///< a word with a dash that may have been meant as an argument; or empty

    /// "see 'ifritctl release --help'", and how `dashed` is taken as an argument.
    std::string hint() const;
};

/// Says what `program` could not parse. For a word in a command's place it names the commands that
/// are known there, which CLI11's own message does not. Call it before `program` parses again.
UsageError describeUsage(const CLI::App& program, const CLI::ParseError& error);

}  // namespace ifrit::commandline
