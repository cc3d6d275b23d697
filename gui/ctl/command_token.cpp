// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/own_password.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views_access.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

/// As the master holds it.
constexpr std::chrono::hours kMostOfToken{90 * 24};

struct TokenOptions {
    std::string user;
    bool everybody = false;
    std::string label;
    std::string lifetime = "30d";
    OwnPasswordOptions password;
    std::string id;
};

absl::Status list(Shell& shell, const TokenOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const std::string whose = options.everybody ? "*" : options.user;
    IFRIT_ASSIGN_OR_RETURN(const auto tokens,
                           shell.await<std::vector<services::TokenInfo>>([&](auto reply) {
                               return session->access().listTokens(whose, std::move(reply));
                           }));
    shell.print().list(tokenView(), tokens);
    shell.noteShown(tokens.size(), "tokens", false);
    return absl::OkStatus();
}

absl::Status create(Shell& shell, const TokenOptions& options) {
    services::NewToken token;
    token.label = options.label;
    token.mutation = shell.mutation();
    IFRIT_ASSIGN_OR_RETURN(token.lifetime, parseDuration("--for", options.lifetime, kMostOfToken));
    if (shell.options().reason.empty())
        return usage("token create needs --reason TEXT: whoever finds the token has to know");
    IFRIT_RETURN_IF_ERROR(shell.confirm(fmt::format("Make a token '{}' that acts as you for {}?",
                                                    options.label, options.lifetime)));
    IFRIT_ASSIGN_OR_RETURN(token.password, ownPassword(shell, options.password));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const auto made, shell.await<services::MadeToken>([&](auto reply) {
        return session->access().createToken(token, std::move(reply));
    }));
    Printer print = shell.print();
    if (print.isForPeople())
        print.line(made.secret);
    else
        print.one(madeTokenView(), made);
    shell.note(fmt::format("token {} until {}; it is shown once and kept nowhere", made.token.id,
                           localTime(made.token.expires)));
    return absl::OkStatus();
}

absl::Status revoke(Shell& shell, const TokenOptions& options) {
    if (options.id.empty() == options.user.empty())
        return usage("name one token by its id, or with --user whose all to revoke");
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_RETURN_IF_ERROR(shell.confirm(options.id.empty()
                                            ? fmt::format("End all tokens of {}?", options.user)
                                            : fmt::format("End the token {}?", options.id)));
    const services::Revocation which{options.id, options.user, shell.mutation()};
    IFRIT_ASSIGN_OR_RETURN(const std::uint32_t ended, shell.await<std::uint32_t>([&](auto reply) {
        return session->access().revokeTokens(which, std::move(reply));
    }));
    shell.note(countOf(ended, "tokens") + " ended");
    return absl::OkStatus();
}

}  // namespace

void addTokenCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("token", "Tokens that stand for a user, of logins and programs");
    const auto options = std::make_shared<TokenOptions>();
    CLI::App& listVerb = shell.addVerb(
        noun,
        {"list",
         "Tokens that have not ended, without their secret: one's own, or as super admin "
         "others'",
         "ifritctl token list --all"},
        [&shell, options] { return list(shell, *options); });
    listVerb.add_option("--user", options->user, "Of this user")->type_name("NAME");
    listVerb.add_flag("--all", options->everybody, "Of everybody");
    CLI::App& createVerb = shell.addVerb(
        noun,
        {"create", "A token for a program that acts as you; printed once",
         "ifritctl token create 'nightly build' --for 30d --reason OPS-7 --yes", kAsksForAYes},
        [&shell, options] { return create(shell, *options); });
    createVerb.add_option("LABEL", options->label, "What it is for")->required();
    createVerb.add_option("--for", options->lifetime, "How long it is good, at most 90d")
        ->type_name("DURATION")
        ->capture_default_str();
    addOwnPasswordOption(createVerb, options->password);
    CLI::App& revokeVerb =
        shell.addVerb(noun,
                      {"revoke", "End one token, or all of a user, with their open streams",
                       "ifritctl token revoke 3fa94c0d1e22b7a5 --yes"},
                      [&shell, options] { return revoke(shell, *options); });
    revokeVerb.add_option("ID", options->id, "As 'token list' shows it");
    revokeVerb.add_option("--user", options->user, "All of this user's")->type_name("NAME");
}

}  // namespace ifrit::gui::ctl
