// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/completion.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"

namespace ifrit::gui::ctl {
namespace {

struct LoginOptions {
    std::string user;
    bool passwordFromStdin = false;
};

absl::StatusOr<std::string> passwordFor(Shell& shell, const LoginOptions& options) {
    Terminal& terminal = shell.environment().terminal;
    if (options.passwordFromStdin) {
        IFRIT_ASSIGN_OR_RETURN(std::string password,
                               nextLine(terminal.in, shell.environment().interrupted));
        if (password.empty()) return usage("no password came on the standard input");
        return password;
    }
    if (!terminal.isInteractive) {
        return usage("nobody can be asked for the password; use --password-stdin");
    }
    return terminal.ask("Password of " + options.user + ": ", Echo::Off);
}

absl::Status login(Shell& shell, const LoginOptions& options) {
    const std::string context = shell.contextName();
    if (context.empty()) {
        return usage(
            "login keeps its token with a context; import the bundle first: ifritctl "
            "context import FILE");
    }
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const std::string password, passwordFor(shell, options));
    IFRIT_ASSIGN_OR_RETURN(
        const services::LoginSession login, shell.await<services::LoginSession>([&](auto reply) {
            return session->connection().login(options.user, password, std::move(reply));
        }));
    IFRIT_RETURN_IF_ERROR(shell.environment().contexts.saveToken(context, login.token));
    shell.note(fmt::format("signed in as {} until {}", login.user, localTime(login.expires)));
    return absl::OkStatus();
}

/// As whom commands act once the login of `context` is gone.
absl::StatusOr<std::string> whoActs(const ContextStore& contexts, const std::string& context) {
    IFRIT_ASSIGN_OR_RETURN(const bundle::Bundle bundle, contexts.load(context));
    if (bundle.certificatePem.empty())
        return std::string("commands of this context want 'ifritctl login' first");
    const absl::StatusOr<crypto::Identity> named = crypto::parseIdentity(bundle.certificatePem);
    return fmt::format(
        "the certificate of context {0} acts from now on{1} (forget it with 'ifritctl context "
        "remove {0}')",
        printable(context), named.ok() ? ", as " + printable(named->name) : std::string());
}

absl::Status logout(Shell& shell) {
    const std::string context = shell.contextName();
    ContextStore& contexts = shell.environment().contexts;
    if (context.empty() || contexts.token(context).empty()) {
        shell.note("not signed in with a password");
        return absl::OkStatus();
    }
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const absl::StatusOr<bool> ended = shell.await<bool>([&](services::Reply<bool> reply) {
        return session->connection().logout([reply](const absl::Status& status) {
            reply(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
        });
    });
    // The token goes from here also where the master did not hear of it.
    IFRIT_RETURN_IF_ERROR(contexts.saveToken(context, std::string()));
    // Whoever is not let in any more by it is signed out already.
    const bool wasOver = absl::IsUnauthenticated(ended.status());
    const char* const how = ended.ok() ? "signed out"
                            : wasOver  ? "the sign-in had ended already"
                                       : "forgotten here, but not ended on the master";
    IFRIT_ASSIGN_OR_RETURN(const std::string who, whoActs(contexts, context));
    shell.note(fmt::format("{}; {}", how, who));
    return ended.ok() || wasOver ? absl::OkStatus() : ended.status();
}

absl::Status doctor(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    std::vector<services::TestStepResult> steps;
    const absl::StatusOr<bool> result = shell.await<bool>([&](services::Reply<bool> reply) {
        return session->connection().test(
            [&steps](const services::TestStepResult& step) { steps.push_back(step); },
            [reply](const absl::Status& status) {
                reply(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
            });
    });
    shell.print().list(testStepView(), steps);
    return result.status();
}

struct Version {
    std::string program = "ifritctl";
    std::string version = IFRIT_VERSION;
};

const View<Version>& versionView() {
    static const View<Version> kView = {
        {{"PROGRAM", Shown::Always, [](const auto& one) { return one.program; }},
         {"VERSION", Shown::Always, [](const auto& one) { return one.version; }}},
        [](const auto& one) { return one.version; },
        [](const auto& one) {
            return Json::object().set("program", one.program).set("version", one.version);
        }};
    return kView;
}

absl::Status version(Shell& shell) {
    if (shell.print().isForPeople()) {
        shell.environment().terminal.out << "ifritctl " << IFRIT_VERSION << '\n';
    } else {
        shell.print().one(versionView(), Version{});
    }
    return absl::OkStatus();
}

absl::Status completion(Shell& shell, const std::string& kind) {
    shell.environment().terminal.out << completionScript(shell.app(), kind);
    return absl::OkStatus();
}

}  // namespace

void addSessionCommands(Shell& shell) {
    const auto options = std::make_shared<LoginOptions>();
    CLI::App& loginVerb = shell.addVerb(
        shell.app(),
        {"login",
         "Sign in with a password; the token is kept with the context, readable by you alone",
         "ifritctl login --user anna\n  pass show ifrit | ifritctl login --user anna "
         "--password-stdin"},
        [&shell, options] { return login(shell, *options); });
    loginVerb.add_option("--user", options->user, "Operator's name")->type_name("NAME")->required();
    loginVerb.add_flag("--password-stdin", options->passwordFromStdin,
                       "Read the password's line from the standard input");
    shell.addVerb(shell.app(), {"logout", "End the token of a password login", "ifritctl logout"},
                  [&shell] { return logout(shell); });
    shell.addVerb(shell.app(),
                  {"doctor",
                   "Test the connection step by step: each master's address, then DNS, TCP, TLS, "
                   "health, login, features, permissions, database of the first that is reached",
                   "ifritctl doctor --bundle admin.bundle"},
                  [&shell] { return doctor(shell); });
    shell.addVerb(shell.app(), {"version", "Print this program's version", "ifritctl version"},
                  [&shell] { return version(shell); });
    const auto kind = std::make_shared<std::string>();
    CLI::App& completionVerb =
        shell.addVerb(shell.app(),
                      {"completion", "Print a shell's completion script",
                       "source <(ifritctl completion bash)\n  ifritctl completion fish > "
                       "~/.config/fish/completions/ifritctl.fish"},
                      [&shell, kind] { return completion(shell, *kind); });
    completionVerb.add_option("SHELL", *kind, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

void addAllCommands(Shell& shell) {
    addSessionCommands(shell);
    addContextCommands(shell);
    addClusterCommands(shell);
    addMachineCommands(shell);
    addKeyCommands(shell);
    addPackageCommands(shell);
    addReleaseCommands(shell);
    addCampaignCommands(shell);
    addRingCommands(shell);
    addAuditCommands(shell);
    addUserCommands(shell);
    addGrantCommands(shell);
    addTokenCommands(shell);
}

}  // namespace ifrit::gui::ctl
