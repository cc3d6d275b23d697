// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/exhaustion.h"
#include "shared/base/status.h"

using namespace ifrit;

class ExhaustionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isToldByTheSystemsError() {
        for (const int error : {EMFILE, ENFILE, ENOMEM, EAGAIN, ENOBUFS})
            QVERIFY(base::isExhaustion(base::errnoStatus(error, "pipe2")));
        for (const int error : {ENOENT, EACCES, ENOSPC, EIO, ECONNREFUSED})
            QVERIFY(!base::isExhaustion(base::errnoStatus(error, "open")));
        QVERIFY(!base::isExhaustion(absl::OkStatus()));
    }
    void annotateKeepsIt() {
        const absl::Status status =
            base::annotate(base::annotate(base::errnoStatus(EMFILE, "pipe2"), "a"), "b");
        QVERIFY(base::isExhaustion(status));
        QCOMPARE(base::messageOf(status), std::string("b: a: pipe2: Too many open files"));
        QCOMPARE(base::errorInfo(status).reason, std::string("SYSTEM"));
        QVERIFY(!base::isExhaustion(base::annotate(base::errnoStatus(EIO, "read"), "a")));
    }
};

QTEST_GUILESS_MAIN(ExhaustionTest)
#include "tst_exhaustion.moc"
