// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "gui/presenters/connections_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::ConnectionsPresenter;
using gui::presenters::ConnectionStore;

namespace {

/// Of a master that wants a password.
bundle::Bundle passwordBundle() {
    bundle::Bundle bundle;
    bundle.cluster = "demo";
    bundle.kind = "test";
    bundle.addresses = {"127.0.0.1:7443"};
    bundle.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    return bundle;
}

}  // namespace

class TestForgottenLogin : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anUndoDoesNotWriteOverALoginThatIsNewer_data();
    void anUndoDoesNotWriteOverALoginThatIsNewer();
};

void TestForgottenLogin::anUndoDoesNotWriteOverALoginThatIsNewer_data() {
    QTest::addColumn<bool>("answered");
    QTest::newRow("the keychain has answered") << true;
    QTest::newRow("the keychain is slow") << false;
}

// Another file names the same masters, and somebody signs in to those before the undo.
void TestForgottenLogin::anUndoDoesNotWriteOverALoginThatIsNewer() {
    QFETCH(bool, answered);
    const QTemporaryDir directory;
    QSettings settings(directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat);
    tests::HubFixture fixture;
    auto& secrets = fixture.secrets;
    ConnectionStore store(settings);
    ConnectionsPresenter presenter({fixture.hub, store, fixture.factory, secrets});
    const int first = presenter.add(passwordBundle());
    const QString copy = directory.filePath(QStringLiteral("copy"));
    QVERIFY(QFile::copy(presenter.masters()[0].bundlePath, copy));
    presenter.remove(first);
    if (answered) secrets.readCalls.deliver(std::string("old"));
    presenter.connectTo(presenter.import(copy));
    secrets.readCalls.deliver(absl::NotFoundError("none"));
    presenter.signIn(QStringLiteral("anna"), QStringLiteral("pw"));
    fixture.master.connection.loginCalls.deliver(services::LoginSession{"new", "anna", {}});
    // What the store says late is of the login that was there before.
    if (!answered) secrets.readCalls.deliver(std::string("old"));
    QCOMPARE(secrets.secrets.size(), std::size_t{1});
    presenter.undoRemove();
    QCOMPARE(presenter.masters().size(), std::size_t{2});
    QCOMPARE(secrets.secrets.size(), std::size_t{1});
    QCOMPARE(secrets.secrets.begin()->second, std::string("new"));
}

QTEST_GUILESS_MAIN(TestForgottenLogin)
#include "tst_forgotten_login.moc"
