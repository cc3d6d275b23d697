// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/own_password.h"

#include "shared/base/status.h"

namespace ifrit::gui::ctl {

void addOwnPasswordOption(CLI::App& verb, OwnPasswordOptions& options) {
    verb.add_flag("--password-stdin", options.fromStdin,
                  "Read your own password's line from the standard input; needed where you signed "
                  "in with one and nobody can be asked");
}

absl::StatusOr<std::string> ownPassword(const Shell& shell, const OwnPasswordOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const services::ConnectionProfile profile, shell.profile());
    std::string password;
    if (profile.bearerToken.empty()) return password;
    const Terminal& terminal = shell.environment().terminal;
    if (options.fromStdin) {
        IFRIT_ASSIGN_OR_RETURN(password, nextLine(terminal.in, shell.environment().interrupted));
        if (password.empty()) return usage("no password came on the standard input");
        return password;
    }
    if (!terminal.isInteractive) {
        return usage(
            "you signed in with a password, which this asks for again, and nobody can be asked; "
            "use --password-stdin, or a bundle with your certificate");
    }
    return terminal.ask("Your password: ", Echo::Off);
}

absl::StatusOr<services::Mutation> wideningMutation(const Shell& shell,
                                                    const OwnPasswordOptions& options) {
    services::Mutation mutation = shell.mutation();
    IFRIT_ASSIGN_OR_RETURN(mutation.password, ownPassword(shell, options));
    return mutation;
}

}  // namespace ifrit::gui::ctl
