// SPDX-License-Identifier: Apache-2.0
#include "shared/base/accept_pause.h"

#include <QTest>

namespace ifrit::base {

class TestAcceptPause : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyWhereTheCallerStaysIsWaited_data() {
        QTest::addColumn<int>("error");
        QTest::addColumn<bool>("isAtOnce");
        QTest::newRow("a signal") << EINTR << true;
        QTest::newRow("nobody") << EAGAIN << true;
        QTest::newRow("gone") << ECONNABORTED << true;
        QTest::newRow("broke the protocol") << EPROTO << true;
        QTest::newRow("no such option") << ENOPROTOOPT << true;
        QTest::newRow("not supported") << EOPNOTSUPP << true;
        QTest::newRow("network down") << ENETDOWN << true;
        QTest::newRow("network out of reach") << ENETUNREACH << true;
        QTest::newRow("host down") << EHOSTDOWN << true;
        QTest::newRow("host out of reach") << EHOSTUNREACH << true;
        QTest::newRow("no network") << ENONET << true;
        QTest::newRow("no memory") << ENOMEM << false;
        QTest::newRow("no buffers") << ENOBUFS << false;
        QTest::newRow("no descriptors") << EMFILE << false;
        QTest::newRow("none in the system") << ENFILE << false;
        QTest::newRow("a rule of the system") << EPERM << false;
        QTest::newRow("another rule") << EACCES << false;
    }
    void onlyWhereTheCallerStaysIsWaited() {
        QFETCH(int, error);
        QFETCH(bool, isAtOnce);
        QCOMPARE(acceptsAtOnce(error), isAtOnce);
    }
};

}  // namespace ifrit::base

QTEST_GUILESS_MAIN(ifrit::base::TestAcceptPause)
#include "tst_accept_pause.moc"
