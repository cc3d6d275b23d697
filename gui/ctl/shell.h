// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/ctl/context_store.h"
#include "gui/ctl/printer.h"
#include "gui/ctl/terminal.h"
#include "gui/services/session.h"

namespace ifrit::gui::ctl {

/// What the program stands on; every part is another in tests.
struct Environment {
    services::SessionFactory& sessions;
    Terminal terminal;
    ContextStore contexts;
    std::function<std::string(const char*)> variable;  ///< of the environment; empty: unset
    std::function<bool()> interrupted;                 ///< Ctrl-C was pressed
};

/// Options that every command takes.
struct GlobalOptions {
    std::string bundle;
    std::string context;
    std::string format = "table";
    std::string reason;
    bool yes = false;
    std::optional<std::uint64_t> confirmCount;
    std::string timeout;
};

/// Describes one verb to addVerb().
struct VerbHelp {
    std::string name;
    std::string summary;
    std::string example;    ///< one or more lines, each a whole command
    std::string asks = {};  ///< what it wants before it changes something, as kAsksForTheUser
};

/// Of class 2 with a reason; of class 3 about one user, one grant, one package, the machines that
/// are named or those of a release; and of class 2 or 3 by how many of its machines it reaches.
inline constexpr char kAsksForAYes[] = "Class 2: wants --reason TEXT, and --yes or a person's y";
inline constexpr char kAsksForTheUser[] =
    "Class 3: wants --reason TEXT, and --confirm-count 1 (the user) or the number typed";
inline constexpr char kAsksForTheGrant[] =
    "Class 3: wants --reason TEXT, and --confirm-count 1 (the grant) or the number typed";
inline constexpr char kAsksForThePackage[] =
    "Class 3: wants --reason TEXT, and --confirm-count 1 (the package) or the number typed";
inline constexpr char kAsksForTheNamed[] =
    "Class 3: wants --reason TEXT, and --confirm-count N (the machines named) or the number typed";
inline constexpr char kAsksForTheReached[] =
    "Class 3: wants --reason TEXT, and --confirm-count N (the machines it reaches, as 'release "
    "show'\n"
    "counts them) or the number typed";
inline constexpr char kAsksByReach[] =
    "Class 2: wants --yes or a person's y. Beyond 5 % of the cluster or 1,000 machines class 3: "
    "wants\n"
    "--reason TEXT, and --confirm-count N (the machines it reaches, as 'release show' counts them) "
    "or\n"
    "the number typed";

inline constexpr char kAsksByPlan[] =
    "Class 2: wants --yes or a person's y. Beyond 5 % of the cluster or 1,000 machines class 3: "
    "wants\n"
    "--reason TEXT, and --confirm-count N (the machines of its plan, as 'release plan' counts "
    "them)\n"
    "or the number typed";

/// Parses a command line, runs its command on the event loop of this thread and says how it ended.
class Shell {
public:
    using Action = std::function<absl::Status()>;

    explicit Shell(Environment environment);
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    /// `arguments` without the program's name. Returns the exit code.
    int run(std::vector<std::string> arguments);

    // For the commands.
    CLI::App& app() { return m_app; }
    CLI::App& addNoun(const std::string& name, const std::string& summary);
    /// `action` runs when the verb was chosen and its options were parsed.
    CLI::App& addVerb(CLI::App& noun, const VerbHelp& help, Action action);

    const GlobalOptions& options() const { return m_options; }
    Environment& environment() { return m_environment; }
    const Environment& environment() const { return m_environment; }
    Printer print() const;
    /// A line on the error stream, for people.
    void note(std::string_view text) const;
    /// Of the few that mean something with nothing in them: any other option or argument that is
    /// given as "" is a variable that a script forgot to set, and would ask for something else.
    void mayBeEmpty(const CLI::Option* option) { m_mayBeEmpty.push_back(option); }
    /// What was printed is read, as far as is known now. False once "| head" has what it wanted,
    /// or the disk is full: there is nobody to go on for.
    bool isRead() const;

    /// Name of the context in use; empty with --bundle.
    std::string contextName() const;
    absl::StatusOr<services::ConnectionProfile> profile() const;
    /// Opened at the first use.
    absl::StatusOr<services::Session*> session();
    /// For a call that changes something: the audit's head is fetched when it was made.
    services::Mutation mutation() const;
    /// The change was made, but no row of it is in the audit yet: there is no head to fetch, and
    /// asking the database that is away for one would hold up the answer.
    void keepNoHead() { m_changes = false; }

    /// Class 2: --yes, or the answer of a person. `question` ends with '?'.
    absl::Status confirm(const std::string& question) const;
    /// Class 3: --confirm-count, or a person types `count`. Also wants a reason, as --reason or
    /// typed, which mutation() has from then on. `effect`: a sentence that the person reads first.
    absl::Status confirmCount(const std::string& what, std::uint64_t count,
                              const std::string& effect = {}) const;

    /// Runs the event loop until `done` or Ctrl-C or, where given, the time limit.
    absl::Status runUntil(const std::function<bool()>& done,
                          std::optional<std::chrono::milliseconds> limit = std::nullopt) const;

    template <typename T>
    absl::StatusOr<T> await(
        const std::function<services::CallHandle(services::Reply<T>)>& start) const {
        std::optional<absl::StatusOr<T>> result;
        const services::CallHandle call =
            start([&result](absl::StatusOr<T> answer) { result = std::move(answer); });
        if (absl::Status status = runUntil([&result] { return result.has_value(); });
            !status.ok()) {
            return status;
        }
        return *std::move(result);
    }

    /// Reads pages until the last, or `limit` items (0: all). `more` tells that there were more.
    template <typename T>
    absl::StatusOr<std::vector<T>> awaitPages(
        const std::function<services::CallHandle(const services::PageRequest&,
                                                 services::Reply<services::Page<T>>)>& start,
        std::size_t limit, bool& more) const {
        std::vector<T> all;
        services::PageRequest request;
        more = false;
        for (;;) {
            if (limit != 0)
                request.size =
                    static_cast<std::uint32_t>(std::min<std::size_t>(limit - all.size(), 5'000));
            absl::StatusOr<services::Page<T>> page =
                await<services::Page<T>>([&](services::Reply<services::Page<T>> reply) {
                    return start(request, std::move(reply));
                });
            if (!page.ok()) return page.status();
            for (T& item : page->items) {
                if (limit != 0 && all.size() == limit) {
                    more = true;
                    return all;
                }
                all.push_back(std::move(item));
            }
            more = !page->nextToken.empty();
            if (!more || (limit != 0 && all.size() >= limit)) return all;
            request.token = page->nextToken;
        }
    }
    /// "12 packages shown" or, with `more`, that there are others.
    void noteShown(std::size_t shown, std::string_view what, bool more) const;
    std::optional<std::chrono::milliseconds> timeout() const { return m_timeout; }
    /// With `option`, --timeout limits the waiting and not each call.
    void waitsWith(const CLI::Option* option) { m_waitOptions.push_back(option); }
    /// As waitsWith() for a verb that always waits.
    void waitsAlways(const CLI::App& verb) { m_waitVerbs.push_back(&verb); }
    /// Of each call: what --timeout says, or the usual.
    std::chrono::milliseconds callDeadline() const;

private:
    void addGlobalOptions();
    absl::Status prepare();
    absl::Status nothingEmpty(const CLI::App& app) const;
    absl::Status askReason(const std::string& what) const;
    int finish(const absl::Status& status) const;
    bool waits() const;
    int usageError(const CLI::ParseError& error) const;

    Environment m_environment;
    GlobalOptions m_options;
    CLI::App m_app;
    Action m_action;
    std::vector<const CLI::Option*> m_waitOptions;
    std::vector<const CLI::App*> m_waitVerbs;
    std::vector<const CLI::Option*> m_mayBeEmpty;
    std::optional<std::chrono::milliseconds> m_timeout;
    std::unique_ptr<services::Session> m_session;
    mutable std::string m_typedReason;
    mutable bool m_changes = false;  ///< the command was one that changes something
};

/// An error of the command line itself.
absl::Status usage(std::string_view message);

}  // namespace ifrit::gui::ctl
