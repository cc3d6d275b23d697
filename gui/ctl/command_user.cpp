// SPDX-License-Identifier: Apache-2.0
#include <QFileInfo>
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/key_file.h"
#include "gui/ctl/own_password.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views_access.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"

namespace ifrit::gui::ctl {
namespace {

struct UserOptions {
    std::string name;
    std::string role = "reader";
    bool certificateOnly = false;
    OwnPasswordOptions password;
    bool everybody = false;
    std::string out;
    std::string serial;
    services::AccessQuestion question;
};

services::UserRole roleOf(const std::string& name) {
    return name == "super_admin" ? services::UserRole::SuperAdmin : services::UserRole::Reader;
}

void showPassword(const Shell& shell, const services::MadePassword& made) {
    if (made.password.empty()) return;
    Printer print = shell.print();
    if (print.isForPeople())
        print.line(made.password);
    else
        print.one(madePasswordView(), made);
    shell.note("this password is shown once and kept nowhere");
}

absl::Status list(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const auto users,
                           shell.await<std::vector<services::UserInfo>>([&](auto reply) {
                               return session->access().listUsers(std::move(reply));
                           }));
    shell.print().list(userView(), users);
    shell.noteShown(users.size(), "users", false);
    return absl::OkStatus();
}

absl::Status create(Shell& shell, const UserOptions& options) {
    if (roleOf(options.role) == services::UserRole::SuperAdmin)
        IFRIT_RETURN_IF_ERROR(
            shell.confirmCount("user create --role super_admin", 1,
                               fmt::format("Let {} do everything here?", options.name)));
    IFRIT_ASSIGN_OR_RETURN(const services::Mutation mutation,
                           wideningMutation(shell, options.password));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const services::NewUser user{options.name, roleOf(options.role), !options.certificateOnly,
                                 mutation};
    IFRIT_ASSIGN_OR_RETURN(const auto made, shell.await<services::MadePassword>([&](auto reply) {
        return session->access().createUser(user, std::move(reply));
    }));
    showPassword(shell, made);
    shell.note(fmt::format("{} is a {}", options.name, options.role));
    return absl::OkStatus();
}

absl::StatusOr<std::string> askTwice(Shell& shell, const std::string& whose) {
    Terminal& terminal = shell.environment().terminal;
    IFRIT_ASSIGN_OR_RETURN(const std::string first,
                           terminal.ask("New password" + whose + ": ", Echo::Off));
    IFRIT_ASSIGN_OR_RETURN(const std::string second, terminal.ask("Again: ", Echo::Off));
    if (first != second) return usage("the two are not the same; nothing was changed");
    return first;
}

/// One's own is typed, another's is made.
absl::Status passwd(Shell& shell, const UserOptions& options) {
    Terminal& terminal = shell.environment().terminal;
    if (!options.name.empty())
        IFRIT_RETURN_IF_ERROR(shell.confirmCount(
            "user passwd", 1, fmt::format("Give {} a new password?", options.name)));
    services::PasswordChange change{options.name, {}, {}, shell.mutation()};
    // The line of one's own comes first.
    if (!options.name.empty()) {
        IFRIT_ASSIGN_OR_RETURN(change.mutation, wideningMutation(shell, options.password));
    }
    if (options.password.fromStdin) {
        const auto& interrupted = shell.environment().interrupted;
        if (options.name.empty()) {
            IFRIT_ASSIGN_OR_RETURN(change.current, nextLine(terminal.in, interrupted));
        }
        IFRIT_ASSIGN_OR_RETURN(change.password, nextLine(terminal.in, interrupted));
        if (change.password.empty()) return usage("no password came on the standard input");
    } else if (options.name.empty()) {
        if (!terminal.isInteractive)
            return usage("nobody can be asked for the password; use --password-stdin");
        IFRIT_ASSIGN_OR_RETURN(change.current, terminal.ask("Current password: ", Echo::Off));
        IFRIT_ASSIGN_OR_RETURN(change.password, askTwice(shell, {}));
    }
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(auto made, shell.await<services::MadePassword>([&](auto reply) {
        return session->access().setPassword(change, std::move(reply));
    }));
    showPassword(shell, made);
    shell.note("the old password and all tokens that it bought are good no more");
    return absl::OkStatus();
}

using UserCall = std::function<services::CallHandle(
    services::AccessService&, const services::Mutation&, services::Reply<services::UserInfo>)>;

struct UserChange {
    std::string what;
    std::string effect;
    const OwnPasswordOptions* password = nullptr;  ///< of what lets somebody do more
};

/// Permissions are of class 3; what is counted is the one user.
absl::Status changeUser(Shell& shell, const UserChange& change, const UserCall& call) {
    IFRIT_RETURN_IF_ERROR(shell.confirmCount(change.what, 1, change.effect));
    services::Mutation mutation = shell.mutation();
    if (change.password != nullptr) {
        IFRIT_ASSIGN_OR_RETURN(mutation, wideningMutation(shell, *change.password));
    }
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const auto user, shell.await<services::UserInfo>([&](auto reply) {
        return call(session->access(), mutation, std::move(reply));
    }));
    shell.print().one(userView(), user);
    return absl::OkStatus();
}

absl::Status setRole(Shell& shell, const UserOptions& options) {
    return changeUser(
        shell,
        {"user role", fmt::format("Make {} a {}?", options.name, options.role), &options.password},
        [&](services::AccessService& access, const services::Mutation& mutation, auto reply) {
            return access.setRole(options.name, roleOf(options.role), mutation, std::move(reply));
        });
}

absl::Status disable(Shell& shell, const UserOptions& options) {
    return changeUser(
        shell,
        {"user disable",
         fmt::format("Refuse {} from now on, tokens and certificates too?", options.name)},
        [&](services::AccessService& access, const services::Mutation& mutation, auto reply) {
            return access.disableUser(options.name, mutation, std::move(reply));
        });
}

absl::Status enable(Shell& shell, const UserOptions& options) {
    return changeUser(
        shell, {"user enable", fmt::format("Let {} in again?", options.name), &options.password},
        [&](services::AccessService& access, const services::Mutation& mutation, auto reply) {
            return access.enableUser(options.name, mutation, std::move(reply));
        });
}

absl::Status remove(Shell& shell, const UserOptions& options) {
    IFRIT_RETURN_IF_ERROR(shell.confirmCount(
        "user remove", 1,
        fmt::format("Remove {} with all grants, tokens and certificates?", options.name)));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const absl::StatusOr<bool> removed = shell.await<bool>([&](services::Reply<bool> reply) {
        return session->access().removeUser(
            options.name, shell.mutation(), [reply](const absl::Status& status) {
                reply(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
            });
    });
    if (removed.ok()) shell.note(fmt::format("{} is removed", options.name));
    return removed.status();
}

absl::Status check(Shell& shell, const UserOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const auto answer, shell.await<services::AccessAnswer>([&](auto reply) {
        return session->access().checkAccess(options.question, std::move(reply));
    }));
    shell.print().one(accessAnswerView(), answer);
    return absl::OkStatus();
}

absl::Status certificates(Shell& shell, const UserOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const std::string whose = options.everybody ? "*" : options.name;
    IFRIT_ASSIGN_OR_RETURN(const auto all,
                           shell.await<std::vector<services::CertificateInfo>>([&](auto reply) {
                               return session->access().listCertificates(whose, std::move(reply));
                           }));
    shell.print().list(certificateView(), all);
    shell.noteShown(all.size(), "certificates", false);
    return absl::OkStatus();
}

/// The key is made here and goes nowhere but into the file.
absl::Status issue(Shell& shell, const UserOptions& options) {
    // Before a certificate is made that nobody would have the key of.
    if (QFileInfo::exists(QString::fromStdString(options.out))) {
        return base::makeError(absl::StatusCode::kAlreadyExists, "FILE_EXISTS", options.out,
                               fmt::format("'{}' exists; choose another name", options.out));
    }
    if (!options.name.empty())
        IFRIT_RETURN_IF_ERROR(shell.confirmCount(
            "user issue", 1,
            fmt::format("Make a certificate with which whoever has it is {}?", options.name)));
    IFRIT_ASSIGN_OR_RETURN(services::ConnectionProfile profile, shell.profile());
    IFRIT_ASSIGN_OR_RETURN(const services::Mutation mutation,
                           wideningMutation(shell, options.password));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const std::string key, crypto::generatePrivateKey());
    IFRIT_ASSIGN_OR_RETURN(
        const std::string csr,
        crypto::createCsr(key, options.name.empty() ? "operator" : options.name));
    IFRIT_ASSIGN_OR_RETURN(const auto issued,
                           shell.await<services::IssuedCertificate>([&](auto reply) {
                               return session->access().issueCertificate(
                                   options.name, csr, mutation, std::move(reply));
                           }));
    bundle::Bundle out = profile.bundle;
    out.caPem = issued.caPem;
    out.certificatePem = issued.certificatePem;
    out.privateKeyPem = key;
    IFRIT_RETURN_IF_ERROR(writeNewFile(options.out, bundle::formatBundle(out), Secrecy::Secret));
    if (!shell.print().isForPeople()) shell.print().one(certificateView(), issued.certificate);
    shell.note(fmt::format("{} holds a certificate of {} with its key: give it to nobody else",
                           options.out, issued.certificate.user));
    return absl::OkStatus();
}

absl::Status revoke(Shell& shell, const UserOptions& options) {
    if (options.serial.empty() == options.name.empty())
        return usage("name the serial of one certificate, or with --user whose all to revoke");
    IFRIT_RETURN_IF_ERROR(shell.confirmCount(
        "user revoke", 1,
        options.serial.empty()
            ? fmt::format("Revoke every certificate of {}?", options.name)
            : fmt::format("Revoke the certificate with serial {}?", options.serial)));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const services::Revocation which{options.serial, options.name, shell.mutation()};
    IFRIT_ASSIGN_OR_RETURN(const std::uint32_t revoked, shell.await<std::uint32_t>([&](auto reply) {
        return session->access().revokeCertificates(which, std::move(reply));
    }));
    shell.note(countOf(revoked, "certificates") + " revoked");
    return absl::OkStatus();
}

void addRoleOption(CLI::Option* option) {
    option->check(CLI::IsMember({"reader", "super_admin"}))->type_name("ROLE");
}

void addStandingVerbs(Shell& shell, CLI::App& noun, const std::shared_ptr<UserOptions>& options) {
    CLI::App& roleVerb = shell.addVerb(
        noun,
        {"role", "Make a user a reader or a super admin; the last super admin stays one",
         "ifritctl user role anna super_admin --reason 'new on the team' --confirm-count 1",
         kAsksForTheUser},
        [&shell, options] { return setRole(shell, *options); });
    roleVerb.add_option("NAME", options->name, "User")->required();
    addRoleOption(roleVerb.add_option("ROLE", options->role, "reader or super_admin")->required());
    addOwnPasswordOption(roleVerb, options->password);
    CLI::App& disableVerb = shell.addVerb(
        noun,
        {"disable", "Let a user in no more: password, tokens, certificates and open streams",
         "ifritctl user disable anna --reason 'laptop lost' --confirm-count 1", kAsksForTheUser},
        [&shell, options] { return disable(shell, *options); });
    disableVerb.add_option("NAME", options->name, "User")->required();
    CLI::App& enableVerb = shell.addVerb(
        noun,
        {"enable", "Let a disabled user in again; their tokens stay ended",
         "ifritctl user enable anna --reason 'laptop found' --confirm-count 1", kAsksForTheUser},
        [&shell, options] { return enable(shell, *options); });
    enableVerb.add_option("NAME", options->name, "User")->required();
    addOwnPasswordOption(enableVerb, options->password);
    CLI::App& removeVerb =
        shell.addVerb(noun,
                      {"remove", "Remove a user with all grants, tokens and certificates",
                       "ifritctl user remove anna --reason 'left the company' --confirm-count 1",
                       kAsksForTheUser},
                      [&shell, options] { return remove(shell, *options); });
    removeVerb.add_option("NAME", options->name, "User")->required();
}

void addCertificateVerbs(Shell& shell, CLI::App& noun,
                         const std::shared_ptr<UserOptions>& options) {
    CLI::App& listVerb =
        shell.addVerb(noun,
                      {"certificates", "List certificates: one's own, or as super admin others'",
                       "ifritctl user certificates anna"},
                      [&shell, options] { return certificates(shell, *options); });
    listVerb.add_option("NAME", options->name, "User; oneself if absent");
    listVerb.add_flag("--all", options->everybody, "Of everybody");
    CLI::App& issueVerb = shell.addVerb(
        noun,
        {"issue",
         "A new certificate for a user, or to renew one's own: writes a bundle with its key",
         "ifritctl user issue --out renewed.bundle\n  ifritctl user issue anna --out anna.bundle "
         "--reason 'new on the team' --confirm-count 1",
         "One's own: nothing. Another's is of class 3: wants --reason TEXT, and --confirm-count 1 "
         "(the user) or the number typed"},
        [&shell, options] { return issue(shell, *options); });
    issueVerb.add_option("NAME", options->name, "User; oneself if absent");
    issueVerb.add_option("--out", options->out, "The bundle; must not exist")
        ->type_name("FILE")
        ->required();
    addOwnPasswordOption(issueVerb, options->password);
    CLI::App& revokeVerb =
        shell.addVerb(noun,
                      {"revoke", "Revoke one certificate of a user, or all of theirs",
                       "ifritctl user revoke --user anna --reason 'laptop lost' --confirm-count 1",
                       "Class 3: wants --reason TEXT, and --confirm-count 1 (the user, or the "
                       "certificate) or the number typed"},
                      [&shell, options] { return revoke(shell, *options); });
    revokeVerb.add_option("SERIAL", options->serial, "Of one certificate");
    revokeVerb.add_option("--user", options->name, "All of this user's")->type_name("NAME");
}

}  // namespace

void addUserCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("user", "Who may sign in, and with what");
    const auto options = std::make_shared<UserOptions>();
    shell.addVerb(
        noun, {"list", "Users with role, grants, tokens and certificates", "ifritctl user list"},
        [&shell] { return list(shell); });
    CLI::App& createVerb =
        shell.addVerb(noun,
                      {"create", "Add a user; prints the password once",
                       "ifritctl user create anna --role reader\n  ifritctl user create builder "
                       "--certificate-only\n  ifritctl "
                       "user create root2 --role super_admin --reason OPS-7 --confirm-count 1",
                       "A reader: nothing. A super admin is of class 3: wants --reason TEXT, and "
                       "--confirm-count 1 (the user) or the number typed"},
                      [&shell, options] { return create(shell, *options); });
    createVerb.add_option("NAME", options->name, "User")->required();
    addRoleOption(
        createVerb.add_option("--role", options->role, "reader (default) or super_admin"));
    createVerb.add_flag("--certificate-only", options->certificateOnly,
                        "No password: signs in with a certificate");
    addOwnPasswordOption(createVerb, options->password);
    CLI::App& passwdVerb = shell.addVerb(
        noun,
        {"passwd",
         "Change one's own password, or as super admin give a user a new one, printed once",
         "ifritctl user passwd\n  ifritctl user passwd anna --reason 'forgotten' --confirm-count "
         "1",
         "One's own: nothing. Another's is of class 3: wants --reason TEXT, and --confirm-count 1 "
         "(the user) or the number typed"},
        [&shell, options] { return passwd(shell, *options); });
    passwdVerb.add_option("NAME", options->name, "User; oneself if absent");
    passwdVerb.add_flag("--password-stdin", options->password.fromStdin,
                        "Read it from the standard input; of one's own, and of another's where you "
                        "signed in with a password, the line of your current one comes first");
    addStandingVerbs(shell, noun, options);
    CLI::App& checkVerb = shell.addVerb(
        noun,
        {"check", "May somebody do something, and why",
         "ifritctl user check release.start --user anna --agent logd --type LINUX,ARM64"},
        [&shell, options] { return check(shell, *options); });
    services::AccessQuestion& question = options->question;
    checkVerb.add_option("PERMISSION", question.permission, "As release.start")->required();
    checkVerb.add_option("--user", question.user, "Who; oneself if absent")->type_name("NAME");
    checkVerb.add_option("--agent", question.agent, "Of this agent; of every one if absent")
        ->type_name("NAME");
    checkVerb.add_option("--type", question.machineTypes, "On these; on every one if absent")
        ->type_name("TYPE")
        ->delimiter(',');
    addCertificateVerbs(shell, noun, options);
}

}  // namespace ifrit::gui::ctl
