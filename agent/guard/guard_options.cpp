// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/guard_options.h"

#include <charconv>
#include <filesystem>
#include <optional>

namespace ifrit::agent::guard {
namespace {

constexpr long kMaxSeconds = 3600;

absl::Status badFlag(const std::string& flag, const std::string& what) {
    return base::invalidArgument("BAD_FLAG", flag, "{}: {}; see ifrit-guard --help", flag, what);
}

std::string absolute(const std::string& path, const std::string& directory) {
    return std::filesystem::path(path).is_absolute() ? path : directory + '/' + path;
}

absl::Status setSeconds(const std::string& flag, const std::string& text, long least,
                        std::chrono::seconds& to) {
    long seconds = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || seconds < least ||
        seconds > kMaxSeconds)
        return badFlag(flag, fmt::format("'{}' is no number of seconds from {} to {}", text, least,
                                         kMaxSeconds));
    to = std::chrono::seconds(seconds);
    return absl::OkStatus();
}

absl::Status setValue(const std::string& flag, const std::string& value,
                      const std::string& directory, GuardOptions& options) {
    if (value.empty()) return badFlag(flag, "its value is empty");
    if (flag == "--stop-timeout") return setSeconds(flag, value, 1, options.stopTimeout);
    if (flag == "--hung-after") return setSeconds(flag, value, 0, options.hungAfter);
    std::string& path = flag == "--root"     ? options.root
                        : flag == "--anchor" ? options.anchor
                                             : options.agent;
    path = absolute(value, directory);
    return absl::OkStatus();
}

bool takesValue(const std::string& flag) {
    return flag == "--root" || flag == "--agent" || flag == "--anchor" ||
           flag == "--stop-timeout" || flag == "--hung-after";
}

}  // namespace

absl::StatusOr<GuardOptions> parseOptions(const std::vector<std::string>& arguments,
                                          const std::string& directory) {
    GuardOptions options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument == "--") {
            options.agentArguments.assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                          arguments.end());
            break;
        }
        if (argument == "--help" || argument == "-h") {
            options.action = GuardOptions::Action::Help;
            return options;
        }
        if (argument == "--version") {
            options.action = GuardOptions::Action::Version;
            return options;
        }
        if (argument == "--check") {
            options.action = GuardOptions::Action::Check;
            continue;
        }
        if (argument == "--stand-in") {
            options.standIn = true;
            continue;
        }
        const auto equals = argument.find('=');
        const std::string flag = argument.substr(0, equals);
        if (!takesValue(flag)) return badFlag(argument, "there is no such flag");
        if (equals != std::string::npos) {
            IFRIT_RETURN_IF_ERROR(setValue(flag, argument.substr(equals + 1), directory, options));
        } else if (i + 1 == arguments.size()) {
            return badFlag(flag, "its value is missing");
        } else {
            IFRIT_RETURN_IF_ERROR(setValue(flag, arguments[++i], directory, options));
        }
    }
    if (options.root.empty()) return badFlag("--root", "it is required");
    return options;
}

std::vector<std::string> commandOf(const GuardOptions& options) {
    std::vector<std::string> command{options.anchor,
                                     "--root",
                                     options.root,
                                     "--agent",
                                     options.agent,
                                     "--stop-timeout",
                                     std::to_string(options.stopTimeout.count())};
    // An older guard, which may become ours, does not know the flag.
    if (options.hungAfter != kHungAfter)
        command.insert(command.end(), {"--hung-after", std::to_string(options.hungAfter.count())});
    command.push_back("--");
    command.insert(command.end(), options.agentArguments.begin(), options.agentArguments.end());
    return command;
}

const char* helpText() {
    return R"(ifrit-guard starts ifrit-agent, restarts it, and puts the version before back when a
new one does not prove itself. It is what init starts.

Usage: ifrit-guard --root DIR [--agent PATH] [--stop-timeout SECONDS]
                   [--hung-after SECONDS] [-- ARGUMENTS...]

  --root DIR              state directory of this machine's ifrit; one guard per directory
  --agent PATH            ifrit-agent to start while DIR/ifrit/current does not exist
                          (default: ifrit-agent beside ifrit-guard)
  --stop-timeout SECONDS  after SIGTERM ifrit-agent has this long to end, then it is killed
                          (1 to 3600, default 30)
  --hung-after SECONDS    ifrit-agent is ended and started again when its main loop has not
                          turned for this long (0 to 3600, default 300; 0: never)
  --anchor PATH, --stand-in
                          for ifrit's own use: which ifrit-guard init starts, and that this
                          one was started by ifrit-agent
  -- ARGUMENTS...         given to ifrit-agent as they are
  --check                 end with 0 if the other flags are right; starts nothing
  --version               print the version
  --help                  print this text

Signals: SIGTERM and SIGINT end ifrit-agent and then ifrit-guard; SIGHUP goes on to ifrit-agent;
SIGUSR1 ends ifrit-guard alone, for another that takes over. Managed agents run on in every case.
NOTIFY_SOCKET and WATCHDOG_USEC are honoured (systemd).

Exit codes: 0 ended by a signal, 75 another ifrit-guard runs on DIR, 78 wrong flags or DIR cannot
be used.
)";
}

std::optional<std::string> answerOf(const GuardOptions& options, const std::string& version) {
    switch (options.action) {
        case GuardOptions::Action::Help:
            return helpText();
        case GuardOptions::Action::Version:
            return "ifrit-guard " + version + '\n';
        case GuardOptions::Action::Check:
            return "";
        case GuardOptions::Action::Run:
            break;
    }
    return std::nullopt;
}

}  // namespace ifrit::agent::guard
