// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "agent/link/settings_adopter.h"
#include "agent/link/sync_loop.h"
#include "shared/crypto/certificates.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/manual_clock.h"
#include "tests/agent/support/uuid_with_order.h"

namespace ifrit::tests {
namespace {

using agent::link::LinkSettings;
using agent::link::LinkSettingsStore;
using agent::link::MachineIdentity;

const LinkSettings kOld{{"old:1"}, "", "old CA"};

LinkSettings newSettings(std::vector<std::string> masters, std::string caPem = "old CA") {
    return {std::move(masters), "name", std::move(caPem)};
}

/// A machine that is enrolled with a master "old:1"; a test says who else answers, and with which
/// CA.
struct Line {
    explicit Line(const std::string& directory, agent::link::SettingsChoice choice = {kOld, {}})
        : ca(*crypto::createCa("demo", clock.now(), std::chrono::hours(1000))),
          identity(issue(ca)),
          master(std::make_shared<FakeMaster>(directory)),
          connector(master),
          connection(connector, {choice.used.masters, choice.used.serverName},
                     uuidWithOrder({"dead:1", "new:2"})),
          identities(directory + "/identity.pem"),
          enrolment(identities, connector, clock,
                    {"m1",
                     "demo",
                     [this] { return absl::StatusOr<std::string>(ca.certificatePem); },
                     [] { return absl::StatusOr<std::string>("token"); },
                     [] { return domain::MachineFacts(); },
                     {}}),
          store(directory + "/link.toml"),
          adopter({connection, enrolment, connector, clock, [] { return 0.5; }, board}, store,
                  std::move(choice)) {
        identities.save(identity, {}, clock.now()).IgnoreError();
        enrolment.adoptStored(connection).IgnoreError();
        master->onSync = [](const auto&) -> absl::StatusOr<agent::link::SyncReply> {
            return agent::link::SyncReply();
        };
        connector.onConnect =
            [this](const agent::link::Endpoint& to,
                   const MachineIdentity& as) -> std::shared_ptr<agent::link::MasterClient> {
            last = as;
            if (to.address == answering && to.serverName == "name") return nullptr;
            auto dead = std::make_shared<FakeMaster>("");
            dead->away = true;
            return dead;
        };
    }
    MachineIdentity issue(const crypto::Credentials& by) const {
        crypto::CertificateRequest request;
        request.cluster = "demo";
        request.name = "m1";
        request.now = clock.now();
        request.validity = std::chrono::hours(24);
        const auto issued = crypto::issue(by, request);
        return {issued->privateKeyPem, issued->certificatePem, by.certificatePem};
    }
    absl::StatusOr<agent::link::IssuedCertificate> issueFor(const std::string& csr) const {
        crypto::CertificateRequest request;
        request.cluster = "demo";
        request.name = "m1";
        request.now = clock.now();
        request.validity = std::chrono::hours(24);
        IFRIT_ASSIGN_OR_RETURN(const std::string pem, crypto::issueFromCsr(ca, csr, request));
        return agent::link::IssuedCertificate{pem, ca.certificatePem};
    }
    std::string refusal() const { return board.state().settingsError; }

    ManualClock clock;
    crypto::Credentials ca;
    MachineIdentity identity;
    std::shared_ptr<FakeMaster> master;
    FakeConnector connector;
    agent::link::Connection connection;
    agent::link::IdentityStore identities;
    agent::link::Enrolment enrolment;
    LinkSettingsStore store;
    agent::link::LinkBoard board{clock};
    agent::link::SettingsAdopter adopter;
    std::string answering;
    MachineIdentity last;
};

class NoHandler final : public agent::link::SyncHandler {
public:
    Held held() const override { return {}; }
    absl::Status accept(const agent::link::SyncReply&) override { return absl::OkStatus(); }
};

/// The whole loop of a Line.
struct LineLoop {
    LineLoop(const std::string& directory, Line& line)
        : journal(std::move(agent::journal::Journal::open(directory + "/journal")->journal)),
          reports(*journal, line.clock),
          loop({line.connection, line.enrolment, reports, handler, &line.board, &line.adopter},
               {{},
                [] { return 0.5; },
                [](const absl::Status&) { return std::chrono::milliseconds(0); }}) {}
    std::unique_ptr<agent::journal::Journal> journal;
    agent::link::ReportBuilder reports;
    NoHandler handler;
    agent::link::SyncLoop loop;
};

}  // namespace

class SettingsAdopterTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::string directory() const { return m_directory->path().toStdString(); }

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void settingsThatWorkAreTakenOver() {
        Line line(directory());
        line.answering = "new:2";
        line.adopter.offer(newSettings({"dead:1", "new:2"}));
        QCOMPARE(line.connection.address(), std::string("old:1"));
        line.adopter.step();
        QCOMPARE(line.connection.address(), std::string("dead:1"));
        QCOMPARE(line.connection.endpoint().serverName, std::string("name"));
        QVERIFY(*line.store.load() == newSettings({"dead:1", "new:2"}));
        QCOMPARE(line.refusal(), std::string());
    }

    void settingsThatDoNotWorkChangeNothingAndAreTriedAgain() {
        Line line(directory());
        line.adopter.offer(newSettings({"new:2"}));
        line.adopter.step();
        QCOMPARE(line.connection.address(), std::string("old:1"));
        QVERIFY(line.refusal().find("new:2") != std::string::npos);
        QVERIFY(!line.store.load());
        line.answering = "new:2";
        line.adopter.step();
        QVERIFY2(line.connection.address() == "old:1", "it backs off");
        line.clock.advance(std::chrono::minutes(6));
        line.adopter.step();
        QCOMPARE(line.connection.address(), std::string("new:2"));
        QCOMPARE(line.refusal(), std::string());
    }

    void settingsThatAreTakenBackAreForgotten() {
        Line line(directory());
        line.adopter.offer(newSettings({"new:2"}));
        line.adopter.step();
        line.adopter.offer(kOld);
        QCOMPARE(line.refusal(), std::string());
        line.answering = "new:2";
        line.clock.advance(std::chrono::hours(1));
        line.adopter.step();
        QCOMPARE(line.connection.address(), std::string("old:1"));
    }

    void whatIsOfferedAnewIsTriedAtOnce() {
        Line line(directory());
        line.adopter.offer(newSettings({"new:2"}));
        line.adopter.step();
        line.answering = "new:3";
        line.adopter.offer(newSettings({"new:3"}));
        line.adopter.step();
        QCOMPARE(line.connection.address(), std::string("new:3"));
    }

    void anotherCaIsBelievedAfterACall() {
        Line line(directory());
        const std::string both = line.ca.certificatePem + line.ca.certificatePem;
        line.adopter.offer(newSettings({"new:2"}, both));
        line.adopter.step();
        QCOMPARE(line.last.caPem, both);
        QCOMPARE(line.connection.identity()->caPem, line.identity.caPem);
        line.answering = "new:2";
        line.clock.advance(std::chrono::minutes(6));
        line.adopter.step();
        QCOMPARE(line.connection.identity()->caPem, both);
        QCOMPARE((*line.identities.load())->identity.caPem, both);
    }

    void aCaThatOurCertificateIsNotOfIsRefused() {
        Line line(directory());
        const auto other = crypto::createCa("demo", line.clock.now(), std::chrono::hours(1000));
        line.answering = "new:2";
        line.adopter.offer(newSettings({"new:2"}, other->certificatePem));
        line.adopter.step();
        QCOMPARE(line.connection.address(), std::string("old:1"));
        QCOMPARE((*line.identities.load())->identity.caPem, line.identity.caPem);
        QVERIFY(!line.refusal().empty());
    }

    void whatAPollProvedIsWrittenDownOnce() {
        Line line(directory());
        line.adopter.proven();
        QVERIFY(*line.store.load() == kOld);
    }

    void aWrongFileDoesNotTakeAwayWhatWasProven() {
        const LinkSettings fresh = newSettings({"new:2"});
        const auto first = agent::link::chooseSettings(fresh, {}, true);
        QVERIFY(first.used == fresh && !first.candidate);
        const auto same = agent::link::chooseSettings(fresh, fresh, true);
        QVERIFY(same.used == fresh && !same.candidate);
        const auto changed = agent::link::chooseSettings(fresh, kOld, true);
        QVERIFY(changed.used == kOld && changed.candidate == fresh);
        const auto anew = agent::link::chooseSettings(fresh, kOld, false);
        QVERIFY(anew.used == fresh && !anew.candidate);
        Line line(directory(), changed);
        line.answering = "new:2";
        line.adopter.step();
        QCOMPARE(line.connection.address(), std::string("new:2"));
    }

    /// Off for longer than its certificate lasts, while the masters moved.
    void aMachineWhoseCertificateEndedEnrolsWithTheMastersThatMoved() {
        const LinkSettings moved = newSettings({"dead:1", "new:2"});
        Line line(directory(), {kOld, moved});
        LineLoop machine(directory(), line);
        line.answering = "new:2";
        std::vector<std::string> asked;
        line.connector.onEnrol =
            [&](const std::string& address,
                const auto& request) -> absl::StatusOr<agent::link::IssuedCertificate> {
            asked.push_back(address);
            if (address != line.answering) return absl::UnavailableError("nobody is there");
            return line.issueFor(request.csrPem);
        };
        line.clock.advance(std::chrono::hours(25));
        line.answering = "";
        QVERIFY2(!machine.loop.step().reached, "nobody issues one");
        QVERIFY(!line.refusal().empty());
        line.answering = "new:2";
        line.clock.advance(std::chrono::minutes(6));
        asked.clear();
        machine.loop.step();
        const std::vector<std::string> inTurn{"old:1", "dead:1", "new:2"};
        QCOMPARE(asked, inTurn);
        QCOMPARE(line.refusal(), std::string());
        QVERIFY(*line.store.load() == moved);
        machine.loop.step();
        QVERIFY(machine.loop.step().reached);
        QCOMPARE(line.connection.address(), std::string("new:2"));
    }

    /// Its agent.toml named the wrong masters, was put right, and read again.
    void aMachineThatNeverEnrolledDoesWithWhatIsOffered() {
        // A directory that is not there yet keeps no certificate.
        Line fresh(directory() + "/fresh", {kOld, {}});
        LineLoop machine(directory(), fresh);
        QVERIFY(!fresh.connection.identity().ok());
        fresh.answering = "new:2";
        fresh.connector.onEnrol =
            [&](const std::string& address,
                const auto& request) -> absl::StatusOr<agent::link::IssuedCertificate> {
            if (address != fresh.answering) return absl::UnavailableError("nobody is there");
            return fresh.issueFor(request.csrPem);
        };
        QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("fresh")));
        fresh.adopter.offer(newSettings({"new:2"}));
        QVERIFY(machine.loop.step().reached);
        QCOMPARE(fresh.connection.address(), std::string("new:2"));
    }

    /// Written by a version that was then put back: what is proven stays so for the one before.
    void aStoreOfALaterVersionIsReadAndItsKeysAreKept() {
        const std::string path = directory() + "/link.toml";
        QVERIFY(base::writeFileAtomically(path,
                                          "masters = [\"old:1\"]\nca_pem = \"old CA\"\n"
                                          "proxy = \"p:3128\"\n[later]\nformat = 2\n",
                                          0600)
                    .ok());
        const LinkSettingsStore store(path);
        QVERIFY(store.load() == kOld);
        QVERIFY(store.save(newSettings({"new:2"})).ok());
        QVERIFY(store.load() == newSettings({"new:2"}));
        const std::string kept = *base::readFile(path, 4096);
        QVERIFY(kept.find("proxy = 'p:3128'") != std::string::npos);
        QVERIFY(kept.find("format = 2") != std::string::npos);
        // A CA of many certificates is no reason to forget them all.
        LinkSettings many = kOld;
        many.caPem = std::string(200'000, 'c');
        QVERIFY(store.save(many).ok());
        QVERIFY(store.load() == many);
    }

    void aDamagedStoreIsNone() {
        const LinkSettingsStore store(directory() + "/link.toml");
        QVERIFY(!store.load());
        QVERIFY(base::writeFileAtomically(directory() + "/link.toml", "masters = 1", 0600).ok());
        QVERIFY(!store.load());
        const LinkSettings odd{{"[::1]:1", "b:2"}, "it's \"x\"", "-----BEGIN\nline\n"};
        QVERIFY(store.save(odd).ok());
        QVERIFY(*store.load() == odd);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SettingsAdopterTest;
QTEST_GUILESS_MAIN(SettingsAdopterTest)
#include "tst_settings_adopter.moc"
