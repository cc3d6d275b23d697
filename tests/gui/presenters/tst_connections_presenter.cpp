// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "gui/presenters/connections_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::StatusKind;
using gui::presenters::ConnectionsPresenter;
using gui::presenters::ConnectionStore;

namespace {

constexpr char kSecret[] = "c2VjcmV0LWtleQ==";

}  // namespace

class TestConnectionsPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void importsAndRemembersWithoutSecrets();
    void aPassingMasterLeavesNothingBehind();
    void badBundleIsToldAndChangesNothing();
    void readOnlyReconnects();
    void whatIsForgottenComesBack();
    void aTokenIsKeptWithTheSecretsAlone();
    void aLateTokenOpensNothing();
    void aTestSpeaksAsWhoIsSignedIn();
    void whoForgetsAMasterForgetsItsLogin();
    void aLoginThatAnotherMasterUsesStays();
    void anUndoBringsNoOtherLoginBack();
    void aLoginThatIsNewerIsNotOverwritten();
    void signOutEndsTheLoginHereAndThere();
    void signOutHoldsHereWhereTheMasterIsAway();
    void groupsStandTogether();
    void whatCameByALinkIsKeptInAFile();

private:
    QString writeBundle(const char* name);
    /// Of a master that wants a password.
    static bundle::Bundle passwordBundle();
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<QSettings> m_settings;
};

void TestConnectionsPresenter::init() {
    m_settings.reset();
    m_directory = std::make_unique<QTemporaryDir>();
    m_settings = std::make_unique<QSettings>(m_directory->filePath(QStringLiteral("desktop.ini")),
                                             QSettings::IniFormat);
}

QString TestConnectionsPresenter::writeBundle(const char* name) {
    bundle::Bundle bundle;
    bundle.cluster = name;
    bundle.kind = "production";
    bundle.addresses = {"127.0.0.1:7443"};
    bundle.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    bundle.certificatePem = bundle.caPem;
    bundle.privateKeyPem =
        std::string("-----BEGIN PRIVATE KEY-----\n") + kSecret + "\n-----END PRIVATE KEY-----\n";
    const QString path = m_directory->filePath(QString::fromLatin1(name));
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QByteArray::fromStdString(bundle::formatBundle(bundle)));
    }
    return path;
}

bundle::Bundle TestConnectionsPresenter::passwordBundle() {
    bundle::Bundle bundle;
    bundle.cluster = "demo";
    bundle.kind = "test";
    bundle.addresses = {"127.0.0.1:7443"};
    bundle.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    return bundle;
}

void TestConnectionsPresenter::importsAndRemembersWithoutSecrets() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    const QString path = writeBundle("demo");
    {
        ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
        QCOMPARE(presenter.import(path), 0);
        QCOMPARE(presenter.import(path), 0);
        QCOMPARE(presenter.masters().size(), std::size_t{1});
        presenter.connectTo(0);
        QCOMPARE(presenter.current(), 0);
        QVERIFY(fixture.hub.isProduction());
    }
    QFile file(m_settings->fileName());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY2(!file.readAll().contains(kSecret), "no key in the settings");
    ConnectionsPresenter again({fixture.hub, store, fixture.factory, fixture.secrets});
    QCOMPARE(again.masters().size(), std::size_t{1});
    QCOMPARE(again.masters()[0].cluster, QStringLiteral("demo"));
    again.remove(0);
    QVERIFY(store.load().empty());
}

// A demo's cluster, and its bundle file with it, is gone when the program ends.
void TestConnectionsPresenter::aPassingMasterLeavesNothingBehind() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    QCOMPARE(presenter.import(writeBundle("stays")), 0);
    const int passing = presenter.importPassing(writeBundle("demo"));
    QCOMPARE(passing, 1);
    QCOMPARE(store.load().size(), std::size_t{1});
    presenter.connectTo(passing);
    // Nor may undo bring it back once it is over.
    presenter.remove(passing);
    presenter.undoRemove();
    QCOMPARE(store.load().size(), std::size_t{1});
    presenter.removePassing();
    QVERIFY(!fixture.hub.hasSession());
    QCOMPARE(presenter.masters().size(), std::size_t{1});
    QCOMPARE(presenter.masters()[0].cluster, QStringLiteral("stays"));
    QCOMPARE(presenter.importPassing(writeBundle("demo")), 1);
    presenter.remove(1);
    presenter.removePassing();
    QVERIFY(presenter.removedName().isEmpty());
    // Another's connection stands.
    presenter.connectTo(0);
    presenter.removePassing();
    QVERIFY(fixture.hub.hasSession());
    presenter.remove(0);
}

void TestConnectionsPresenter::badBundleIsToldAndChangesNothing() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    QCOMPARE(presenter.import(QStringLiteral("/does/not/exist")), -1);
    QVERIFY(presenter.error().contains(QStringLiteral("/does/not/exist")));
    QVERIFY(presenter.masters().empty());
    QCOMPARE(presenter.notice().state, gui::models::ViewState::Empty);
    QCOMPARE(fixture.master.sessions, 0);
}

void TestConnectionsPresenter::readOnlyReconnects() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    presenter.import(writeBundle("demo"));
    presenter.connectTo(0);
    QVERIFY(!fixture.master.profile.readOnly);
    presenter.setReadOnly(0, true);
    QVERIFY(fixture.master.profile.readOnly);
    QCOMPARE(fixture.master.sessions, 1);
    QVERIFY(store.load()[0].readOnly);
}

void TestConnectionsPresenter::whatIsForgottenComesBack() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    presenter.import(writeBundle("first"));
    presenter.import(writeBundle("second"));
    presenter.setReadOnly(0, true);
    presenter.connectTo(0);
    presenter.remove(0);
    QCOMPARE(presenter.removedName(), QStringLiteral("first"));
    QVERIFY(!fixture.hub.hasSession());
    QCOMPARE(store.load().size(), std::size_t{1});
    presenter.undoRemove();
    // In its place, as it was set, connected as it was, and remembered.
    QCOMPARE(presenter.masters().size(), std::size_t{2});
    QCOMPARE(presenter.masters()[0].cluster, QStringLiteral("first"));
    QVERIFY(presenter.masters()[0].readOnly);
    QCOMPARE(presenter.current(), 0);
    QCOMPARE(store.load().size(), std::size_t{2});
    QVERIFY(presenter.removedName().isEmpty());
    presenter.undoRemove();
    QCOMPARE(presenter.masters().size(), std::size_t{2});
    // Another is looked at by now: what comes back does not take its line.
    presenter.connectTo(0);
    presenter.remove(0);
    presenter.connectTo(0);
    presenter.undoRemove();
    QCOMPARE(presenter.masters()[0].cluster, QStringLiteral("first"));
    QCOMPARE(presenter.current(), 1);
}

void TestConnectionsPresenter::aTokenIsKeptWithTheSecretsAlone() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    const int index = presenter.add(passwordBundle());
    QVERIFY2(index >= 0, qPrintable(presenter.error()));
    // Without a certificate the keychain is asked first, and nobody is connected before it answers.
    presenter.connectTo(index);
    QVERIFY(!fixture.hub.hasSession());
    // It is the one that the window goes to all the same.
    QCOMPARE(presenter.current(), index);
    QCOMPARE(presenter.lookOf(index).kind, StatusKind::Run);
    fixture.secrets.readCalls.deliver(absl::NotFoundError("none"));
    QVERIFY(fixture.hub.hasSession());
    QCOMPARE(fixture.master.profile.bearerToken, std::string());
    presenter.signIn(QStringLiteral("anna"), QStringLiteral("pw"));
    fixture.master.connection.loginCalls.deliver(
        services::LoginSession{"very-secret-token", "anna", {}});
    QCOMPARE(fixture.secrets.secrets.size(), std::size_t{1});
    QCOMPARE(fixture.secrets.secrets.begin()->second, std::string("very-secret-token"));
    // The next time it speaks by itself.
    presenter.disconnect();
    presenter.connectTo(index);
    QCOMPARE(fixture.secrets.readCalls.last(), fixture.secrets.secrets.begin()->first);
    fixture.secrets.readCalls.deliver(std::string("very-secret-token"));
    QCOMPARE(fixture.master.profile.bearerToken, std::string("very-secret-token"));
    // And is nowhere on disk.
    m_settings->sync();
    QFile file(m_settings->fileName());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("very-secret-token"));
    // Who disconnects before the keychain answers stays disconnected.
    presenter.connectTo(index);
    presenter.disconnect();
    fixture.secrets.readCalls.deliver(std::string("very-secret-token"));
    QVERIFY(!fixture.hub.hasSession());
}

void TestConnectionsPresenter::aLateTokenOpensNothing() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    const int slow = presenter.add(passwordBundle());
    const int other = presenter.import(writeBundle("other"));
    presenter.connectTo(slow);
    presenter.connectTo(other);
    fixture.secrets.readCalls.deliver(std::string("late"));
    QCOMPARE(fixture.hub.profile().bundle.cluster, std::string("other"));
    QCOMPARE(presenter.current(), other);
    // Nor where it was forgotten meanwhile.
    presenter.connectTo(slow);
    presenter.remove(slow);
    fixture.secrets.readCalls.deliver(std::string("late"));
    QVERIFY(!fixture.hub.hasSession());
    QCOMPARE(presenter.current(), -1);
}

void TestConnectionsPresenter::aTestSpeaksAsWhoIsSignedIn() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    presenter.test(presenter.add(passwordBundle()));
    QCOMPARE(presenter.steps(0)[0].look.kind, StatusKind::Run);
    fixture.secrets.readCalls.deliver(std::string("a-token"));
    QCOMPARE(fixture.master.profile.bearerToken, std::string("a-token"));
    fixture.master.connection.testCalls.deliver(absl::OkStatus());
    QVERIFY(!presenter.testVerdict(0).isEmpty());
    QVERIFY(!fixture.hub.hasSession());
}

void TestConnectionsPresenter::whoForgetsAMasterForgetsItsLogin() {
    tests::HubFixture fixture;
    auto& secrets = fixture.secrets;
    {
        ConnectionStore store(*m_settings);
        ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, secrets});
        const int index = presenter.add(passwordBundle());
        presenter.connectTo(index);
        secrets.readCalls.deliver(absl::NotFoundError("none"));
        presenter.signIn(QStringLiteral("anna"), QStringLiteral("pw"));
        fixture.master.connection.loginCalls.deliver(services::LoginSession{"a-token", "anna", {}});
        QCOMPARE(secrets.secrets.size(), std::size_t{1});
        // Undone, it is there as before.
        presenter.remove(index);
        secrets.readCalls.deliver(std::string("a-token"));
        QVERIFY(secrets.secrets.empty());
        presenter.undoRemove();
        QCOMPARE(secrets.secrets.begin()->second, std::string("a-token"));
        // Undone before the keychain has answered, too.
        presenter.remove(0);
        presenter.undoRemove();
        QCOMPARE(secrets.secrets.size(), std::size_t{1});
        presenter.remove(0);
    }
    // And gone at the latest with the program, though the keychain never answered.
    QVERIFY(secrets.secrets.empty());
}

void TestConnectionsPresenter::aLoginThatAnotherMasterUsesStays() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    const int first = presenter.import(writeBundle("demo"));
    const int second = presenter.add(passwordBundle());
    QVERIFY(first == 0 && second == 1);
    presenter.remove(first);
    QCOMPARE(fixture.secrets.readCalls.made(), std::size_t{0});
    presenter.remove(0);
    QCOMPARE(fixture.secrets.readCalls.made(), std::size_t{1});
}

// The master that was forgotten before stays without its login, whatever becomes of the next.
void TestConnectionsPresenter::anUndoBringsNoOtherLoginBack() {
    tests::HubFixture fixture;
    auto& secrets = fixture.secrets;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, secrets});
    const auto forgetTheFirst = [&] {
        secrets.secrets["of the first"] = "a-token";
        presenter.remove(presenter.add(passwordBundle()));
        secrets.readCalls.deliver(std::string("a-token"));
        secrets.secrets.clear();
    };
    // The next one's login is another's too.
    bundle::Bundle shared = passwordBundle();
    shared.cluster = "shared";
    presenter.add(shared);
    const int second = presenter.import(writeBundle("shared"));
    forgetTheFirst();
    presenter.remove(second);
    presenter.undoRemove();
    QVERIFY(secrets.secrets.empty());
    // Its bundle cannot be read any more.
    forgetTheFirst();
    QVERIFY(QFile::remove(presenter.masters()[1].bundlePath));
    presenter.remove(1);
    presenter.undoRemove();
    QVERIFY(secrets.secrets.empty());
    // It was one that passes, and has passed.
    const int passing = presenter.importPassing(writeBundle("passing"));
    presenter.remove(passing);
    secrets.readCalls.deliver(std::string("of-a-demo"));
    presenter.removePassing();
    presenter.undoRemove();
    QVERIFY(secrets.secrets.empty());
}

void TestConnectionsPresenter::aLoginThatIsNewerIsNotOverwritten() {
    tests::HubFixture fixture;
    auto& secrets = fixture.secrets;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, secrets});
    const int shared = presenter.import(writeBundle("shared"));
    QFile::copy(presenter.masters()[0].bundlePath, m_directory->filePath(QStringLiteral("copy")));
    presenter.import(m_directory->filePath(QStringLiteral("copy")));
    presenter.remove(presenter.add(passwordBundle()));
    secrets.readCalls.deliver(std::string("old"));
    const int again = presenter.add(passwordBundle());
    presenter.connectTo(again);
    secrets.readCalls.deliver(absl::NotFoundError("none"));
    presenter.signIn(QStringLiteral("anna"), QStringLiteral("pw"));
    fixture.master.connection.loginCalls.deliver(services::LoginSession{"new", "anna", {}});
    presenter.remove(shared);
    presenter.undoRemove();
    QCOMPARE(secrets.secrets.begin()->second, std::string("new"));
}

void TestConnectionsPresenter::signOutEndsTheLoginHereAndThere() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    presenter.connectTo(presenter.add(passwordBundle()));
    fixture.secrets.readCalls.deliver(absl::NotFoundError("none"));
    QVERIFY(!presenter.signOutAction().enabled());
    presenter.signIn(QStringLiteral("anna"), QStringLiteral("pw"));
    auto& line = fixture.master.connection;
    line.loginCalls.deliver(services::LoginSession{"a-token", "anna", {}});
    services::Identity who;
    who.user = "anna";
    who.method = "token";
    line.whoAmICalls.deliver(who);
    QVERIFY(presenter.signOutAction().enabled());
    presenter.signOut();
    line.logoutCalls.deliver(absl::OkStatus());
    QCOMPARE(presenter.signInResult(), QStringLiteral("Signed out."));
    QVERIFY(fixture.secrets.secrets.empty());
    QVERIFY(!fixture.hub.identity());
    QVERIFY(!presenter.signOutAction().enabled());
    // A certificate cannot be signed out.
    who.method = "certificate";
    line.whoAmICalls.deliver(who);
    QVERIFY(!presenter.signOutAction().enabled());
}

void TestConnectionsPresenter::signOutHoldsHereWhereTheMasterIsAway() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    presenter.connectTo(presenter.add(passwordBundle()));
    fixture.secrets.readCalls.deliver(std::string("a-token"));
    auto& line = fixture.master.connection;
    line.tell(services::LinkState::Connected);
    services::Identity who;
    who.method = "token";
    line.whoAmICalls.deliver(who);
    fixture.secrets.secrets["left"] = "x";
    presenter.signOut();
    line.logoutCalls.deliver(absl::UnavailableError("no route to host"));
    QVERIFY2(presenter.signInResult().contains(QStringLiteral("No route to host")) &&
                 presenter.signInResult().startsWith(QStringLiteral("Signed out on this computer")),
             qPrintable(presenter.signInResult()));
    QCOMPARE(fixture.secrets.secrets.size(), std::size_t{1});
}

void TestConnectionsPresenter::groupsStandTogether() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    for (const char* name : {"a1", "b1", "c1", "a2"})
        QVERIFY(presenter.import(writeBundle(name)) >= 0);
    presenter.connectTo(3);
    presenter.setGroup(3, QStringLiteral("  Asia "));
    QCOMPARE(presenter.masters().front().cluster, QStringLiteral("a2"));
    // The one that is connected is still the one that is connected.
    QCOMPARE(presenter.current(), 0);
    presenter.setGroup(1, QStringLiteral("Asia"));
    QStringList names;
    for (const auto& master : presenter.masters())
        names << master.cluster;
    QCOMPARE(names, (QStringList{QStringLiteral("a2"), QStringLiteral("a1"), QStringLiteral("b1"),
                                 QStringLiteral("c1")}));
    QCOMPARE(store.load().front().group, QStringLiteral("Asia"));
    // Imported again, as after a renewal, it keeps what the operator has said of it.
    presenter.setWatched(0, false);
    presenter.import(writeBundle("a2"));
    QCOMPARE(presenter.masters().front().group, QStringLiteral("Asia"));
    QVERIFY(!presenter.masters().front().watched);
}

void TestConnectionsPresenter::whatCameByALinkIsKeptInAFile() {
    tests::HubFixture fixture;
    ConnectionStore store(*m_settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, fixture.secrets});
    bundle::Bundle bundle;
    bundle.cluster = "../evil";
    bundle.kind = "test";
    bundle.addresses = {"127.0.0.1:7443"};
    bundle.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    QCOMPARE(presenter.add(bundle), -1);
    QVERIFY(!presenter.error().isEmpty());
    bundle.cluster = "good";
    bundle.addresses = {"no port"};
    QCOMPARE(presenter.add(bundle), -1);
    bundle.addresses = {"10.0.0.1:7443"};
    presenter.setReadOnlyFirst(true);
    QCOMPARE(presenter.add(bundle), 0);
    QVERIFY(presenter.masters()[0].readOnly);
    QVERIFY(presenter.masters()[0].bundlePath.startsWith(m_directory->path()));
}

QTEST_GUILESS_MAIN(TestConnectionsPresenter)
#include "tst_connections_presenter.moc"
