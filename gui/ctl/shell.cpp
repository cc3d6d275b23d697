// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/shell.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <map>
#include <utility>

#include "gui/ctl/commands.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/head_keeping.h"
#include "gui/ctl/text.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/status.h"
#include "shared/commandline/help_words.h"
#include "shared/commandline/usage_error.h"

namespace ifrit::gui::ctl {
namespace {

constexpr char kFooter[] =
    "Exit codes: 0 ok, 1 failure, 2 usage, 3 not found, 4 denied, 5 conflict or count mismatch,\n"
    "6 release failed or rolled back, 7 timed out while waiting, 8 unreachable, 130 interrupted.\n"
    "'ifritctl help NOUN VERB' shows a command with an example.";

const std::map<std::string, Format> kFormats = {
    {"table", Format::Table},     {"wide", Format::Wide}, {"json", Format::Json},
    {"jsonl", Format::JsonLines}, {"csv", Format::Csv},   {"name", Format::Name}};

// Ctrl-C and time limits are looked at this often.
constexpr int kPollMs = 50;

// Of one call: what a handshake on a good line takes, and longer than any answer does.
constexpr std::chrono::milliseconds kShortestCall = std::chrono::milliseconds(100);
constexpr std::chrono::milliseconds kLongestCall = std::chrono::minutes(10);

/// "--context" of "--context=", of the words before "--"; empty: there is none.
std::string withoutValue(const std::vector<std::string>& arguments) {
    for (const std::string& word : arguments) {
        if (word == "--") break;
        if (word.rfind("--", 0) == 0 && word.find('=') == word.size() - 1)
            return word.substr(0, word.size() - 1);
    }
    return std::string();
}

/// A file excludes each option that says a part of it. Said at every one of them, and of the file
/// in a line of thirty names, this hid what the options are.
class HelpFormatter : public CLI::Formatter {
public:
    std::string make_option_opts(const CLI::Option* option) const override {
        const std::string text = CLI::Formatter::make_option_opts(option);
        return text.substr(0, text.find(" Excludes:"));
    }
};

}  // namespace

absl::Status usage(std::string_view message) {
    return base::makeError(absl::StatusCode::kInvalidArgument, kUsage, "", message);
}

Shell::Shell(Environment environment)
    : m_environment(std::move(environment)),
      m_app("Manages the agents of a fleet through the masters of its clusters.", "ifritctl") {
    m_app.fallthrough();
    m_app.require_subcommand(1);
    m_app.footer(kFooter);
    m_app.formatter(std::make_shared<HelpFormatter>());
    m_app.get_formatter()->column_width(34);
    addGlobalOptions();
    addAllCommands(*this);
    commandline::addHelpCommand(m_app);
}

void Shell::addGlobalOptions() {
    m_app.set_version_flag("--version", std::string("ifritctl ") + IFRIT_VERSION,
                           "Print this program's version");
    m_app.add_option("--bundle", m_options.bundle, "Admin bundle to use instead of a context")
        ->type_name("FILE");
    m_app.add_option("--context", m_options.context, "Context to use instead of the current one")
        ->type_name("NAME");
    m_app.add_option("-o,--output", m_options.format, std::string(kFormatNames))
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"table", "wide", "json", "jsonl", "csv", "name"}).description(""));
    m_app.add_option("--reason", m_options.reason, "Why, for the audit log")->type_name("TEXT");
    m_app.add_flag("--yes,-y", m_options.yes, "Do not ask before machines are changed");
    m_app
        .add_option("--confirm-count", m_options.confirmCount,
                    "Number of machines that a destructive command will touch")
        ->type_name("N")
        ->check(wholeNumber());
    m_app
        .add_option(
            "--timeout", m_options.timeout,
            "Limit of a call, 100ms to 10m (15s); with --wait and watch, of the waiting (none)")
        ->type_name("TIME");
}

CLI::App& Shell::addNoun(const std::string& name, const std::string& summary) {
    CLI::App* noun = m_app.add_subcommand(name, summary);
    noun->require_subcommand(1);
    return *noun;
}

CLI::App& Shell::addVerb(CLI::App& noun, const VerbHelp& help, Action action) {
    CLI::App* verb = noun.add_subcommand(help.name, help.summary);
    verb->require_subcommand(0);
    verb->footer((help.asks.empty() ? "" : help.asks + ".\n\n") + "Example:\n  " + help.example +
                 "\n\nOptions of every command, as --bundle, -o and --reason: ifritctl --help");
    verb->callback([this, action = std::move(action)] { m_action = action; });
    return *verb;
}

int Shell::run(std::vector<std::string> arguments) {
    if (arguments.empty()) {
        m_environment.terminal.err << m_app.help();
        return static_cast<int>(ExitCode::Usage);
    }
    arguments = commandline::helpWords(m_app, std::move(arguments));
    // CLI11 takes the next word for its value, which may be the command's name.
    if (const std::string bare = withoutValue(arguments); !bare.empty())
        return finish(usage(bare + " has no value behind its '='"));
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
        m_app.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        m_environment.terminal.out << m_app.help();  // of the command that was named
        return 0;
    } catch (const CLI::CallForVersion& version) {
        m_environment.terminal.out << version.what() << '\n';
        return 0;
    } catch (const CLI::ParseError& error) {
        return usageError(error);
    }
    if (absl::Status prepared = prepare(); !prepared.ok()) return finish(prepared);
    const absl::Status status = m_action ? m_action() : usage("no command");
    // Also what was refused is in the audit; who cannot be reached has no head to give.
    if (m_changes && m_session && exitCodeOf(status) != ExitCode::Unreachable &&
        exitCodeOf(status) != ExitCode::Interrupted)
        keepHead(*this, status.ok() ? Told::All : Told::Warnings);
    const int code = finish(status);
    m_session.reset();
    return code;
}

absl::Status Shell::nothingEmpty(const CLI::App& app) const {
    for (const CLI::Option* option : app.get_options()) {
        const auto& given = option->results();
        if (option->count() == 0 || std::find(given.begin(), given.end(), "") == given.end() ||
            std::find(m_mayBeEmpty.begin(), m_mayBeEmpty.end(), option) != m_mayBeEmpty.end())
            continue;
        return usage(fmt::format("{} is empty; leave it out, or say what is meant",
                                 option->get_name(option->get_positional())));
    }
    for (const CLI::App* chosen : app.get_subcommands())
        IFRIT_RETURN_IF_ERROR(nothingEmpty(*chosen));
    return absl::OkStatus();
}

absl::Status Shell::prepare() {
    IFRIT_RETURN_IF_ERROR(nothingEmpty(m_app));
    if (!m_options.timeout.empty()) {
        IFRIT_ASSIGN_OR_RETURN(m_timeout, parseDuration("--timeout", m_options.timeout));
        if (m_timeout->count() == 0) return usage("--timeout must be more than zero");
        if (!waits() && (*m_timeout < kShortestCall || *m_timeout > kLongestCall)) {
            return usage(fmt::format(
                "--timeout {} is out of range: a call is given {} to {}; only a command that "
                "waits, by --wait or as watch does, may be given another time",
                humanDuration(*m_timeout), humanDuration(kShortestCall),
                humanDuration(kLongestCall)));
        }
    }
    if (!m_options.bundle.empty() && !m_options.context.empty()) {
        return usage("--bundle and --context exclude each other");
    }
    return absl::OkStatus();
}

bool Shell::waits() const {
    return std::any_of(m_waitOptions.begin(), m_waitOptions.end(),
                       [](const CLI::Option* option) { return option->count() > 0; }) ||
           std::any_of(m_waitVerbs.begin(), m_waitVerbs.end(),
                       [](const CLI::App* verb) { return verb->parsed(); });
}

std::chrono::milliseconds Shell::callDeadline() const {
    const std::chrono::milliseconds usual = services::ConnectionProfile().deadline;
    if (!m_timeout.has_value()) return usual;
    return waits() ? std::min(usual, *m_timeout) : *m_timeout;
}

bool Shell::isRead() const {
    return !m_environment.terminal.out.flush().fail();
}

int Shell::usageError(const CLI::ParseError& error) const {
    const commandline::UsageError wrong = commandline::describeUsage(m_app, error);
    m_environment.terminal.err << describeError(usage(wrong.message))
                               << fmt::format("hint: {}\n", wrong.hint());
    return static_cast<int>(ExitCode::Usage);
}

int Shell::finish(const absl::Status& status) const {
    const Terminal& terminal = m_environment.terminal;
    const bool isWritten = isRead();
    if (!status.ok()) terminal.err << describeError(status);
    // "| head" has what it wanted.
    const bool hasLeft = !isWritten && terminal.readerLeft && terminal.readerLeft();
    if (status.ok() && !isWritten && !hasLeft) {
        m_environment.terminal.err << "ifritctl: the output could not be written (DATA_LOSS)\n";
        return static_cast<int>(ExitCode::Failure);
    }
    return static_cast<int>(exitCodeOf(status));
}

Printer Shell::print() const {
    return {m_environment.terminal.out, kFormats.at(m_options.format)};
}

void Shell::note(std::string_view text) const {
    m_environment.terminal.err << text << '\n';
}

void Shell::noteShown(std::size_t shown, std::string_view what, bool more) const {
    const std::string counted = countOf(shown, what);
    note(more ? counted + " shown, there are more: raise --limit"
              : counted + " shown, all there are");
}

std::string Shell::contextName() const {
    if (!m_options.bundle.empty()) return std::string();
    if (!m_options.context.empty()) return m_options.context;
    if (!m_environment.variable("IFRIT_BUNDLE").empty()) return std::string();
    if (std::string name = m_environment.variable("IFRIT_CONTEXT"); !name.empty()) return name;
    return m_environment.contexts.current();
}

absl::StatusOr<services::ConnectionProfile> Shell::profile() const {
    services::ConnectionProfile profile;
    profile.via = "ctl";
    profile.deadline = callDeadline();
    const std::string context = contextName();
    if (!context.empty()) {
        IFRIT_ASSIGN_OR_RETURN(profile.bundle, m_environment.contexts.load(context));
        profile.bearerToken = m_environment.contexts.token(context);
        return profile;
    }
    std::string path = m_options.bundle;
    if (path.empty()) path = m_environment.variable("IFRIT_BUNDLE");
    if (path.empty()) {
        const std::string known =
            fmt::format("{}", fmt::join(m_environment.contexts.names(), ", "));
        return base::makeError(
            absl::StatusCode::kInvalidArgument, "NO_CONTEXT", known,
            fmt::format("no cluster is chosen: there is no current context and no --bundle{}{}",
                        known.empty() ? "" : "; there are: ", known));
    }
    IFRIT_ASSIGN_OR_RETURN(profile.bundle, bundle::readBundleFile(path));
    return profile;
}

absl::StatusOr<services::Session*> Shell::session() {
    if (!m_session) {
        IFRIT_ASSIGN_OR_RETURN(const services::ConnectionProfile chosen, profile());
        m_session = m_environment.sessions.open(chosen);
    }
    return m_session.get();
}

services::Mutation Shell::mutation() const {
    m_changes = true;
    services::Mutation mutation;
    mutation.reason = m_options.reason.empty() ? m_typedReason : m_options.reason;
    // Where it is given, the master compares it with what it resolves.
    mutation.expectedCount = m_options.confirmCount;
    return mutation;
}

absl::Status Shell::confirm(const std::string& question) const {
    if (m_options.yes) return absl::OkStatus();
    const auto refuse = [](std::string_view why) {
        return base::makeError(absl::StatusCode::kCancelled, kNotConfirmed, "", why);
    };
    if (!m_environment.terminal.isInteractive) {
        return refuse("this wants a yes and nobody can be asked: pass --yes");
    }
    IFRIT_ASSIGN_OR_RETURN(const std::string answer,
                           m_environment.terminal.ask(question + " [y/N] ", Echo::On));
    if (answer == "y" || answer == "Y" || answer == "yes") return absl::OkStatus();
    return refuse("not confirmed, nothing was changed");
}

absl::Status Shell::askReason(const std::string& what) const {
    if (!m_options.reason.empty()) return absl::OkStatus();
    if (!m_environment.terminal.isInteractive)
        return usage(what + " needs --reason TEXT, for the audit log");
    IFRIT_ASSIGN_OR_RETURN(
        m_typedReason, m_environment.terminal.ask(
                           fmt::format("Why {}? It goes into the audit log: ", what), Echo::On));
    if (!m_typedReason.empty()) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kCancelled, kNotConfirmed, "",
                           what + " needs a reason; nothing was changed");
}

absl::Status Shell::confirmCount(const std::string& what, std::uint64_t count,
                                 const std::string& effect) const {
    IFRIT_RETURN_IF_ERROR(askReason(what));
    std::optional<std::uint64_t> given = m_options.confirmCount;
    if (!given.has_value()) {
        if (!m_environment.terminal.isInteractive) {
            return base::makeError(
                absl::StatusCode::kCancelled, kNotConfirmed, "",
                fmt::format("{} needs --confirm-count with the number that it touches, {}", what,
                            count));
        }
        IFRIT_ASSIGN_OR_RETURN(
            const std::string answer,
            m_environment.terminal.ask(fmt::format("{}{}{} touches {}. Type the number to go on: ",
                                                   effect, effect.empty() ? "" : " ", what, count),
                                       Echo::On));
        given = answer.empty() || answer.find_first_not_of("0123456789") != std::string::npos ||
                        answer.size() > 18
                    ? std::nullopt
                    : std::optional<std::uint64_t>(std::stoull(answer));
    }
    if (given == count) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kAborted, kCountMismatch, "",
                           fmt::format("{} touches {}, not {}; nothing was changed", what, count,
                                       given ? std::to_string(*given) : "what was typed"));
}

absl::Status Shell::runUntil(const std::function<bool()>& done,
                             std::optional<std::chrono::milliseconds> limit) const {
    QElapsedTimer timer;
    timer.start();
    QTimer wakeUp;  // else the event loop would wait for the master alone
    wakeUp.start(kPollMs);
    while (!done()) {
        if (m_environment.interrupted()) {
            return base::makeError(absl::StatusCode::kCancelled, kInterrupted, "",
                                   "interrupted while waiting");
        }
        if (limit.has_value() && timer.elapsed() >= limit->count()) {
            return base::makeError(absl::StatusCode::kDeadlineExceeded, kWaitTimedOut, "",
                                   fmt::format("not over after {}", humanDuration(*limit)));
        }
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return absl::OkStatus();
}

}  // namespace ifrit::gui::ctl
