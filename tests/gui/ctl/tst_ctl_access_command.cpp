// SPDX-License-Identifier: GPL-3.0-or-later
// What "copy as command" of the sheets of Permissions, and of a machine's revocation, puts on the
// clipboard, down to the call that the master gets.
#include <QTest>

#include "gui/models/ctl_command.h"
#include "gui/models/text_format.h"
#include "tests/gui/ctl/command_desk.h"

using namespace ifrit;
using namespace gui::models;

class TestCtlAccessCommand : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheAccessPageDoesIsTaken();
    void whatShowsItsListsIsTaken();
};

void TestCtlAccessCommand::whatTheAccessPageDoesIsTaken() {
    std::vector<std::string> calls;
    tests::CommandDesk desk;
    tests::FakeAccess& access = desk.master.access;
    const auto user = [&calls](const char* what) {
        return [&calls, what](const auto& asked) {
            calls.push_back(std::string(what) + ' ' + asked.first + ' ' + asked.second.reason);
            return gui::services::UserInfo{};
        };
    };
    const auto done = [&calls](const char* what) {
        return [&calls, what](const auto& asked) {
            calls.push_back(std::string(what) + ' ' + asked.first + ' ' + asked.second.reason);
            return absl::OkStatus();
        };
    };
    access.roleCalls.automatic = user("role");
    access.disableCalls.automatic = user("disable");
    access.enableCalls.automatic = user("enable");
    access.removeCalls.automatic = done("remove");
    access.takeCalls.automatic = done("take");
    access.passwordCalls.automatic = [&](const gui::services::PasswordChange& asked) {
        calls.push_back("password " + asked.user + ' ' + asked.mutation.reason);
        return gui::services::MadePassword{};
    };
    access.createCalls.automatic = [&](const gui::services::NewUser& asked) {
        calls.push_back("create " + asked.name + ' ' + std::string(nameOf(asked.role)) +
                        (asked.withPassword ? "" : " alone"));
        return gui::services::MadePassword{};
    };
    std::vector<domain::Grant> given;
    access.giveCalls.automatic = [&](const auto& asked) {
        given.push_back(asked.first);
        return gui::services::GrantInfo{};
    };
    access.revokeTokenCalls.automatic = [&](const gui::services::Revocation& asked) {
        calls.push_back("end " + asked.id + asked.user);
        return std::uint32_t{1};
    };
    access.revokeCertificateCalls.automatic = [&](const gui::services::Revocation& asked) {
        calls.push_back("revoke " + asked.id + asked.user + ' ' + asked.mutation.reason);
        return std::uint32_t{1};
    };
    access.revokeMachineCalls.automatic = [&](const auto& asked) {
        calls.push_back("machine " + asked.first + ' ' + asked.second.reason);
        return std::uint32_t{2};
    };
    access.createTokenCalls.automatic = [&](const gui::services::NewToken& asked) {
        calls.push_back("token " + asked.label + ' ' + asked.mutation.reason + ' ' +
                        std::to_string(asked.lifetime / std::chrono::hours(24)));
        return gui::services::MadeToken{};
    };
    const QString li = QStringLiteral("li");
    domain::Grant grant;
    grant.to = "li";
    grant.verb = "release.*";
    grant.machineType = "ARM*";
    for (const CtlCommand& command :
         {userCommand(UserVerb::Password, li), userCommand(UserVerb::Promote, li),
          userCommand(UserVerb::Demote, li), userCommand(UserVerb::Disable, li),
          userCommand(UserVerb::Enable, li), userCommand(UserVerb::Remove, li),
          createUserCommand(li, true, false), createUserCommand(li, false, true),
          giveGrantCommand(grant, 30), takeGrantCommand("g-1"), endTokenCommand("t-1"),
          endTokensCommand("li"), createTokenCommand(QStringLiteral("it's nightly"), 90),
          revokeCertificateCommand("0a93"), revokeCertificatesCommand("li"),
          revokeMachineCommand(QStringLiteral("10.0.0.7"))}) {
        const QString text = commandText({command}, QStringLiteral("why"));
        QVERIFY2(desk.run(text) == 0, qPrintable(text + QLatin1Char('\n') + toText(desk.error)));
    }
    QCOMPARE(calls,
             (std::vector<std::string>{
                 "password li why", "role li why", "role li why", "disable li why", "enable li why",
                 "remove li why", "create li super_admin alone", "create li reader", "take g-1 why",
                 "end t-1", "end li", "token it's nightly why 90", "revoke 0a93 why",
                 "revoke li why", "machine 10.0.0.7 why"}));
    QCOMPARE(given.size(), std::size_t{1});
    QCOMPARE(given[0].verb, grant.verb);
    QCOMPARE(given[0].machineType, grant.machineType);
    QCOMPARE(given[0].agent, std::string("*"));
    QVERIFY(given[0].expires.has_value());
}

void TestCtlAccessCommand::whatShowsItsListsIsTaken() {
    tests::CommandDesk desk;
    std::vector<std::string> asked;
    desk.master.access.tokenCalls.automatic = [&](const std::string& whose) {
        asked.push_back("tokens " + whose);
        return std::vector<gui::services::TokenInfo>{};
    };
    desk.master.access.certificateCalls.automatic = [&](const std::string& whose) {
        asked.push_back("certificates " + whose);
        return std::vector<gui::services::CertificateInfo>{};
    };
    for (const CtlCommand& command : {tokensCommand("chen.yu"), certificatesCommand("chen.yu")}) {
        const QString text = commandText({command});
        QVERIFY2(desk.run(text) == 0, qPrintable(text + QLatin1Char('\n') + toText(desk.error)));
    }
    QCOMPARE(asked, (std::vector<std::string>{"tokens chen.yu", "certificates chen.yu"}));
}

QTEST_GUILESS_MAIN(TestCtlAccessCommand)
#include "tst_ctl_access_command.moc"
